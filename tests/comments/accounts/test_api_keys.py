"""Keys: what they are for, how long they open anything, and what is kept of them."""

import hashlib
from datetime import datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command

from comments.accounts import api_keys
from comments.accounts.api_keys import InvalidScopes, IssuedKey
from comments.limits import LimitReached
from comments.models import KeyMode, Scope, Site, SiteKey
from tests.factories import NOW, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def issue(site: Site, *scopes: str, **more: object) -> IssuedKey:
    return api_keys.issue(site, scopes=scopes or [Scope.CHECKS], name="the blog", now=NOW, **more)


def last_used() -> datetime | None:
    return SiteKey.objects.get().last_used_at


def test_a_key_says_for_what_and_by_whom_it_was_made(site: Site) -> None:
    user = UserFactory()
    issue(site, Scope.THREADS, Scope.CHECKS, Scope.CHECKS, created_by=user)
    key = SiteKey.objects.get()
    assert (key.site, key.name, key.scopes) == (site, "the blog", ["checks", "threads"])
    assert (key.created_at, key.created_by, key.mode) == (NOW, user, KeyMode.CHECK)


def test_a_secret_has_160_bits_and_a_prefix_by_which_it_is_known(site: Site) -> None:
    issued = issue(site)
    assert issued.secret.startswith("lar_")
    assert len(issued.secret) == 36
    assert issue(site).secret != issued.secret


@pytest.mark.parametrize("scope", [Scope.AKISMET, Scope.CHECKS])
def test_what_is_stored_tells_nothing_of_the_secret(site: Site, scope: Scope) -> None:
    issued = issue(site, scope)
    secret = issued.secret.removeprefix("lar_")
    stored = str(SiteKey.objects.values().get())
    parts = {secret[n : n + 4] for n in range(len(secret) - 3)}
    assert not any(part in issued.key.public_id or part in issued.key.name for part in parts)
    assert hashlib.sha256(issued.secret.encode()).hexdigest() not in stored
    assert issued.key.public_id in str(issued.key)


def test_a_secret_of_akismet_has_the_length_that_wordpress_takes(site: Site) -> None:
    assert len(issue(site, Scope.AKISMET).secret) == 12


def test_without_the_keys_of_addresses_no_secret_can_be_tried(site: Site, settings) -> None:
    secret = issue(site).secret
    settings.EMAIL_KEYS = [Fernet.generate_key().decode()]
    assert api_keys.authenticate(secret, now=NOW) is None


def test_a_key_outlasts_the_rotation_of_the_keys_of_addresses(site: Site, settings) -> None:
    secret, old = issue(site).secret, settings.EMAIL_KEYS
    new = [Fernet.generate_key().decode()]
    settings.EMAIL_KEYS = [*new, *old]
    assert api_keys.authenticate(secret, now=NOW)
    call_command("rotate_email_keys")
    settings.EMAIL_KEYS = new
    assert api_keys.authenticate(secret, now=NOW)


def test_a_key_outlasts_a_new_secret_key(site: Site, settings) -> None:
    secret = issue(site).secret
    settings.SECRET_KEY = "another" * 10
    assert api_keys.authenticate(secret, now=NOW)


def test_each_site_has_its_own_keys(site: Site) -> None:
    other = SiteFactory()
    secrets = {issue(where).secret: where for where in (site, other)}
    for secret, where in secrets.items():
        key = api_keys.authenticate(secret, now=NOW)
        assert key is not None
        assert key.site == where


@pytest.mark.parametrize("secret", ["", "lar_", "lar_" + "a" * 32])
def test_what_is_no_key_finds_none(site: Site, secret: str) -> None:
    issue(site)
    assert api_keys.authenticate(secret, now=NOW) is None


# What may be on one key.


@pytest.mark.parametrize(
    ("scopes", "mode", "told"),
    [
        ([], KeyMode.CHECK, "Choose from these scopes: .*checks, .*"),
        (["everything"], KeyMode.CHECK, "Choose from these scopes"),
        ([Scope.CHECKS, "everything"], KeyMode.CHECK, "Choose from these scopes"),
        ([Scope.AKISMET, Scope.COMMENTS], KeyMode.CHECK, "akismet can have no other scope"),
        ([Scope.CHECKS], KeyMode.QUEUE, "in the mode queue is for these scopes alone: akismet\\."),
        ([Scope.COMMENTS], KeyMode.SHADOW, "these scopes alone: akismet, checks, feedback\\."),
        ([Scope.CHECKS, Scope.COMMENTS], KeyMode.SHADOW, "in the mode shadow"),
    ],
)
def test_scopes_that_make_no_sense_are_refused_with_the_reason(
    scopes: list[str], mode: KeyMode, told: str
) -> None:
    with pytest.raises(InvalidScopes, match=f"(?i){told}"):
        api_keys.validate_scopes(scopes, mode=mode)


