"""Reporting: a reader complains about a comment."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F

from comments import privacy
from comments.models import Comment
from moderation import outbox
from moderation.deciding import Opening, Proposal, decide
from moderation.models import Decision, Policy, Report, ReportReason, Source, Why
from moderation.models.webhook import EventType
from moderation.outbox import Happening
from moderation.verdicts import Verdict

REFUSING = (Verdict.REJECT, Verdict.SPAM, Verdict.DELETE)


class Reporter(NamedTuple):
    """A reader's record: how often moderators agreed with a complaint, and how often not."""

    confirmed: int = 0
    dismissed: int = 0

    @property
    def weight(self) -> float:
        """What a complaint of theirs weighs, from 0 to 2: 1 for somebody new.

        Twice the share that was right, by Laplace's rule of succession.
        """
        return 2 * (self.confirmed + 1) / (self.confirmed + self.dismissed + 2)


@transaction.atomic
def report(
    comment: Comment, *, reason: ReportReason, text: str, address: str, now: datetime
) -> Report:
    """Record a complaint; when the policy's number of readers complained, hold the comment.

    One address counts once for each revision. A comment that a moderator has decided about stays
    as it is: the report is kept for the record.
    """
    filed, is_new = Report.objects.get_or_create(
        comment=comment,
        revision=comment.revision,
        address_digest=privacy.address_digest(address),
        defaults={"reason": reason, "text": text, "created_at": now},
    )
    if is_new:
        told = {"report": {"id": str(filed.pk), "reason": reason.value, "text": text}}
        outbox.tell([Happening(EventType.REPORT, comment, told)], now=now)
    complaints = Report.objects.filter(comment=comment, revision=comment.revision)
    readers = list(complaints.values_list("address_digest", flat=True))
    if is_new and len(readers) >= Policy.objects.current(comment.site).reports_to_hold:
        _hold(comment, readers, now=now)
    return filed


def reporters(site: UUID, digests: Iterable[str]) -> Mapping[str, Reporter]:
    """Return the records of readers at a site, by the digests of their addresses.

    What moderators said of the text that was reported counts; what nobody decided does not.
    """
    digests = list(digests)
    verdicts = (
        Decision.objects.standing()
        .filter(
            source=Source.MODERATOR,
            comment__site=site,
            comment__reports__address_digest__in=digests,
            comment__reports__revision=F("revision"),
        )
        .values_list("comment__reports__address_digest", "verdict")
        .annotate(n=Count("pk"))
        .order_by()
    )
    records = dict.fromkeys(digests, Reporter())
    for digest, verdict, n in verdicts:
        record = records[digest]
        if verdict in REFUSING:
            records[digest] = record._replace(confirmed=record.confirmed + n)
        elif verdict == Verdict.APPROVE:
            records[digest] = record._replace(dismissed=record.dismissed + n)
    return records


def urgency(weights: Iterable[float]) -> float:
    """Return the place in the queue, from 0.5 to 1, that complaints of these weights give."""
    return 1 - 0.5 * 0.8 ** sum(weights)


def _hold(comment: Comment, readers: Iterable[str], *, now: datetime) -> None:
    weights = [reporter.weight for reporter in reporters(comment.site_id, readers).values()]
    # A refusal is no failure here: somebody has settled the matter meanwhile, or edited the text.
    decide(
        [
            Proposal(
                comment_id=comment.pk,
                revision=comment.revision,
                verdict=Verdict.HOLD,
                source=Source.READERS,
                opening=Opening(why=Why.REPORTED, priority=urgency(weights)),
            )
        ],
        now=now,
    )
