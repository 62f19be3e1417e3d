"""Wrong keys, tokens and links: a network may send a number of them a minute, right ones always."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client

from comments.accounts import api_keys
from comments.http.guesses import PER_MINUTE
from comments.models import Scope, Site
from comments.privacy import signed_links
from tests.conftest import Api
from tests.factories import NOW, CommentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]
Guess = Callable[..., Any]


def key(path: str) -> Guess:
    return lambda **meta: Client().get(path, headers={"Authorization": "Bearer lar_wrong"}, **meta)


def review_token(**meta: Any) -> Any:
    return Client().get("/api/v1/review/queue", headers={"Authorization": "Token wrong"}, **meta)


def edit_token(**meta: Any) -> Any:
    path = f"/api/v1/sites/gazette/comments/{uuid4()}"
    return Client().delete(path, headers={"X-Edit-Token": "wrong"}, **meta)


def sign_on_token(**meta: Any) -> Any:
    body = json.dumps({"token": "a.b.c"})
    path = "/api/v1/sites/gazette/sign-on"
    return Client().post(path, body, content_type="application/json", **meta)


def link(path: str) -> Guess:
    return lambda **meta: Client().get(path, **meta)


def akismet(**meta: Any) -> Any:
    return Client().post("/1.1/verify-key", {"key": "wrongwrong12", "blog": "x.example"}, **meta)


def perspective(**meta: Any) -> Any:
    path = "/v1alpha1/comments:analyze?key=wrong"
    return Client().post(path, "{}", content_type="application/json", **meta)


def coral(**meta: Any) -> Any:
    headers = {"X-Coral-Signature": "sha256=wrong"}
    body = {"content_type": "application/json", "headers": headers}
    return Client().post("/coral/gazette", "{}", **body, **meta)


def openai(**meta: Any) -> Any:
    headers = {"Authorization": "Bearer wrong"}
    body = {"content_type": "application/json", "headers": headers}
    return Client().post("/v1/moderations", '{"input": "x"}', **body, **meta)


def bounces(**meta: Any) -> Any:
    headers = {"Authorization": "Bearer wrong"}
    body = {"content_type": "application/json", "headers": headers}
    return Client().post("/email/bounces", "{}", **body, **meta)


DOORS: dict[str, Guess] = {
    "plugin API": key("/api/v1/policy"),
    "review API": review_token,
    "edit token": edit_token,
    "sign-on": sign_on_token,
    "status link": link("/status/wrong"),
    "confirmation link": link("/email/confirm/wrong"),
    "data link": link("/email/person/wrong"),
    "unsubscribe link": link("/email/unsubscribe/wrong"),
    "Akismet": akismet,
    "Perspective": perspective,
    "Coral": coral,
    "OpenAI": openai,
    "bounces": bounces,
    "metrics": key("/metrics"),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_network_that_sends_wrong_secrets_again_and_again_is_told_to_wait(
    site: Site, door: str, settings: LazySettings
) -> None:
    settings.METRICS_TOKEN = "right"
    for n in range(PER_MINUTE):
        assert DOORS[door](REMOTE_ADDR=f"2001:db8::{n:x}").status_code != 429
    answer = DOORS[door](REMOTE_ADDR="2001:db8::ffff")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert DOORS[door](REMOTE_ADDR="2001:db8:0:1::1").status_code != 429


def test_the_answer_is_a_problem(site: Site) -> None:
    for _ in range(PER_MINUTE):
        review_token()
    problem = review_token().json()
    assert (problem["status"], problem["type"].rpartition(":")[2]) == (429, "too-many-requests")


def test_a_right_secret_is_served_while_wrong_ones_wait(site: Site) -> None:
    for _ in range(PER_MINUTE + 1):
        DOORS["plugin API"]()
    secret = api_keys.issue(site, scopes=[Scope.POLICY], name="blog", now=NOW).secret
    assert Api("/api/v1/", Authorization=f"Bearer {secret}").get("policy").status_code == 200
    path = signed_links.status_url(CommentFactory(thread__site=site)).partition("/status/")[2]
    assert Client().get(f"/status/{path}").status_code == 200


def test_who_sends_no_secret_does_not_guess(site: Site) -> None:
    answers = {Client().get("/api/v1/policy").status_code for _ in range(PER_MINUTE + 1)}
    assert answers == {401}


def test_stale_edit_tokens_do_not_keep_a_reader_from_reading(site: Site, reader: Api) -> None:
    stale = {"headers": {"X-Edit-Token": "of an earlier key"}}
    answers = {
        reader.get("comments", {"thread": "a"}, **stale).status_code for _ in range(PER_MINUTE + 1)
    }
    assert answers == {200}
