"""Row locks on comments, and which proposals may be recorded about a locked comment."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.translation import gettext

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
from moderation.decisions.revise import is_revised_by_site
from moderation.models import Decision, DecisionSource, Reviewable, Screening
from moderation.rules.verdicts import Verdict


class LockedComment(NamedTuple):
    """A locked comment, the effective decision on its present text, and what counts beside.

    `earlier_decision` is a moderator's effective decision on an earlier text, the latest of them.
    """

    comment: Comment | None
    effective_decision: Decision | None
    is_screening_due: bool
    earlier_decision: Decision | None = None
    was_deleted_by_site: bool = False


def lock(ids: Sequence[UUID]) -> Mapping[UUID, LockedComment]:
    """Lock comments for update in the order of their ids, which prevents deadlocks."""
    # With what notifications ask of them.
    related = Comment.objects.select_related("author__subscriber", "thread").order_by("pk")
    comments = related.select_for_update(of=("self",)).in_bulk(ids)
    decisions = _decisions(ids)
    due = set(Screening.objects.filter(comment__in=ids).values_list("comment_id", flat=True))
    return {pk: _locked(comments.get(pk), decisions.get(pk, []), is_due=pk in due) for pk in ids}


def _decisions(ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Decision]]:
    """Return, by comment, the effective decisions and the deletions by the site, oldest first."""
    is_effective = ExpressionWrapper(Q(overridden_by=None), output_field=BooleanField())
    relevant = Q(overridden_by=None) | Q(source=DecisionSource.SITE, verdict=Verdict.DELETE)
    rows = Decision.objects.filter(relevant, comment__in=ids)
    decisions: dict[UUID, list[Decision]] = {}
    for decision in rows.annotate(is_effective=is_effective).order_by("revision", "pk"):
        decisions.setdefault(decision.comment_id, []).append(decision)
    return decisions


def _locked(
    comment: Comment | None, decisions: Sequence[Decision], *, is_due: bool
) -> LockedComment:
    if comment is None:
        return LockedComment(None, None, is_due)
    effective = {d.revision: d for d in decisions if d.is_effective}  # type: ignore[attr-defined]
    by_moderators = [d for d in effective.values() if d.source == DecisionSource.MODERATOR]
    earlier = [d for d in by_moderators if d.revision < comment.revision]
    return LockedComment(
        comment,
        effective.get(comment.revision),
        is_due,
        earlier[-1] if earlier else None,
        any(d.source == DecisionSource.SITE and d.verdict == Verdict.DELETE for d in decisions),
    )


def refusal(proposal: Proposal, locked: LockedComment) -> DecisionRefused | None:
    """Return why a proposal can't be recorded; None when it can be."""
    if locked.comment is None or locked.comment.purged_at:
        return CommentGone(gettext("There is no such comment."))
    if locked.comment.revision != proposal.revision:
        return RevisionStale(
            gettext(
                "The text was changed: revision %(newest)s is the newest, and this is about "
                "revision %(read)s. Read it and decide again."
            )
            % {"newest": locked.comment.revision, "read": proposal.revision}
        )
    effective = locked.effective_decision
    if proposal.undone_decision_id and not _can_be_undone(proposal.undone_decision_id, effective):
        return NotUndoable(gettext("Only a moderator's decision that still stands can be undone."))
    if proposal.source is DecisionSource.MODERATOR:
        return _conflict(proposal, locked.comment, effective)
    if settled := _settled_by_person(proposal, locked):
        return settled
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
    if proposal.expected_status == Status.HELD and _is_shown_as_held(comment):
        return None
    who = effective.decided_by if effective and effective.decided_by else gettext("Somebody else")
    return StatusChanged(
        gettext(
            "%(who)s has decided meanwhile: the comment is %(status)s now. Look again, and decide "
            "once more if you disagree."
        )
        % {"who": who, "status": comment.get_status_display().lower()}
    )


def _is_shown_as_held(comment: Comment) -> bool:
    """Return whether it waits for the blind audit, where its status is not shown."""
    return Reviewable.objects.open().filter(comment=comment, is_blind=True).exists()


def _settled_by_person(proposal: Proposal, locked: LockedComment) -> AlreadySettled | None:
    """Return why a moderator's decision stands against a proposal of no moderator."""
    if _is_owners_deletion(proposal):
        by_site = proposal.source is DecisionSource.SITE
        if by_site and locked.was_deleted_by_site and _is_decided_by_moderator(locked):
            return AlreadySettled(
                "A moderator has restored this comment after the site deleted it: "
                "a person alone may delete it now."
            )
        return None
    if _is_decided_by_moderator(locked):
        return AlreadySettled("A moderator has decided about this text.")
    if proposal.source is DecisionSource.SITE and _contradicts_earlier_decision(proposal, locked):
        return AlreadySettled(
            "A moderator has decided about an earlier text of this comment: a person decides "
            "about this one."
        )
    return None


def _is_decided_by_moderator(locked: LockedComment) -> bool:
    effective = locked.effective_decision
    return effective is not None and effective.source == DecisionSource.MODERATOR


def _contradicts_earlier_decision(proposal: Proposal, locked: LockedComment) -> bool:
    """Return whether a site would publish by a new text what a person refused, or the reverse.

    Its own text in the place of one that a person approved is for a person, too.
    """
    if locked.earlier_decision is None or locked.comment is None:
        return False
    if locked.earlier_decision.verdict == Verdict.APPROVE:
        return is_revised_by_site(locked.comment)
    return proposal.verdict is Verdict.APPROVE


def overrules_moderator(proposal: Proposal, locked: LockedComment) -> bool:
    """Return whether a site deletes what a moderator decided about: a moderator looks again."""
    return (
        proposal.source is DecisionSource.SITE
        and proposal.verdict is Verdict.DELETE
        and (_is_decided_by_moderator(locked) or locked.earlier_decision is not None)
    )


def _is_owners_deletion(proposal: Proposal) -> bool:
    """Return whether an author deletes their own comment or a site one of its comments.

    Either may do so whatever was decided; a site once, and a moderator looks again.
    """
    return (
        proposal.source in (DecisionSource.AUTHOR, DecisionSource.SITE)
        and proposal.verdict is Verdict.DELETE
    )
