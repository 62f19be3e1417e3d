"""No token stands in a line of a log: tried for every URL that holds one, and for every logger."""

import io
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core import signing
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from gunicorn import glogging
from gunicorn.config import Config

from comments.accounts import api_keys
from comments.models import Site
from comments.privacy import email_addresses, form_tokens, signed_links, tokens
from comments.privacy.form_tokens import Visitor
from config.log_redaction import REDACTED, RedactedRecord, RedactingFormatter, redact
from tests.factories import CommentFactory, ThreadFactory

SECRET = re.compile(r"token|secret|signature|nonce|password|^key$|uidb36|^code$", re.IGNORECASE)
VALUE = "c2VjcmV0dmFsdWU"


def routes(patterns=None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, before + str(entry.pattern))
        else:
            yield before + str(entry.pattern), entry


def with_secrets() -> list[str]:
    """Return an address for each URL pattern with a parameter that sounds like a credential."""
    found = []
    for route, entry in routes():
        names = list(entry.pattern.converters or entry.pattern.regex.groupindex)
        if any(SECRET.search(name) for name in names):
            path = re.sub(
                r"\(\?P<\w+>[^)]*\)|<[^>]+>", VALUE, route.replace("^", "").replace("$", "")
            )
            found.append("/" + path)
    return sorted(found)


def test_the_urls_that_are_tried_are_found() -> None:
    beginnings = {path.partition(VALUE)[0] for path in with_secrets()}
    expected = {"/status/", "/desk/", "/email/confirm/", "/email/person/", "/email/unsubscribe/"}
    assert expected | {"/sign-in/forgotten/"} <= beginnings


@pytest.mark.parametrize("path", with_secrets())
@pytest.mark.parametrize(
    "line",
    [
        "Bad Request: {}",
        "GET https://comments.example{} HTTP/1.1",
        '127.0.0.1 - - [date] "POST {}?done=edit HTTP/1.1" 409 12 "https://c.example{}" "Mozilla"',
        "<WSGIRequest: GET '{}'>",
        '{{"url": "{}"}}',
    ],
)
def test_a_line_with_such_a_url_is_redacted(path: str, line: str) -> None:
    logged = redact(line.format(path, path))
    assert VALUE not in logged
    assert REDACTED in logged


@pytest.mark.django_db
@pytest.mark.parametrize("around", ["{}", "x={}&y=1", "'{}'", "failed for {}: why", "{}\n"])
def test_whatever_we_sign_or_encrypt_is_redacted_wherever_it_stands(
    site: Site, around: str
) -> None:
    comment = CommentFactory(thread=ThreadFactory(site=site))
    now = timezone.now()
    secrets = [
        tokens.issue_edit_token(comment),
        tokens.issue_view_token(comment.pk),
        form_tokens.issue_form_token(site, visitor=Visitor("192.0.2.1", ""), now=now)[0],
        signed_links.status_url(comment).rpartition("/")[2],
        signing.dumps({"a": 1}).replace(":", "%3A"),
        email_addresses.encrypt("a reader token"),
        api_keys.issue(site, scopes=["comments"], name="x", now=now).secret,
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    ]
    for secret in secrets:
        assert secret not in redact(around.format(secret))


@pytest.mark.parametrize(
    "line",
    [
        "/sites/gazette/thread?key=an-article&own=abc:1a:sig",
        "/api/v1/sites/g/comments?thread=x&edit_token=abc123",
        "/1.1/get-stats?api_key=abcdef123456",
        "/1.1/key-sites?month=2026-01&key=abcdef123456",
        "/v1alpha1/comments:analyze?key=abcdef123456",
        "/sign-in/with/company/login/callback/?code=abc123&state=x",
        "Authorization: Token 1f6e5d4c3b2a19080706",
        "Authorization: Basic dXNlcjpzZWNyZXQxMjM=",
        "redis://:abc123@10.0.0.1:6379/0",
        "redis+sentinel://a,b/name?sentinel_password=abc123",
    ],
)
def test_parameters_and_headers_are_redacted(line: str) -> None:
    logged = redact(line)
    assert REDACTED in logged
    assert not re.search(r"abc123|abcdef123456|1f6e5d|dXNlcj|abc:1a", logged)


