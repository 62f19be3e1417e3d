"""Changes to a received comment by its author or by the site that hosts it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from comments.models import Comment, Status
from moderation.decisions.decide import decide_one
from moderation.decisions.proposals import Proposal
from moderation.decisions.revise import revise
from moderation.intake.receive import SubmissionRefused
from moderation.models import Decision, DecisionSource
from moderation.rules.verdicts import Verdict
from moderation.screening import tasks


class EditWindowOver(SubmissionRefused):
    """The time in which the author may change the comment is over."""

    code = "too-late"


@transaction.atomic
def edit(comment: Comment, *, body: str, now: datetime) -> Comment:
    """Replace a comment's text by its author's new one, which is screened like a new comment.

    Raises EditWindowOver outside the site's edit window, or when the comment was refused.
    """
    if not comment.is_editable(now):
        raise EditWindowOver(_("This comment can’t be changed any more."))
    if body == comment.body:
        return comment
    revised = revise(comment, body=body, now=now)
    tasks.enqueue_screening(comment.pk)
    return revised


def withdraw(comment: Comment, *, now: datetime) -> Decision:
    """Delete a comment on behalf of its author."""
    return decide_one(
        Proposal(
            comment_id=comment.pk,
            revision=comment.revision,
            verdict=Verdict.DELETE,
            source=DecisionSource.AUTHOR,
        ),
        now=now,
    )


@transaction.atomic
def replace_text(comment: Comment, *, body: str, now: datetime) -> Comment:
    """Replace a comment's text on behalf of the site's server, at any time; it is screened again.

    Raises EditWindowOver when the comment is deleted.
    """
    if comment.status == Status.DELETED:
        raise EditWindowOver(_("This comment is deleted."))
    revised = revise(comment, body=body, now=now)
    tasks.enqueue_screening(comment.pk)
    return revised


def decide_for_site(
    comment: Comment, verdict: Verdict, *, now: datetime, reasoning: str = ""
) -> Decision:
    """Record the verdict of the site's own software. Raises DecisionRefused.

    A moderator's decision takes precedence, but for a deletion.
    """
    return decide_one(
        Proposal(
            comment_id=comment.pk,
            revision=comment.revision,
            verdict=verdict,
            source=DecisionSource.SITE,
            reasoning=reasoning,
        ),
        now=now,
    )
