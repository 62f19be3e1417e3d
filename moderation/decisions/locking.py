"""Row locks on comments, and which proposals may be recorded about a locked comment."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from comments.models import Comment, Status
from moderation.decisions.proposals import (
    AlreadySettled,
    CommentGone,
    DecisionRefused,
    NotUndoable,
    Proposal,
    RevisionStale,
    StatusChanged,
)
from moderation.models import Decision, DecisionSource, Screening
from moderation.rules.verdicts import Verdict


class LockedComment(NamedTuple):
    """A locked comment and the effective decision on its present text."""

    comment: Comment | None
    effective_decision: Decision | None
    is_screening_due: bool


def lock(ids: Sequence[UUID]) -> Mapping[UUID, LockedComment]:
    """Lock comments for update in the order of their ids, which prevents deadlocks."""
    comments = Comment.objects.select_for_update(of=("self",)).order_by("pk").in_bulk(ids)
    effective = {
        (decision.comment_id, decision.revision): decision
        for decision in Decision.objects.effective().filter(comment__in=ids)
    }
    due = set(Screening.objects.filter(comment__in=ids).values_list("comment_id", flat=True))
    return {
        pk: LockedComment(
            comment, effective.get((pk, comment.revision)) if comment else None, pk in due
        )
        for pk, comment in ((pk, comments.get(pk)) for pk in ids)
    }


def refusal(proposal: Proposal, locked: LockedComment) -> DecisionRefused | None:
    """Return why a proposal can't be recorded; None when it can be."""
    if locked.comment is None:
        return CommentGone("There is no such comment.")
    if locked.comment.revision != proposal.revision:
        return RevisionStale(
            f"The text was changed: revision {locked.comment.revision} is the newest, "
            f"and this is about revision {proposal.revision}. Read it and decide again."
        )
    effective = locked.effective_decision
    if proposal.undone_decision_id and not _can_be_undone(proposal.undone_decision_id, effective):
        return NotUndoable("Only a moderator's decision that still stands can be undone.")
    if proposal.source is DecisionSource.MODERATOR:
        return _conflict(proposal, locked.comment, effective)
    if (
        effective
        and effective.source == DecisionSource.MODERATOR
        and not _is_owners_deletion(proposal)
    ):
        return AlreadySettled("A moderator has decided about this text.")
    if (
        proposal.source is DecisionSource.AUTOMATION
        and effective
        and effective.source == DecisionSource.SITE
    ):
        return AlreadySettled("The site has decided about this text.")
    if proposal.source is DecisionSource.AUTOMATION and not locked.is_screening_due:
        return AlreadySettled("This text has been screened.")
    if proposal.source is DecisionSource.READERS and locked.comment.status != Status.APPROVED:
        return AlreadySettled("The comment is not public.")
    if locked.comment.status == Status.DELETED:
        return AlreadySettled("The comment is deleted.")
    return None


def _can_be_undone(decision_id: UUID, effective: Decision | None) -> bool:
    """Return whether a decision is a moderator's, and the one in effect."""
    return (
        effective is not None
        and effective.pk == decision_id
        and effective.source == DecisionSource.MODERATOR
    )


def _conflict(
    proposal: Proposal, comment: Comment, effective: Decision | None
) -> StatusChanged | None:
    """Return StatusChanged when somebody has decided since the moderator read the comment."""
    if proposal.expected_status in ("", comment.status):
        return None
    who = effective.decided_by if effective and effective.decided_by else "Somebody else"
    return StatusChanged(
        f"{who} has decided meanwhile: the comment is {comment.get_status_display().lower()} now. "
        "Look again, and decide once more if you disagree."
    )


def _is_owners_deletion(proposal: Proposal) -> bool:
    """Return whether an author deletes their own comment or a site one of its comments.

    Either may do so whatever was decided.
    """
    return (
        proposal.source in (DecisionSource.AUTHOR, DecisionSource.SITE)
        and proposal.verdict is Verdict.DELETE
    )
