"""Whatever is sent to a parser: a value, or a refusal that is documented; never a fault."""

import email
import json
from email import policy
from typing import Any

import jwt
import pytest
from django.conf import LazySettings
from django.test import Client, RequestFactory
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comments.accounts import api_keys, single_sign_on
from comments.http import languages
from comments.models import Comment, Scope, Site
from comments.privacy import form_tokens, signed_links, tokens
from comments.threads import cursors
from moderation.notifications.mail import action_links, bounces
from moderation.web.pages import provider_webhooks
from tests.factories import NOW

bounded = settings(max_examples=40)
# Surrogates, NUL and the separators that tokens are made of are the likely ones.
TEXTS = st.text(st.characters() | st.sampled_from("\ud800\x00:.,;=<>@-_ \r\n"), max_size=60)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def bodies(*names: str) -> st.SearchStrategy[Any]:
    """Return JSON of any shape, or an object in which these names have any values."""
    return JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(names, JSON))


@given(token=TEXTS)
@bounded
def test_cursors(token: str) -> None:
    try:
        cursors.decode(token)
    except cursors.InvalidCursor:
        return


@given(token=TEXTS)
@bounded
def test_tokens_and_links_that_we_did_not_sign(token: str) -> None:
    site = Site(slug="gazette", form_hours=1)
    nobody = form_tokens.Visitor("", "")
    form = form_tokens.read_form_token(token, site, visitor=nobody, now=NOW)
    assert form.state in ("missing", "forged")
    assert tokens.read_edit_token(token, now=NOW) is None
    assert tokens.read_view_token(token) is None
    assert action_links.read(token) is None
    for purpose in signed_links.Purpose:
        assert signed_links.read_token(purpose, token) == []


@given(header=TEXTS)
@bounded
@example("de-" + "a" * 1000)
@example("*;q=nan, de;q=1e999")
def test_accept_language(header: str) -> None:
    request = RequestFactory().get("/", HTTP_ACCEPT_LANGUAGE=header)
    assert languages.preferred(request)


@pytest.mark.django_db
@given(
    claims=st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("sub", "name", "email", "iat", "exp", "jti", "nbf"), JSON)
    ),
    right=st.booleans(),
)
@bounded
def test_claims_that_a_site_signed(site: Site, claims: dict[str, Any], right: bool) -> None:
    secret = single_sign_on.generate_secret(site)
    when = {"iat": NOW.timestamp(), "exp": NOW.timestamp() + 60} if right else {}
    person = {"sub": "1", "name": "Ann", "email": "ann@mail.example", "jti": "1"} if right else {}
    try:
        token = jwt.encode({**person, **claims, **when, "aud": site.slug}, secret)
    except (TypeError, ValueError):
        return
    try:
        single_sign_on.sign_on(token, site=site, now=NOW)
    except single_sign_on.InvalidSignOnToken:
        return


@pytest.mark.django_db
@given(token=TEXTS)
@bounded
def test_reader_tokens(site: Site, token: str) -> None:
    with pytest.raises(single_sign_on.InvalidSignOnToken):
        single_sign_on.read_reader_token(token, site=site, now=NOW)
    with pytest.raises(single_sign_on.InvalidSignOnToken):
        single_sign_on.sign_on(token, site=site, now=NOW)


REPORT = """From: mailer@mail.example
Subject: Undelivered
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: {kind}

{fields}
--b--
"""
FIELDS = st.lists(
    st.tuples(
        st.sampled_from(["Action", "Status", "Final-Recipient", "Original-Rcpt-To", "X", ""]),
        st.sampled_from(["failed", "5.1.1", "rfc822; <a@b.example>", "rfc822;", ""]) | TEXTS,
    ),
    max_size=6,
).map(lambda pairs: "\n".join(f"{name}: {value}" for name, value in pairs))


@given(
    kind=st.sampled_from(["message/delivery-status", "message/feedback-report"]),
    fields=FIELDS | TEXTS,
    encoding=st.sampled_from(["", "\nContent-Transfer-Encoding: base64"]),
)
@bounded
@example("message/delivery-status", "\nAction: failed\nStatus: 5.1.1\n", "")
@example("message/delivery-status", "Action: failed", "\nContent-Transfer-Encoding: base64")
def test_bounces_of_mail_servers(kind: str, fields: str, encoding: str) -> None:
    text = REPORT.format(kind=kind + encoding, fields=fields).encode("utf-8", "surrogatepass")
    for modern in (policy.default, policy.compat32):
        message = email.message_from_bytes(text, policy=modern)
        for report in bounces.read_message(message):
            assert "@" in report.address


@given(payload=bodies("events"))
@bounded
def test_reports_in_our_own_format(payload: Any) -> None:
    try:
        assert all("@" in report.address for report in bounces.read_json(payload))
    except bounces.UnreadableReport:
        return


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(provider_webhooks.WEBHOOKS))
@given(payload=bodies("Type", "RecordType", "event", "event-data", "Message", "signature", "data"))
@settings(max_examples=12)
def test_webhooks_of_mail_providers(settings: LazySettings, name: str, payload: Any) -> None:
    settings.MAIL_EVENTS_KEY = "key"
    answer = Client().post(
        f"/email/bounces/{name}",
        json.dumps(payload),
        content_type="application/json",
        headers={"Authorization": "Bearer key"},
    )
    assert answer.status_code in (200, 400, 401, 503)


DIALECTS = {
    "/v1/moderations": ("input", "model"),
    "/v1alpha1/comments:analyze": ("comment", "requestedAttributes", "languages", "sessionId"),
    "/v1alpha1/comments:suggestscore": ("comment", "attributeScores", "clientToken"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", DIALECTS)
@given(data=st.data())
@settings(max_examples=25)
def test_bodies_of_the_dialects(site: Site, path: str, data: st.DataObject) -> None:
    body = data.draw(bodies(*DIALECTS[path]))
    issued = api_keys.issue(site, scopes=[Scope.CHECKS, Scope.FEEDBACK], name="x", now=NOW)
    answer = Client().post(
        f"{path}?key={issued.secret}", json.dumps(body), content_type="application/json"
    )
    assert answer.status_code < 500
    api_keys.revoke(issued.key, now=NOW)


@pytest.mark.django_db
@given(
    form=st.dictionaries(
        st.sampled_from(["blog", "user_ip", "comment_content", "comment_author_email", "callback"]),
        TEXTS,
    )
)
@bounded
def test_forms_of_akismets_clients(site: Site, form: dict[str, str]) -> None:
    issued = api_keys.issue(site, scopes=[Scope.AKISMET], name="x", now=NOW)
    sent = {name: value.encode("utf-8", "replace").decode() for name, value in form.items()}
    answer = Client().post("/1.1/comment-check", {**sent, "api_key": issued.secret})
    assert answer.status_code == 200
    assert "fault" not in answer.get("X-akismet-error", "")
    assert not Comment.objects.exists()
    api_keys.revoke(issued.key, now=NOW)