@pytest.mark.parametrize(
    ("scopes", "mode"),
    [
        ([Scope.AKISMET], KeyMode.CHECK),
        ([Scope.AKISMET], KeyMode.QUEUE),
        ([Scope.AKISMET], KeyMode.SHADOW),
        ([Scope.CHECKS, Scope.FEEDBACK], KeyMode.SHADOW),
        ([scope for scope in Scope if scope != Scope.AKISMET], KeyMode.CHECK),
    ],
)
def test_all_other_scopes_may_be_on_one_key(scopes: list[str], mode: KeyMode, site: Site) -> None:
    assert issue(site, *scopes, mode=mode).key.mode == mode


def test_a_key_that_makes_no_sense_is_not_stored(site: Site) -> None:
    with pytest.raises(InvalidScopes):
        issue(site, Scope.CHECKS, mode=KeyMode.QUEUE)
    assert not SiteKey.objects.exists()


# When it was used last.


def test_its_use_is_noted_once_a_minute(site: Site) -> None:
    secret = issue(site).secret
    for seconds, noted in ((0, 0), (30, 0), (60, 0), (61, 61)):
        api_keys.authenticate(secret, now=NOW + timedelta(seconds=seconds))
        assert last_used() == NOW + timedelta(seconds=noted)


def test_the_use_of_one_key_is_not_noted_on_another(site: Site) -> None:
    unused = issue(site).key
    api_keys.authenticate(issue(site).secret, now=NOW)
    unused.refresh_from_db()
    assert unused.last_used_at is None


# How long it opens anything.


def test_a_successor_is_for_the_same(site: Site) -> None:
    user = UserFactory()
    old = issue(site, Scope.AKISMET, mode=KeyMode.QUEUE, created_by=user).key
    new = api_keys.rotate(old, overlap=MINUTE, now=NOW + MINUTE).key
    assert (new.site, new.name, new.scopes) == (site, old.name, old.scopes)
    assert (new.mode, new.created_by, new.created_at) == (KeyMode.QUEUE, user, NOW + MINUTE)
    assert new.expires_at is None
    old.refresh_from_db()
    assert old.expires_at == NOW + 2 * MINUTE


def test_the_end_of_a_key_comes_no_later_for_being_rotated_twice(site: Site) -> None:
    old = issue(site).key
    for overlap in (MINUTE, 2 * MINUTE):
        api_keys.rotate(old, overlap=overlap, now=NOW)
    old.refresh_from_db()
    assert old.expires_at == NOW + MINUTE


def test_a_key_is_revoked_once_and_no_other_with_it(site: Site) -> None:
    gone, other = issue(site), issue(site)
    for now in (NOW, NOW + MINUTE):
        api_keys.revoke(gone.key, now=now)
    gone.key.refresh_from_db()
    assert gone.key.revoked_at == NOW
    assert api_keys.authenticate(other.secret, now=NOW) == other.key


def test_a_site_has_so_many_valid_keys_and_others_take_no_room(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_keys, "MOST_PER_SITE", 1)
    issue(SiteFactory())
    key = issue(site).key
    with pytest.raises(LimitReached, match="valid keys of this site"):
        issue(site)
    api_keys.revoke(key, now=NOW)
    assert issue(site)


def test_each_key_has_a_name_for_the_log_of_its_own(site: Site) -> None:
    names = {issue(site).key.public_id for _ in range(3)}
    assert len(names) == 3
    assert all(len(name) == api_keys.PUBLIC_ID_LENGTH for name in names)


def test_a_key_that_can_not_be_renewed_keeps_none_from_it(site: Site, settings) -> None:
    lost, kept = issue(site), issue(site)
    SiteKey.objects.filter(pk=lost.key.pk).update(fingerprint_encrypted="no longer readable")
    old = settings.EMAIL_KEYS
    settings.EMAIL_KEYS = [Fernet.generate_key().decode(), *old]
    api_keys.rekey()
    settings.EMAIL_KEYS = settings.EMAIL_KEYS[:1]
    assert api_keys.authenticate(kept.secret, now=NOW) == kept.key
    assert api_keys.authenticate(lost.secret, now=NOW) is None
