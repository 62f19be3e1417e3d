"""Erase everything that a site holds on a person: the right to erasure, GDPR, article 17.

A person is identified by the email address; see `personal_data`.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from comments.models import Author, Comment, IdempotencyKey, Revision, Site, Status, Thread
from comments.models.comment import ANONYMOUS, text_digest
from comments.privacy import email_addresses
from comments.text.markdown import render
from comments.threads import voting
from moderation.decisions import audit
from moderation.decisions.decide import decide
from moderation.decisions.proposals import Proposal
from moderation.models import (
    Actor,
    Appeal,
    AuditAction,
    Decision,
    DecisionSource,
    Event,
    EventType,
    Finding,
    Label,
    Mail,
    Report,
)
from moderation.review.people import personal_data
from moderation.rules.verdicts import Verdict

REMOVED = "[removed]"


@transaction.atomic
def erase_person(
    site: Site, email: str, *, remove_text: bool, now: datetime, by: Actor | None = None
) -> int:
    """Erase a person at a site; return how many comments that person had written.

    Name, email address, website, badge, picture, network and user agent are deleted wherever they
    are stored. The texts stay without an author, or are deleted as well with `remove_text`; the
    address is removed from texts that mention it. The audit trail keeps that it was done, and not
    to whom.
    """
    authors = list(personal_data.authors_of(site, email))
    ids = list(Comment.objects.filter(author__in=authors).values_list("pk", flat=True))
    audit.record(
        AuditAction.PERSON_ERASED, site=site, by=by, now=now, detail={"comments": len(ids)}
    )
    if remove_text:
        _delete(ids, now=now)
    for start in range(0, len(ids), 500):
        _anonymise(ids[start : start + 500], email=email, remove_text=remove_text)
    voting.anonymise(email_addresses.email_digests(email))
    _anonymise_reports(set(email_addresses.email_digests(email)))
    personal_data.bans_of(site, email).delete()
    personal_data.mails_of(site, email).delete()
    Author.objects.filter(pk__in=[author.pk for author in authors]).delete()
    return len(ids)


def _delete(ids: Sequence[UUID], *, now: datetime) -> None:
    for comment in Comment.objects.filter(pk__in=ids).exclude(status=Status.DELETED).iterator():
        proposal = Proposal(
            comment_id=comment.pk,
            revision=comment.revision,
            verdict=Verdict.DELETE,
            source=DecisionSource.AUTHOR,
        )
        decide([proposal], now=now)


def _anonymise(ids: Sequence[UUID], *, email: str, remove_text: bool) -> None:
    """Remove the person's data from comments and everything that is stored about them."""
    comments = list(Comment.objects.filter(pk__in=ids))
    _anonymise_reports({comment.address_digest for comment in comments})
    voting.anonymise({comment.address_digest for comment in comments})
    for comment in comments:
        for name, nothing in ANONYMOUS.items():
            setattr(comment, name, nothing)
        comment.body = "" if remove_text else _redacted(comment.body, email)
        comment.body_html = render(comment.body)
        comment.body_digest = text_digest(comment.body)
    Comment.objects.bulk_update(comments, [*ANONYMOUS, "body", "body_html", "body_digest"])
    Thread.objects.touch(comment.thread_id for comment in comments)
    Revision.objects.filter(comment__in=ids).delete()
    _purge_events(ids)
    Mail.objects.filter(Q(comment__in=ids) | Q(notifications__comment__in=ids)).delete()
    Label.objects.filter(comment__in=ids).delete()
    IdempotencyKey.objects.filter(created_id__in=[str(pk) for pk in ids]).delete()
    Finding.objects.filter(decision__comment__in=ids).update(evidence={})
    _redact(Decision.objects.filter(comment__in=ids), ("reasoning", "private_notes"), email)
    _redact(Appeal.objects.filter(decision__comment__in=ids), ("text",), email)


def _purge_events(ids: Sequence[UUID]) -> None:
    """Delete the webhook events, but for the deletions, of which only the comment's id is kept."""
    events = Event.objects.filter(comment__in=ids)
    events.exclude(type=EventType.DELETED).delete()
    for event in events.all():
        event.data = {"comment": {"id": str(event.comment_id)}}
        event.save(update_fields=["data"])


def _redact(rows: Any, fields: Iterable[str], email: str) -> None:
    """Replace the email address in these text fields by REMOVED."""
    for row in rows.iterator(chunk_size=500):
        changed = [
            name for name in fields if (text := getattr(row, name)) != _redacted(text, email)
        ]
        for name in changed:
            setattr(row, name, _redacted(getattr(row, name), email))
        if changed:
            row.save(update_fields=changed)


def _anonymise_reports(digests: set[str]) -> None:
    """Keep the person's reports, and replace the digests of the reporter by random ones."""
    for report in Report.objects.filter(reporter__in=digests - {""}):
        report.reporter, report.network = f"erased {uuid4().hex}", ""
        report.save(update_fields=["reporter", "network"])


def _redacted(text: str, email: str) -> str:
    return re.sub(re.escape(email.strip()), REMOVED, text, flags=re.IGNORECASE)
