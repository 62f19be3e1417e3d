"""Appealing: an author disagrees with a decision, and another person looks again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from comments.models import Comment, User
from moderation.decisions import appeal_effects
from moderation.decisions.decide import decide_one
from moderation.decisions.proposals import AlreadySettled, DecisionRefused, decision_request
from moderation.models import Appeal, Decision, QueueReason, Reviewable
from moderation.models.webhook import EventType
from moderation.notifications.webhooks import events
from moderation.notifications.webhooks.events import NewEvent
from moderation.rules.outcomes import STATUSES_REFUSED
from moderation.rules.verdicts import Verdict


class NotAppealable(DecisionRefused):
    """Only an effective decision to refuse can be appealed, once."""

    code = "not-appealable"


@transaction.atomic
def submit(comment: Comment, *, text: str, now: datetime) -> Appeal:
    """File an author's appeal against the decision that stands, and put it into the queue.

    The next decision of a moderator answers it, whether it is made here or in the queue:
    `deciding` records it as upheld or overturned.
    Raises NotAppealable when the comment was not refused, or was appealed for already.
    """
    decision = (
        comment.decisions.effective()
        .filter(revision=comment.revision)
        .select_for_update(of=("self",))
        .first()
    )
    if comment.status not in STATUSES_REFUSED or decision is None:
        raise NotAppealable(_("Only a comment that was refused can be appealed for."))
    if Appeal.objects.filter(decision__comment=comment).exists():
        raise NotAppealable(_("There was an appeal for this comment already."))
    appeal = Appeal.objects.create(decision=decision, text=text, submitted_at=now)
    Reviewable.of(
        comment, why=QueueReason.APPEALED, priority=appeal_effects.PRIORITY, now=now
    ).save()
    told = {"appeal": {"id": str(appeal.pk), "text": text}}
    events.record([NewEvent(EventType.APPEAL, comment, told)], now=now)
    return appeal


def uphold(appeal: Appeal, *, moderator: User, reasoning: str, now: datetime) -> Decision:
    """Decide that the comment was refused rightly, and tell its author why.

    Raises a Refused of `deciding`: OwnAppeal when the moderator made the decision in question,
    ReasonsMissing without `reasoning`.
    """
    return _answer(appeal, Verdict(appeal.decision.verdict), moderator, reasoning, now)


def overturn(appeal: Appeal, *, moderator: User, reasoning: str, now: datetime) -> Decision:
    """Decide that the comment was refused wrongly: it is published. Raises as `uphold` does.

    An answer in the author's favour needs no reasons, and may have some.
    """
    return _answer(appeal, Verdict.APPROVE, moderator, reasoning, now)


def _answer(
    appeal: Appeal, verdict: Verdict, moderator: User, reasoning: str, now: datetime
) -> Decision:
    if appeal.resolved_at:
        raise AlreadySettled("This appeal has been answered.")
    return decide_one(
        decision_request(
            comment_id=appeal.decision.comment_id,
            revision=appeal.decision.revision,
            verdict=verdict,
            moderator=moderator,
            reasoning=reasoning,
        ),
        now=now,
    )
