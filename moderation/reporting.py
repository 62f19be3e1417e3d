"""Reporting: a reader complains about a comment."""

from datetime import datetime

from django.db import transaction

from comments import privacy
from comments.models import Comment
from moderation import outbox
from moderation.deciding import Opening, Proposal, decide
from moderation.models import Policy, Report, ReportReason, Source, Why
from moderation.models.webhook import EventType
from moderation.outbox import Happening
from moderation.verdicts import Verdict


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
    complaints = Report.objects.filter(comment=comment, revision=comment.revision).count()
    if complaints >= Policy.objects.current(comment.site).reports_to_hold:
        _hold(comment, complaints, now=now)
    return filed


def _hold(comment: Comment, complaints: int, *, now: datetime) -> None:
    # A refusal is no failure here: somebody has settled the matter meanwhile, or edited the text.
    decide(
        [
            Proposal(
                comment_id=comment.pk,
                revision=comment.revision,
                verdict=Verdict.HOLD,
                source=Source.READERS,
                opening=Opening(why=Why.REPORTED, priority=min(1.0, 0.6 + complaints / 50)),
            )
        ],
        now=now,
    )
