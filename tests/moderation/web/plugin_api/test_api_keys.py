"""Keys open what they are for, at their own site, as long as they are valid."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from comments.accounts import api_keys
from comments.models import Scope, Site, SiteKey
from tests.conftest import Api
from tests.factories import NOW
from tests.moderation.management.test_commands import run, run_json

pytestmark = pytest.mark.django_db


def issue(site: Site, *scopes: str) -> api_keys.IssuedKey:
    return api_keys.issue(site, scopes=scopes or ["checks"], name="the blog", now=NOW)


def test_a_secret_finds_its_key(site: Site) -> None:
    issued = issue(site)
    assert api_keys.authenticate(issued.secret, now=NOW) == issued.key


def test_only_a_digest_is_stored(site: Site) -> None:
    secret = issue(site).secret
    row = SiteKey.objects.values().get()
    assert secret not in str(row)
    assert row["public_id"] not in secret


def test_it_notes_when_a_key_was_used_last(site: Site) -> None:
    secret = issue(site).secret
    api_keys.authenticate(secret, now=NOW)
    assert SiteKey.objects.get().last_used_at == NOW


@pytest.mark.parametrize("secret", ["", "lar_", "lar_" + "a" * 32, "\x00", "é" * 40])
def test_what_is_no_key_finds_none(site: Site, secret: str) -> None:
    assert api_keys.authenticate(secret, now=NOW) is None


def test_a_revoked_key_opens_nothing(site: Site) -> None:
    issued = issue(site)
    api_keys.revoke(issued.key, now=NOW)
    assert api_keys.authenticate(issued.secret, now=NOW) is None


def test_a_rotated_key_goes_on_for_the_overlap(site: Site) -> None:
    old = issue(site)
    new = api_keys.rotate(old.key, overlap=timedelta(days=1), now=NOW)
    assert api_keys.authenticate(new.secret, now=NOW) == new.key
    assert api_keys.authenticate(old.secret, now=NOW + timedelta(hours=23)) == old.key
    assert api_keys.authenticate(old.secret, now=NOW + timedelta(hours=25)) is None


def test_rotating_does_not_lengthen_the_life_of_a_key(site: Site) -> None:
    issued = issue(site)
    issued.key.expires_at = NOW + timedelta(hours=1)
    api_keys.rotate(issued.key, overlap=timedelta(days=1), now=NOW)
    assert issued.key.expires_at == NOW + timedelta(hours=1)


def test_a_key_for_akismet_is_what_its_plugins_take(site: Site) -> None:
    secret = issue(site, Scope.AKISMET).secret
    assert len(secret) == 12
    assert secret.isalnum()
    assert secret == secret.lower()


@pytest.mark.parametrize("scopes", [["everything"], ["akismet", "comments"]])
def test_scopes_that_make_no_sense_are_refused(site: Site, scopes: list[str]) -> None:
    with pytest.raises(api_keys.InvalidScopes):
        issue(site, *scopes)


def test_the_command_prints_a_key_that_works(site: Site) -> None:
    told = run_json("create_key", "gazette", "--scope", "checks", "--scope", "threads")
    key = api_keys.authenticate(told["key"], now=timezone.now())
    assert key is not None
    assert key.scopes == ["checks", "threads"]


def test_the_command_prints_for_people(site: Site) -> None:
    assert run("create_key", "gazette", "--scope", "akismet").split()[0].isalnum()


# At the door.


def test_without_a_key_it_asks_for_one(site: Site) -> None:
    answer = Api("/api/v1/").get("comments")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_an_unknown_key_is_refused(site: Site) -> None:
    assert Api("/api/v1/", Authorization="Bearer lar_x").get("comments").status_code == 401


def test_a_key_needs_the_scope(connect: Callable[..., Api]) -> None:
    answer = connect("checks").get("comments")
    assert answer.status_code == 403
    assert answer.json()["type"].endswith(":scope-missing")


def test_every_answer_tells_what_the_key_may_still_do(connect: Callable[..., Api]) -> None:
    answer = connect("comments").get("comments")
    assert answer.headers["RateLimit-Policy"] == '"key";q=6000;w=60, "site";q=30000;w=60'
    assert answer.headers["RateLimit"].startswith('"key";r=5999;t=')


def test_a_request_beyond_the_scope_counts_and_tells_what_is_left(
    connect: Callable[..., Api],
) -> None:
    answer = connect("checks").get("comments")
    assert answer.status_code == 403
    assert answer.headers["RateLimit-Policy"] == '"key";q=6000;w=60, "site";q=30000;w=60'
    assert answer.headers["RateLimit"].startswith('"key";r=5999;t=')


@pytest.mark.usefixtures("still_clock")
def test_a_key_is_limited(connect: Callable[..., Api], settings) -> None:
    settings.KEY_LIMIT = 2
    server = connect("comments")
    assert [server.get("comments").status_code for _ in range(3)] == [200, 200, 429]
    assert int(server.get("comments").headers["Retry-After"]) > 0


@pytest.mark.usefixtures("still_clock")
@pytest.mark.parametrize(
    ("limit", "whose"), [("KEY_LIMIT", "this key"), ("SITE_LIMIT", "the keys of a site")]
)
def test_who_exceeds_a_limit_is_told_whose_it_is(
    connect: Callable[..., Api], settings, limit: str, whose: str
) -> None:
    setattr(settings, limit, 1)
    server = connect("comments")
    _, refused = server.get("comments"), server.get("comments")
    assert refused.json()["detail"] == f"Use {whose} 1 times a minute at most."
