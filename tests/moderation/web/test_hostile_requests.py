"""Every entry point asks for the key before it reads, and answers whatever it reads."""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from comments.accounts import api_keys
from comments.http import guesses, json_reader
from comments.models import Role, Scope, Site
from config import wsgi
from tests.conftest import Api, server, signed_in
from tests.factories import MembershipFactory
from tests.moderation.web.dialects.akismet.plugin import BLOG, call, comment, told

pytestmark = pytest.mark.django_db

VALUES = {"uuid": str(UUID(int=7)), "slug": "gazette", "int": "1", "str": "x", "path": "x"}
METHODS = ("post", "put", "patch", "delete")
SURROGATE = "\\ud800"
BODIES = (
    *("", "[]", "null", "3", '"text"', "{", '{"a": NaN}', '{"a": 1e999}', '{"a": -Infinity}'),
    *("[" * 100_000, '{"a":' * 50_000, "1" * 100_000, '{"a": 1%s}' % ("0" * 30), "\xff", "{}"),
    *(f'"{SURROGATE}"', f'{{"sign_on": "{SURROGATE}"}}', f'{{"{SURROGATE}": 1}}'),
    *(f'{{"thread": {{"key": "{SURROGATE}"}}}}', "[%s1]" % ("1," * 60_000), '{"items": [{}]}'),
    *('{"items": [%s{}]}' % ("{}," * 2000), '{"body": {"a": []}, "revision": 9e99}'),
)


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """Yield an address of each URL pattern, with a value in place of each parameter."""
    for entry in resolver.url_patterns:
        route = prefix + re.sub(
            r"<(?:(\w+):)?\w+>", lambda part: VALUES[part[1] or "str"], str(entry.pattern)
        )
        if isinstance(entry, URLPattern):
            yield "/" + route.removeprefix("/")
        else:
            yield from addresses(entry, route)


def api(audience: str) -> list[str]:
    """Return the addresses of an audience's API: "sites/", "review/", or "" for the plugin API."""
    every = [a for a in addresses(get_resolver()) if a.startswith("/api/v1/")]
    others = ("/api/v1/sites/", "/api/v1/review/")
    if audience:
        return [address for address in every if address.startswith(f"/api/v1/{audience}")]
    return [address for address in every if not address.startswith(others)]


WITH_KEY_ELSEWHERE = [
    *("/v1alpha1/comments:analyze", "/v1alpha1/comments:suggestscore", "/v1/moderations"),
    *("/coral/gazette", "/email/bounces", "/email/bounces/postmark"),
]


class Untouched:
    """A body that nobody may read."""

    def read(self, *_: Any) -> bytes:
        raise AssertionError("the body was read before the caller was known")

    readline = __iter__ = read


@pytest.mark.parametrize("address", [*api(""), *api("review/"), *WITH_KEY_ELSEWHERE])
def test_a_body_is_not_read_before_the_caller_is_known(site: Site, address: str) -> None:
    client = Client(raise_request_exception=False)
    for method in METHODS:
        unread: Any = {"wsgi.input": Untouched(), "CONTENT_LENGTH": "1000"}
        answer = client.generic(
            method.upper(), address, b"x", content_type="application/json", **unread
        )
        assert answer.status_code in (400, 401, 403, 405), (method, answer.status_code)


def assert_answered(door: Api, address: str) -> None:
    door.base, door.client.raise_request_exception = "", False
    for method in METHODS:
        for body in BODIES:
            answer = getattr(door, method)(address, body)
            assert answer.status_code < 500, (method, body[:40])
            if answer.status_code == 405:
                break


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("address", api("sites/"))
def test_no_body_of_a_reader_is_a_fault(address: str) -> None:
    assert_answered(Api(""), address)


@pytest.mark.parametrize("address", api(""))
def test_no_body_of_a_server_is_a_fault(site: Site, address: str) -> None:
    assert_answered(server(site, *set(Scope.values) - {Scope.AKISMET}), address)


@pytest.mark.parametrize("address", api("review/"))
def test_no_body_of_a_moderator_is_a_fault(site: Site, address: str) -> None:
    door = signed_in(MembershipFactory(site=site, role=Role.OWNER).user)
    if not address.endswith("session"):
        assert_answered(door, address)