@pytest.mark.parametrize(
    "query",
    [
        "email=ann@mail.example",
        "email=ann%40mail.example&site=gazette",
        "site=gazette&email='ann,ann'@mail.example",
        "q=ann@mail.example",
        "site=gazette&Q=(ann);ann,ann",
    ],
)
def test_what_is_searched_for_is_redacted(query: str) -> None:
    for line in ("GET /admin/x/?{} HTTP/1.1", '"https://c.example/api/v1/review/authors?{}"'):
        logged = redact(line.format(query))
        assert REDACTED in logged
        assert "ann" not in logged
        assert logged.endswith((" HTTP/1.1", '"', "site=gazette"))


def test_the_access_log_of_gunicorn_has_no_token_and_no_search(tmp_path: Path) -> None:
    settings = Config()
    settings.set("accesslog", str(tmp_path / "access.log"))
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": f"/api/v1/review/authors?email=ann%40mail.example&token={VALUE}",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"https://c.example/admin/comments/author/?q=ann&own={VALUE}",
    }
    response = SimpleNamespace(status="200 OK", sent=12, headers=[])
    log = glogging.Logger(settings)
    log.access(response, SimpleNamespace(headers=[]), environ, timedelta(seconds=1))
    # The logger is one for the process.
    log.access_log.handlers.clear()
    written = (tmp_path / "access.log").read_text()
    assert written.count(REDACTED) == 4
    assert '"GET /api/v1/review/authors?email=' in written
    assert "ann" not in written
    assert VALUE not in written


@pytest.mark.parametrize(
    "line",
    [
        "GET /sites/gazette/thread?key=an-article&sort=best HTTP/1.1",
        "GET /sign-in/forgotten/sent/ HTTP/1.1",
        "GET /sign-in/forgotten/done/?x HTTP/1.1",
        "GET /api/v1/sites/gazette/comments/01a22387-f869-7287-b9d0-cf4175c86ef8 HTTP/1.1",
        "Token authentication failed at 10:20:30",
        "Task moderation.tasks.screen[01a22387-f869-7287-b9d0-cf4175c86ef8] succeeded in 0.1s",
        "http://127.0.0.1:8000/status page",
        "GET /api/v1/sites/gazette/comments?sort=q&faq=email HTTP/1.1",
    ],
)
def test_what_an_operator_needs_is_left(line: str) -> None:
    assert redact(line) == line


def logged(write, *, name: str) -> str:
    """Return what a handler that knows nothing of us writes for a logger."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(RedactingFormatter("%(message)s"))
    log = logging.getLogger(name)
    log.addHandler(handler)
    try:
        write(log)
    finally:
        log.removeHandler(handler)
    return out.getvalue()


@pytest.mark.parametrize(
    "name", ["django.request", "gunicorn.access", "uvicorn.access", "celery.app.trace", "x"]
)
def test_every_logger_of_the_process_is_covered(name: str) -> None:
    assert logging.getLogRecordFactory() is RedactedRecord
    path = f"/status/{VALUE}"

    def write(log: logging.Logger) -> None:
        log.error(path)
        log.error("%s failed", path)
        log.error("%(r)s %(s)d", {"r": f"GET {path}", "s": 200})
        log.error("/status/%s and %d", VALUE, 1)
        log.error("%s", ValueError(path))
        try:
            raise ValueError(path)
        except ValueError:
            log.exception("it failed")

    text = logged(write, name=name)
    assert VALUE not in text
    assert text.count(REDACTED) == 6


def test_arguments_keep_their_number_for_handlers_that_read_them() -> None:
    args = ("192.0.2.1:1", "GET", f"/status/{VALUE}", "1.1", 200)
    record = logging.getLogRecordFactory()(
        "uvicorn.access", 20, "", 1, "%s %s %s %s %d", args, None
    )
    assert record.args == ("192.0.2.1:1", "GET", f"/status/{REDACTED}", "1.1", 200)


@pytest.mark.django_db
@pytest.mark.parametrize("status", [400, 404])
def test_django_logs_no_token_of_a_refused_request(site: Site, status: int) -> None:
    path = signed_links.status_url(CommentFactory(thread=ThreadFactory(site=site)))
    path = path.removeprefix("http://testserver") + ("" if status == 400 else "x")
    token = path.rpartition("/")[2]
    text = logged(lambda _: Client().post(path, {"act": "?"}), name="django.request")
    assert REDACTED in text
    assert token not in text
