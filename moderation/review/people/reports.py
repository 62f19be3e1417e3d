"""Reports by readers: record them, and enqueue or hold the comment."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F
from django.utils.translation import gettext

from comments.models import Comment, Status
from comments.privacy import networks
from comments.privacy.networks import Share
from moderation.decisions.decide import Proposal, QueueEntry, decide
from moderation.models import (
    Campaign,
    Decision,
    DecisionSource,
    Finding,
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
from moderation.screening import campaigns
from moderation.screening.priority import risk_of_reported

LEAST_SHARE = 0.25
# The weight after two dismissed reports and none upheld, from which on nobody is a whole reader.
HALF = 0.5
# What was decided longer ago is forgotten.
REMEMBERED = timedelta(days=180)
# Of one network so many readers count.
SHARE = Share(ipv6=2, ipv4=5)


class ReporterRecord(NamedTuple):
    """How many of a reader's reports moderators confirmed, and how many they dismissed."""

    confirmed: int = 0
    dismissed: int = 0

    @property
    def weight(self) -> float:
        """The weight of the reader's reports, from 0 to 2: 1 for somebody new.

        Twice the share of confirmed reports, by Laplace's rule of succession; nothing where that
        share is below LEAST_SHARE, as after three dismissed reports and no confirmed one.
        """
        share = (self.confirmed + 1) / (self.confirmed + self.dismissed + 2)
        return 2 * share if share >= LEAST_SHARE else 0.0

    def __str__(self) -> str:
        """Return the record as moderators read it."""
        words = gettext("%(upheld)s of %(judged)s upheld")
        return words % {"upheld": self.confirmed, "judged": self.confirmed + self.dismissed}


@transaction.atomic
def report(
    comment: Comment,
    *,
    reason: ReportReason,
    text: str,
    address: str,
    now: datetime,
    identity: str = "",
) -> Report:
    """Record a report and enqueue the comment for review; hold it when enough readers report it.

    `identity` is the digest of the address by which the site vouches for the reader. One reader, by
    identity or else by IP address, counts once for each revision; readers with neither count as one
    network does. A comment that a moderator has decided about stays as it is: the report is stored
    only, as is one that weighs nothing.
    """
    # Two readers at once would both put it into the queue.
    comment = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    reader = networks.Reader(identity, "") if identity else networks.Reader.at(address)
    filed, is_new = Report.objects.get_or_create(
        comment=comment,
        revision=comment.revision,
        reporter=reader.digest,
        defaults={
            "network": reader.network,
            "reason": reason,
            "text": text,
            "created_at": now,
        },
    )
    if is_new:
        payload = {"report": {"id": str(filed.pk), "reason": reason.value, "text": text}}
        events.record([NewEvent(EventType.REPORT, comment, payload)], now=now)
    if is_new:
        _review_or_hold(comment, now=now)
    return filed


def reporters(site: UUID, digests: Iterable[str], *, now: datetime) -> Mapping[str, ReporterRecord]:
    """Return the records of readers at a site, by the digests that stand for them.

    Moderators' effective decisions on the reported revisions count, for as long as REMEMBERED.
    """
    digests = list(digests)
    verdicts = (
        Decision.objects.effective()
        .filter(
            source=DecisionSource.MODERATOR,
            decided_at__gt=now - REMEMBERED,
            comment__site=site,
            comment__reports__reporter__in=digests,
            comment__reports__revision=F("revision"),
        )
        .values_list("comment__reports__reporter", "verdict")
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


def add_records(reports: Iterable[Report], *, now: datetime) -> list[Report]:
    """Return reports, each with the `record` of its reader at the site."""
    reports = list(reports)
    by_site: dict[UUID, list[Report]] = defaultdict(list)
    for report in reports:
        by_site[report.comment.site_id].append(report)
    for site, own in by_site.items():
        records = reporters(site, [report.reporter for report in own], now=now)
        for report in own:
            report.record = records[report.reporter]  # type: ignore[attr-defined]
    return reports


def _review_or_hold(comment: Comment, *, now: datetime) -> None:
    """Enqueue a reported comment for review, or hold it from `reports_to_hold` readers on.

    A reader counts as one there, however good the record is, and as less from HALF on.
    """
    weights = _weights(comment, now=now)
    if not any(weights):
        return
    # Many readers see many copies: they are shown to moderators as one.
    campaigns.assign([comment], now=now)
    priority = risk_of_reported(comment, weights)
    readers = sum(1 if weight > HALF else weight for weight in weights)
    if readers >= Policy.objects.current(comment.site).reports_to_hold:
        _hold(comment, priority, now=now)
    else:
        _enqueue(comment, priority, now=now)


def _weights(comment: Comment, *, now: datetime) -> list[float]:
    """Return the weights of the readers that count who reported the present revision."""
    reports = Report.objects.filter(comment=comment, revision=comment.revision)
    readers = add_records(reports.select_related("comment"), now=now)
    return networks.weigh(
        ((reader.network, reader.record.weight) for reader in readers),  # type: ignore[attr-defined]
        SHARE,
    )


def _enqueue(comment: Comment, priority: float, *, now: datetime) -> None:
    """Enqueue a public comment for review or raise its priority, unless a moderator decided."""
    moderated = comment.decisions.effective().filter(
        revision=comment.revision, source=DecisionSource.MODERATOR
    )
    if comment.status != Status.APPROVED or moderated.exists():
        return
    reviewable = Reviewable.objects.open().filter(comment=comment).first()
    if reviewable is None:
        found = Finding.objects.reasons_of([comment.pk])
        reviewable = Reviewable.of(comment, why=QueueReason.REPORTED, now=now)
        reviewable.found_for(found[comment.pk])
        reviewable.campaign_id = Campaign.objects.of_comments([comment.pk]).get(comment.pk)
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
