"""The log is read by owners: no codes, no ids of 36 characters, no JSON."""

import pytest

from comments.models import Comment, Site
from moderation.models import AuditAction, AuditEntry
from moderation.web.desk.insight import audit_words
from tests.moderation.web.desk.desk import page_of

LONG = "01a22890-30c9-7082-8a50-13b15e041675"


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ({"verdict": "REJECT"}, "verdict: Reject"),
        ({"target": "DOMAIN"}, "target: Website or linked domain"),
        ({"trust": "trusted"}, "trust: Trusted"),
        ({"trust": "by_record"}, "trust: By the record"),
        (
            {"member": "ann_lee@x.example", "role": "owner"},
            "member: ann_lee@x.example; role: Owner",
        ),
        ({"with_addresses": False}, "with addresses: no"),
        ({"removed": True}, "removed: yes"),
        ({"changed": ["queue_size", "url"]}, "changed: when so many wait, address"),
        ({"name": "Our_Server", "scopes": ["checks"]}, "name: Our_Server; scopes: checks"),
        ({"category": "IDENTITY_ATTACK", "value": True}, "category: Identity attack; value: yes"),
        ({"filters": {"author": "x"}, "total": 3}, "filters: (author: x); total: 3"),
        ({"from": None, "why": ""}, "from: nothing; why: nothing"),
        ({"event": LONG}, "event: …041675"),
        ({}, ""),
    ],
)
def test_details_are_words(detail: dict, words: str) -> None:
    assert audit_words.details(detail) == words


@pytest.mark.parametrize(
    "act",
    [AuditAction.DECIDED, AuditAction.PINNED, AuditAction.EXTERNAL_ANSWERED, AuditAction.EDITED],
)
def test_a_comment_of_an_entry_is_a_link_to_its_page(held: Comment, act: AuditAction) -> None:
    link = audit_words.subject_link(AuditEntry(act=act, subject=str(held.pk)))
    assert f'href="{page_of(held)}"' in link
    assert f"comment …{str(held.pk)[-6:]}</bdi></a>" in link


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (AuditAction.EXPORT_STARTED, "import or export"),
        (AuditAction.BULK_STARTED, "bulk decision"),
        (AuditAction.TRUSTED, "author"),
        (AuditAction.SITE_SET, "site"),
        (AuditAction.WEBHOOK_TRIED, "webhook"),
    ],
)
def test_other_subjects_are_named_by_their_kind(act: AuditAction, kind: str) -> None:
    assert f">{kind} …041675</bdi></a>" in audit_words.subject_link(
        AuditEntry(act=act, subject=LONG)
    )


def test_a_subject_that_is_still_there_is_called_by_its_name(held: Comment) -> None:
    entry = AuditEntry(act=AuditAction.DECIDED, subject=str(held.pk))
    names = audit_words.subject_names([entry, AuditEntry(act="X", subject="y")])
    assert names == {entry.subject: str(held)}
    assert f"<bdi>{held}</bdi>" in audit_words.subject_link(entry, names[entry.subject])


def test_a_subject_without_a_page_is_short_and_its_id_can_still_be_read(site: Site) -> None:
    entry = AuditEntry(act=AuditAction.KEY_ISSUED, subject=LONG)
    assert audit_words.subject_link(entry) == f'<span title="{LONG}">…041675</span>'
    assert "<script>" not in audit_words.subject_link(AuditEntry(act="X", subject="<script>"))
