"""Decisions and appeals: who may resolve an appeal, and which decisions resolve or reopen it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from comments.models import Comment, Membership, Role, User
from moderation.decisions.proposals import DecisionRefused, OwnAppeal, Proposal, ReasonsMissing
from moderation.models import (
    Appeal,
    Decision,
    DecisionSource,
    EventType,
    Finding,
    QueueReason,
    Reviewable,
)
from moderation.models.appeal import AppealOutcome
from moderation.notifications.webhooks import events
from moderation.notifications.webhooks.events import NewEvent
from moderation.rules.causes import Cause
from moderation.rules.outcomes import VERDICTS_RESTRICTING
from moderation.rules.verdicts import Verdict

# Queue priority (risk, 0 to 1) of an appealed comment: a person may have got it wrong.
PRIORITY = 0.7


def refusals(proposals: Sequence[Proposal]) -> Mapping[UUID, DecisionRefused]:
    """Return, by comment id, why a moderator's proposal can't resolve the comment's open appeal.

    An appeal against the moderator's own decision is for a colleague, where there is one, and
    upholding a refusal needs reasons. Undoing one's own decision is always allowed.
    """
    by_comment = {
        p.comment_id: p for p in proposals if p.source is DecisionSource.MODERATOR and not p.undoes
    }
    if not by_comment:
        return {}
    open_appeals = Appeal.objects.filter(decision__comment__in=by_comment, resolved_at=None)
    refused: dict[UUID, DecisionRefused] = {}
    for appeal in open_appeals.select_related("decision__comment"):
        proposal = by_comment[appeal.decision.comment_id]
        if is_for_colleagues(appeal, proposal.decided_by):
            text = gettext("The author appeals against your decision: a colleague must look at it.")
            refused[proposal.comment_id] = OwnAppeal(text)
        elif _upholds(proposal) and not proposal.reasoning.strip():
            text = gettext("The author appeals: to refuse the comment again, give your reasons.")
            refused[proposal.comment_id] = ReasonsMissing(text)
    return refused


def is_for_colleagues(appeal: Appeal, moderator: User | None) -> bool:
    """Return whether an appeal is against the moderator's own decision and the site has another."""
    if moderator is None or appeal.decision.decided_by_id != moderator.pk:
        return False
    members = Membership.objects.filter(
        site=appeal.decision.comment.site_id, role__in=Role.at_least(Role.MODERATOR)
    )
    return members.filter(user__is_active=True).exclude(user=moderator).exists()


def update_appeals(accepted: Iterable[tuple[Proposal, Decision]], *, now: datetime) -> None:
    """Resolve the open appeals that moderators' decisions answer; reopen those of undone ones."""
    by_comment = {p.comment_id: d for p, d in accepted if p.source is DecisionSource.MODERATOR}
    undone = [p.undone_decision_id for p, _ in accepted if p.undone_decision_id]
    if undone:
        _reopen(undone, now=now)
    final = {pk: d for pk, d in by_comment.items() if d.verdict != Verdict.HOLD and not d.undoes}
    if final:
        _resolve(final, now=now)


def with_upheld_reasons(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Have moderators who uphold a refusal refuse it for what it was refused for.

    What a proposal says itself of its cause or reason counts.
    """
    silent = {
        p.comment_id
        for p in proposals
        if p.source is DecisionSource.MODERATOR and _upholds(p) and not (p.undoes or _says_why(p))
    }
    if not silent:
        return list(proposals)
    appeals = Appeal.objects.filter(decision__comment__in=silent, resolved_at=None)
    upheld = {a.decision.comment_id: a.decision for a in appeals.select_related("decision")}
    return [_as_upheld(p, upheld.get(p.comment_id)) for p in proposals]


def _as_upheld(proposal: Proposal, upheld: Decision | None) -> Proposal:
    if upheld is None or upheld.verdict != proposal.verdict:
        return proposal
    return replace(
        proposal,
        cause=Cause(upheld.cause) if upheld.cause else None,
        refusal_reason=upheld.refusal_reason,
        is_illegal=upheld.is_illegal,
    )


def _says_why(proposal: Proposal) -> bool:
    return bool(proposal.cause or proposal.refusal_reason)


def _upholds(proposal: Proposal) -> bool:
    return proposal.verdict in VERDICTS_RESTRICTING


def _resolve(decisions: Mapping[UUID, Decision], *, now: datetime) -> None:
    open_appeals = Appeal.objects.filter(decision__comment__in=decisions, resolved_at=None)
    resolved = list(open_appeals.select_related("decision__comment"))
    for appeal in resolved:
        decision = decisions[appeal.decision.comment_id]
        overturns = decision.verdict == Verdict.APPROVE
        appeal.outcome = AppealOutcome.OVERTURNED if overturns else AppealOutcome.UPHELD
        appeal.resolved_at, appeal.resolved_by = now, decision.decided_by
        appeal.answer = decision
    Appeal.objects.bulk_update(resolved, ["outcome", "resolved_at", "resolved_by", "answer"])
    resolved_events = [
        NewEvent(
            EventType.APPEAL_RESOLVED,
            appeal.decision.comment,
            {"appeal": {"id": str(appeal.pk), "outcome": appeal.outcome}},
            events.undo_window(DecisionSource.MODERATOR),
        )
        for appeal in resolved
    ]
    events.record(resolved_events, now=now)


def _reopen(undone: Sequence[UUID], *, now: datetime) -> None:
    reopened = list(Appeal.objects.filter(answer__in=undone).select_related("decision__comment"))
    for appeal in reopened:
        appeal.outcome, appeal.resolved_at = "", None
        appeal.resolved_by = appeal.answer = None
    Appeal.objects.bulk_update(reopened, ["outcome", "resolved_at", "resolved_by", "answer"])
    comments = [appeal.decision.comment for appeal in reopened]
    # An undo that holds the comment again has put it back into the queue already.
    in_queue = Reviewable.objects.open().filter(comment__in=comments)
    queued = set(in_queue.values_list("comment", flat=True))
    entering = [comment for comment in comments if comment.pk not in queued]
    Reviewable.objects.bulk_create(appealed(entering, now=now))


def appealed(comments: Sequence[Comment], *, now: datetime) -> list[Reviewable]:
    """Return unsaved queue entries for comments whose authors appeal."""
    found = Finding.objects.reasons_of([comment.pk for comment in comments])
    return [
        Reviewable.of(comment, why=QueueReason.APPEALED, priority=PRIORITY, now=now).found_for(
            found[comment.pk]
        )
        for comment in comments
    ]