@pytest.mark.parametrize("address", WITH_KEY_ELSEWHERE)
def test_no_body_of_another_client_is_a_fault(site: Site, settings: Any, address: str) -> None:
    settings.MAIL_EVENTS_KEY = "k" * 40
    scopes = ["checks", "feedback"]
    key = api_keys.issue(site, scopes=scopes, name="x", now=timezone.now()).secret
    secret = settings.MAIL_EVENTS_KEY if "/email/" in address else key
    assert_answered(Api("", Authorization=f"Bearer {secret}"), address)


@pytest.mark.parametrize("charset", ["unicode_escape", "zip", "utf-7", "utf-16", "punycode", "x"])
@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=b"])
def test_no_charset_makes_half_a_character(kind: str, charset: str) -> None:
    factory = RequestFactory()
    part = '--b\r\nContent-Disposition: form-data; name="body"\r\n\r\n\\ud800\r\n--b--\r\n'
    environ = factory._base_environ(
        REQUEST_METHOD="POST",
        QUERY_STRING="thread=%5Cud800",
        CONTENT_TYPE=f"{kind}; charset={charset}",
        CONTENT_LENGTH=str(len(part)),
        **{"wsgi.input": BytesIO(part.encode())},
    )
    request = wsgi.application.request_class(environ)
    assert request.GET["thread"] == "\\ud800"
    assert request.POST.get("body", "\\ud800") == "\\ud800"


# Akismet's clients put the key into the body.


def test_of_an_akismet_call_without_a_key_nothing_but_the_key_is_decoded(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from moderation.web.dialects.akismet import forms

    asked: list[str] = []
    get = forms.Form.__getitem__
    monkeypatch.setattr(
        forms.Form, "__getitem__", lambda self, name: asked.append(name) or get(self, name)
    )
    assert told(call("comment-check", comment("abcabcabcabc"))) == "invalid"
    assert set(asked) <= {"api_key", "key"}


def test_fields_beyond_the_limit_are_left_out_and_nobody_is_refused(akismet_key: str) -> None:
    extra = "&".join(f"POST_{n}=x" for n in range(100_000))
    body = f"api_key={akismet_key}&blog={BLOG}&{extra}"
    assert told(call("verify-key", body)) == "valid"


@pytest.fixture
def akismet_key(site: Site) -> str:
    return api_keys.issue(site, scopes=["akismet"], name="WordPress", now=timezone.now()).secret


@pytest.mark.usefixtures("still_clock")
def test_calls_without_a_valid_key_are_counted_by_network(
    akismet_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guesses, "PER_MINUTE", 2)
    for _ in range(2):
        assert told(call("verify-key", {"api_key": "nonsense", "blog": BLOG})) == "invalid"
    assert call("verify-key", {"api_key": "nonsense", "blog": BLOG}).status_code == 429
    # Those with a key go on.
    assert told(call("verify-key", {"api_key": akismet_key, "blog": BLOG})) == "valid"


@pytest.mark.usefixtures("still_clock", "site")
@pytest.mark.parametrize(
    "path", ["/v1/moderations", "/v1alpha1/comments:analyze", "/1.1/verify-key"]
)
def test_calls_of_a_dialect_without_any_key_are_counted_as_those_with_a_wrong_one(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guesses, "PER_MINUTE", 2)
    statuses = [Client().post(path).status_code for _ in range(3)]
    assert 429 not in statuses[:2]
    assert statuses[-1] == 429


# What one request may ask for.


def test_a_body_of_many_faults_is_answered_with_the_first_of_them(site: Site) -> None:
    items = [{} for _ in range(1000)]
    answer = server(site, "checks").post("checks", json.dumps({"items": items}))
    assert answer.status_code == 400
    assert len(answer.json()["errors"]) == 100


def test_a_list_that_is_too_long_is_counted_before_it_is_looked_at(site: Site) -> None:
    items = [{} for _ in range(2000)]
    (error,) = server(site, "checks").post("checks", {"items": items}).json()["errors"]
    assert error["code"] == "max_length"


def test_a_body_of_too_many_values_is_too_large(reader: Api) -> None:
    answer = reader.post("comments", [0] * (json_reader.MAX_VALUES + 1))
    assert answer.status_code == 413
    assert answer.json()["type"].endswith(":too-large")
    assert str(json_reader.MAX_VALUES) in answer.json()["detail"]


def test_one_request_has_half_a_million_characters_screened_at_most(site: Site) -> None:
    items = [{"text": "a" * 50_000} for _ in range(11)]
    answer = server(site, "checks").post("checks", {"items": items})
    assert answer.status_code == 400
    assert "in several requests" in answer.json()["errors"][0]["detail"]
