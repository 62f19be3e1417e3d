"""Cases: what is known of a comment while its row is locked, and what may be decided about it."""

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
    """A comment, the decision that stands for its present text, and whether a screening is due."""

    comment: Comment | None
    standing: Decision | None
    waits_for_screening: bool


def lock(ids: Sequence[UUID]) -> Mapping[UUID, LockedComment]:
    """Lock comments, in the order of their ids, and return what is known of each of them."""
    comments = Comment.objects.select_for_update(of=("self",)).order_by("pk").in_bulk(ids)
    standing = {
        (decision.comment_id, decision.revision): decision
        for decision in Decision.objects.effective().filter(comment__in=ids)
    }
    waiting = set(Screening.objects.filter(comment__in=ids).values_list("comment_id", flat=True))
    return {
        pk: LockedComment(
            comment, standing.get((pk, comment.revision)) if comment else None, pk in waiting
        )
        for pk, comment in ((pk, comments.get(pk)) for pk in ids)
    }


def refusal(proposal: Proposal, case: LockedComment) -> DecisionRefused | None:
    """Return why a proposal can't be recorded; None when it can."""
    if case.comment is None:
        return CommentGone("There is no such comment.")
    if case.comment.revision != proposal.revision:
        return RevisionStale(
            f"The text was changed: revision {case.comment.revision} is the newest, "
            f"and this is about revision {proposal.revision}. Read it and decide again."
        )
    if proposal.takes_back and not _can_be_taken_back(proposal.takes_back, case.standing):
        return NotUndoable("Only a moderator's decision that still stands can be undone.")
    if proposal.source is DecisionSource.MODERATOR:
        return _overtaken(proposal, case.comment, case.standing)
    if (
        case.standing
        and case.standing.source == DecisionSource.MODERATOR
        and not _own_act(proposal)
    ):
        return AlreadySettled("A moderator has decided about this text.")
    if (
        proposal.source is DecisionSource.AUTOMATION
        and case.standing
        and case.standing.source == DecisionSource.SITE
    ):
        return AlreadySettled("The site has decided about this text.")
    if proposal.source is DecisionSource.AUTOMATION and not case.waits_for_screening:
        return AlreadySettled("This text has been screened.")
    if proposal.source is DecisionSource.READERS and case.comment.status != Status.APPROVED:
        return AlreadySettled("The comment is not public.")
    if case.comment.status == Status.DELETED:
        return AlreadySettled("The comment is deleted.")
    return None


def _can_be_taken_back(decision: UUID, standing: Decision | None) -> bool:
    return (
        standing is not None
        and standing.pk == decision
        and standing.source == DecisionSource.MODERATOR
    )


def _overtaken(
    proposal: Proposal, comment: Comment, standing: Decision | None
) -> StatusChanged | None:
    if proposal.seen in ("", comment.status):
        return None
    who = standing.decided_by if standing and standing.decided_by else "Somebody else"
    return StatusChanged(
        f"{who} has decided meanwhile: the comment is {comment.get_status_display().lower()} now. "
        "Look again, and decide once more if you disagree."
    )


def _own_act(proposal: Proposal) -> bool:
    """An author may delete the own comment, and a site what it hosts, whatever was decided."""
    return (
        proposal.source in (DecisionSource.AUTHOR, DecisionSource.SITE)
        and proposal.verdict is Verdict.DELETE
    )
