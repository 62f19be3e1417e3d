"""The audit trail: who did what, found again by any of it, and never changed."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from comments.models import Site
from comments.models.ids import id_at
from moderation.decisions import audit
from moderation.models import AuditAction, AuditEntry
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def entry(site: Site, *, at=NOW, **fields: object) -> AuditEntry:
    fields = {"act": AuditAction.NOTED, "who": "ann@staff.example", **fields}
    return AuditEntry.objects.create(pk=id_at(at), site=site, at=at, **fields)


def test_an_entry_stores_the_person_the_action_and_the_subject(site: Site) -> None:
    user = UserFactory()
    audit.record(
        AuditAction.TRUSTED, site=site, by=user, now=NOW, subject=42, detail={"trust": "ALWAYS"}
    )
    kept = AuditEntry.objects.get()
    assert (kept.act, kept.site, kept.at) == (AuditAction.TRUSTED, site, NOW)
    assert (kept.by, kept.who, kept.subject) == (user, user.email, "42")
    assert kept.detail == {"trust": "ALWAYS"}


def test_an_entry_without_a_person_has_an_empty_name(site: Site) -> None:
    audit.record(AuditAction.SITE_SET, site=site, by=None, now=NOW)
    kept = AuditEntry.objects.get()
    assert (kept.by, kept.who, kept.subject, kept.detail) == (None, "", "", {})


def test_an_entry_cannot_be_changed_or_deleted(site: Site) -> None:
    kept = entry(site)
    mine = AuditEntry.objects.filter(pk=kept.pk)
    for change in (lambda: mine.update(who="somebody else"), lambda: mine.delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert AuditEntry.objects.get().who == "ann@staff.example"
