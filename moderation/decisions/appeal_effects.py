"""Appeals, as decisions meet them: who may answer one and how, and that a decision does."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from comments.models import Membership, Role, User
from moderation.decisions.proposals import DecisionRefused, OwnAppeal, Proposal, ReasonsMissing
from moderation.models import Appeal, Decision, DecisionSource, EventType, QueueReason, Reviewable
from moderation.models.appeal import AppealOutcome
from moderation.notifications.webhooks import events
from moderation.notifications.webhooks.events import NewEvent
from moderation.rules.outcomes import VERDICTS_RESTRICTING
from moderation.rules.verdicts import Verdict

# An appeal waits as something that a person got wrong, perhaps.
PRIORITY = 0.7


def refusals(proposals: Sequence[Proposal]) -> Mapping[UUID, DecisionRefused]:
    """Return why some rulings can't answer the appeal that waits, by comment.

    An appeal against the moderator's own decision is for a colleague, where there is one, and who
    upholds a refusal gives reasons. Taking the own decision back is always right.
    """
    rulings = {
        p.comment_id: p for p in proposals if p.source is DecisionSource.MODERATOR and not p.undoes
    }
    if not rulings:
        return {}
    waiting = Appeal.objects.filter(decision__comment__in=rulings, resolved_at=None)
    found: dict[UUID, DecisionRefused] = {}
    for appeal in waiting.select_related("decision__comment"):
        ruling = rulings[appeal.decision.comment_id]
        if is_for_colleagues(appeal, ruling.decided_by):
            text = "The author appeals against your decision: a colleague must look at it."
            found[ruling.comment_id] = OwnAppeal(text)
        elif _upholds(ruling) and not ruling.reasoning.strip():
            text = "The author appeals: to refuse the comment again, give your reasons."
            found[ruling.comment_id] = ReasonsMissing(text)
    return found


def is_for_colleagues(appeal: Appeal, moderator: User | None) -> bool:
    """Tell whether an appeal is against a moderator's own decision, and somebody else is there."""
    if moderator is None or appeal.decision.decided_by_id != moderator.pk:
        return False
    members = Membership.objects.filter(
        site=appeal.decision.comment.site_id, role__in=Role.at_least(Role.MODERATOR)
    )
    return members.filter(user__is_active=True).exclude(user=moderator).exists()


def answer(accepted: Iterable[tuple[Proposal, Decision]], *, now: datetime) -> None:
    """A moderator who decides about a comment answers its author's appeal by that.

    Who takes the answer back opens the appeal again.
    """
    rulings = {p.comment_id: d for p, d in accepted if p.source is DecisionSource.MODERATOR}
    taken_back = [p.takes_back for p, _ in accepted if p.takes_back]
    if taken_back:
        _reopen(taken_back, now=now)
    answers = {pk: d for pk, d in rulings.items() if d.verdict != Verdict.HOLD and not d.undoes}
    if answers:
        _resolve(answers, now=now)


def _upholds(ruling: Proposal) -> bool:
    return ruling.verdict in VERDICTS_RESTRICTING


def _resolve(answers: Mapping[UUID, Decision], *, now: datetime) -> None:
    waiting = Appeal.objects.filter(decision__comment__in=answers, resolved_at=None)
    resolved = list(waiting.select_related("decision__comment"))
    for appeal in resolved:
        decision = answers[appeal.decision.comment_id]
        overturns = decision.verdict == Verdict.APPROVE
        appeal.outcome = AppealOutcome.OVERTURNED if overturns else AppealOutcome.UPHELD
        appeal.resolved_at, appeal.resolved_by = now, decision.decided_by
        appeal.answer = decision
    Appeal.objects.bulk_update(resolved, ["outcome", "resolved_at", "resolved_by", "answer"])
    told = [
        NewEvent(
            EventType.APPEAL_RESOLVED,
            appeal.decision.comment,
            {"appeal": {"id": str(appeal.pk), "outcome": appeal.outcome}},
            events.undo_window(DecisionSource.MODERATOR),
        )
        for appeal in resolved
    ]
    events.record(told, now=now)


def _reopen(taken_back: Sequence[UUID], *, now: datetime) -> None:
    answered = list(
        Appeal.objects.filter(answer__in=taken_back).select_related("decision__comment")
    )
    for appeal in answered:
        appeal.outcome, appeal.resolved_at = "", None
        appeal.resolved_by = appeal.answer = None
    Appeal.objects.bulk_update(answered, ["outcome", "resolved_at", "resolved_by", "answer"])
    comments = [appeal.decision.comment for appeal in answered]
    # Where the comment is held again, it is in the queue as it was.
    waiting = Reviewable.objects.open().filter(comment__in=comments)
    there = set(waiting.values_list("comment", flat=True))
    Reviewable.objects.bulk_create(
        Reviewable.of(comment, why=QueueReason.APPEALED, priority=PRIORITY, now=now)
        for comment in comments
        if comment.pk not in there
    )
