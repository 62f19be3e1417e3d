"""The audit trail: who did what, found again by any of it, and never changed."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from comments.models import Site
from comments.models.ids import id_at
from moderation.decisions import audit
from moderation.models import AuditAction, AuditEntry
from tests.factories import NOW, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def entry(site: Site, *, at=NOW, **fields: object) -> AuditEntry:
    fields = {"act": AuditAction.NOTED, "who": "ann@staff.example", **fields}
    return AuditEntry.objects.create(pk=id_at(at), site=site, at=at, **fields)


def test_an_entry_says_who_did_what_to_what(site: Site) -> None:
    user = UserFactory()
    audit.note(
        AuditAction.TRUSTED, site=site, by=user, now=NOW, subject=42, detail={"trust": "ALWAYS"}
    )
    kept = AuditEntry.objects.get()
    assert (kept.act, kept.site, kept.at) == (AuditAction.TRUSTED, site, NOW)
    assert (kept.by, kept.who, kept.subject) == (user, user.email, "42")
    assert kept.detail == {"trust": "ALWAYS"}


def test_what_nobody_did_in_person_has_no_name(site: Site) -> None:
    audit.note(AuditAction.SITE_SET, site=site, by=None, now=NOW)
    kept = AuditEntry.objects.get()
    assert (kept.by, kept.who, kept.subject, kept.detail) == (None, "", "", {})


@pytest.mark.parametrize(
    "filters",
    [{"act": AuditAction.BANNED}, {"who": "bob@staff.example"}, {"subject": "42"}],
)
def test_the_trail_is_narrowed_by_what_is_given(site: Site, filters: dict) -> None:
    entry(site)
    matching = entry(site, **filters)
    assert list(audit.trail([site.pk], **filters)) == [matching]


def test_the_trail_shows_the_newest_first_and_no_other_sites(site: Site) -> None:
    older, newer = entry(site, at=NOW - DAY), entry(site)
    entry(SiteFactory())
    assert list(audit.trail([site.pk])) == [newer, older]


def test_the_trail_is_narrowed_to_a_time_from_and_until(site: Site) -> None:
    entries = [entry(site, at=NOW + n * DAY) for n in range(4)]
    assert list(audit.trail([site.pk], since=NOW + DAY)) == entries[:0:-1]
    assert list(audit.trail([site.pk], until=NOW + DAY)) == entries[:1]
    between = audit.trail([site.pk], since=NOW + DAY, until=NOW + 3 * DAY)
    assert list(between) == [entries[2], entries[1]]


def test_an_entry_can_not_be_changed_or_deleted(site: Site) -> None:
    kept = entry(site)
    mine = AuditEntry.objects.filter(pk=kept.pk)
    for change in (lambda: mine.update(who="somebody else"), lambda: mine.delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert AuditEntry.objects.get().who == "ann@staff.example"
