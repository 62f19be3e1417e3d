"""Appeals: an author contests a decision, and another person resolves the appeal."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from comments.models import Comment, User
from moderation.decisions import appeal_effects
from moderation.decisions.decide import decide_one
from moderation.decisions.proposals import AlreadySettled, DecisionRefused, decision_request
from moderation.models import Appeal, Decision, Reviewable
from moderation.models.webhook import EventType
from moderation.notifications.webhooks import events
from moderation.notifications.webhooks.events import NewEvent
from moderation.rules.outcomes import STATUSES_REFUSED
from moderation.rules.verdicts import Verdict


class NotAppealable(DecisionRefused):
    """Only an effective decision to refuse a comment can be appealed, and only once."""

    code = "not-appealable"


@transaction.atomic
def submit(comment: Comment, *, text: str, now: datetime) -> Appeal:
    """File an author's appeal against the effective decision, and enqueue it for review.

    The next decision of a moderator resolves it, whether it is made here or in the queue: see
    `moderation.decisions.appeal_effects`. Raises NotAppealable when the comment was not refused,
    or was appealed for already.
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
    Reviewable.objects.bulk_create(appeal_effects.appealed([comment], now=now))
    payload = {"appeal": {"id": str(appeal.pk), "text": text}}
    events.record([NewEvent(EventType.APPEAL, comment, payload)], now=now)
    return appeal


def uphold(appeal: Appeal, *, moderator: User, reasoning: str, now: datetime) -> Decision:
    """Resolve an appeal by confirming the refusal; `reasoning` is sent to the author.

    Raises AlreadySettled, OwnAppeal when the moderator made the decision in question, or
    ReasonsMissing without `reasoning`.
    """
    return _resolve(appeal, Verdict(appeal.decision.verdict), moderator, reasoning, now)


def overturn(appeal: Appeal, *, moderator: User, reasoning: str, now: datetime) -> Decision:
    """Resolve an appeal by publishing the comment. Raises as `uphold` does.

    `reasoning` may be empty, since the decision is in the author's favour.
    """
    return _resolve(appeal, Verdict.APPROVE, moderator, reasoning, now)


def _resolve(
    appeal: Appeal, verdict: Verdict, moderator: User, reasoning: str, now: datetime
) -> Decision:
    if appeal.resolved_at:
        raise AlreadySettled(_("This appeal has been answered."))
    proposal = decision_request(
        comment_id=appeal.decision.comment_id,
        revision=appeal.decision.revision,
        verdict=verdict,
        moderator=moderator,
        reasoning=reasoning,
    )
    return decide_one(proposal, now=now)
