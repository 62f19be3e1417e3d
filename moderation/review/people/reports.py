"""Reports by readers: record them, and enqueue or hold the comment."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F

from comments.models import Comment, Status
from comments.privacy import email_addresses
from moderation.decisions.decide import Proposal, QueueEntry, decide
from moderation.models import (
    Decision,
    DecisionSource,
    Policy,
    QueueReason,
    Report,
    ReportReason,
    Reviewable,
)
from moderation.models.webhook import EventType
from moderation.notifications.webhooks import events
from moderation.notifications.webhooks.events import NewEvent
from moderation.rules.outcomes import VERDICTS_RESTRICTING
from moderation.rules.verdicts import Verdict
from moderation.screening.priority import risk_of_reported


class ReporterRecord(NamedTuple):
    """How many of a reader's reports moderators confirmed, and how many they dismissed."""

    confirmed: int = 0
    dismissed: int = 0

    @property
    def weight(self) -> float:
        """The weight of the reader's reports, from 0 to 2: 1 for somebody new.

        Twice the share of confirmed reports, by Laplace's rule of succession.
        """
        return 2 * (self.confirmed + 1) / (self.confirmed + self.dismissed + 2)


@transaction.atomic
def report(
    comment: Comment, *, reason: ReportReason, text: str, address: str, now: datetime
) -> Report:
    """Record a report and enqueue the comment for review; hold it when enough readers report it.

    One IP address counts once for each revision. A comment that a moderator has decided about
    stays as it is: the report is stored only.
    """
    # Two readers at once would both put it into the queue.
    comment = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    filed, is_new = Report.objects.get_or_create(
        comment=comment,
        revision=comment.revision,
        address_digest=email_addresses.address_digest(address),
        defaults={"reason": reason, "text": text, "created_at": now},
    )
    if is_new:
        payload = {"report": {"id": str(filed.pk), "reason": reason.value, "text": text}}
        events.record([NewEvent(EventType.REPORT, comment, payload)], now=now)
    if is_new:
        _review_or_hold(comment, now=now)
    return filed


def reporters(site: UUID, digests: Iterable[str]) -> Mapping[str, ReporterRecord]:
    """Return the records of readers at a site, by the digests of their IP addresses.

    Moderators' effective decisions on the reported revisions count.
    """
    digests = list(digests)
    verdicts = (
        Decision.objects.effective()
        .filter(
            source=DecisionSource.MODERATOR,
            comment__site=site,
            comment__reports__address_digest__in=digests,
            comment__reports__revision=F("revision"),
        )
        .values_list("comment__reports__address_digest", "verdict")
        .annotate(n=Count("pk"))
        .order_by()
    )
    records = dict.fromkeys(digests, ReporterRecord())
    for digest, verdict, n in verdicts:
        record = records[digest]
        if verdict in VERDICTS_RESTRICTING:
            records[digest] = record._replace(confirmed=record.confirmed + n)
        elif verdict == Verdict.APPROVE:
            records[digest] = record._replace(dismissed=record.dismissed + n)
    return records


def _review_or_hold(comment: Comment, *, now: datetime) -> None:
    """Enqueue a reported comment for review, or hold it from `reports_to_hold` readers on."""
    reports = Report.objects.filter(comment=comment, revision=comment.revision)
    readers = list(reports.values_list("address_digest", flat=True))
    weights = [reporter.weight for reporter in reporters(comment.site_id, readers).values()]
    priority = risk_of_reported(comment, weights)
    if len(readers) >= Policy.objects.current(comment.site).reports_to_hold:
        _hold(comment, priority, now=now)
    else:
        _enqueue(comment, priority, now=now)


def _enqueue(comment: Comment, priority: float, *, now: datetime) -> None:
    """Enqueue a public comment for review or raise its priority, unless a moderator decided."""
    moderated = comment.decisions.effective().filter(
        revision=comment.revision, source=DecisionSource.MODERATOR
    )
    if comment.status != Status.APPROVED or moderated.exists():
        return
    reviewable = Reviewable.objects.open().filter(comment=comment).first()
    if reviewable is None:
        reviewable = Reviewable.of(comment, why=QueueReason.REPORTED, now=now)
    reviewable.weigh(priority)
    reviewable.save()


def _hold(comment: Comment, priority: float, *, now: datetime) -> None:
    # A refusal is no failure here: somebody has decided meanwhile, or edited the text.
    decide(
        [
            Proposal(
                comment_id=comment.pk,
                revision=comment.revision,
                verdict=Verdict.HOLD,
                source=DecisionSource.READERS,
                queue_entry=QueueEntry(why=QueueReason.REPORTED, priority=priority),
            )
        ],
        now=now,
    )
