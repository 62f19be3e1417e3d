"""Keys of a site: who issued, renewed and revoked them is on the record."""

from datetime import timedelta

import pytest

from comments.models import KeyMode, Scope, Site, User
from moderation.models import Actor, AuditAction, AuditEntry, SystemActor
from moderation.review.people import api_keys
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def issue(site: Site, by: Actor | None):
    scopes = [Scope.AKISMET]
    return api_keys.issue(
        site, scopes=scopes, name="the blog", mode=KeyMode.QUEUE, by=by, now=NOW
    ).key


def test_issuing_a_key_is_logged_without_its_secret(site: Site, moderator: User) -> None:
    key = issue(site, moderator)
    assert (key.site, key.mode, key.created_by) == (site, KeyMode.QUEUE, moderator)
    assert (key.name, key.scopes, key.created_at) == ("the blog", ["akismet"], NOW)
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.by, entry.site) == (AuditAction.KEY_ISSUED, moderator, site)
    assert (entry.subject, entry.at) == (str(key.pk), NOW)
    assert entry.detail == {"name": "the blog", "id": key.public_id, "scopes": ["akismet"]}


def test_a_key_that_the_service_issued_is_no_persons(site: Site) -> None:
    key = issue(site, SystemActor.SERVICE)
    assert key.created_by is None
    assert AuditEntry.objects.get().by is None


def test_a_rotated_key_stays_valid_for_a_week_and_its_successor_is_logged(
    site: Site, moderator: User
) -> None:
    old = issue(site, moderator)
    new = api_keys.rotate(old, by=moderator, now=NOW).key
    old.refresh_from_db()
    assert old.expires_at == NOW + timedelta(days=7)
    entry = AuditEntry.objects.order_by("id").last()
    assert entry is not None
    assert (entry.act, entry.subject, entry.by) == (
        AuditAction.KEY_ISSUED,
        str(new.pk),
        moderator,
    )
    assert (new.created_at, entry.at) == (NOW, NOW)


def test_revoking_a_key_is_logged(site: Site, moderator: User) -> None:
    key = issue(site, moderator)
    api_keys.revoke(key, by=moderator, now=NOW)
    key.refresh_from_db()
    assert key.revoked_at == NOW
    entry = AuditEntry.objects.order_by("id").last()
    assert entry is not None
    assert (entry.act, entry.by, entry.at) == (AuditAction.KEY_REVOKED, moderator, NOW)
