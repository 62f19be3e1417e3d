"""Changes to a received comment by its author or by the site that hosts it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from comments.models import Comment, SiteKey, Status
from comments.text.visible import contained
from moderation.decisions import audit
from moderation.decisions.decide import decide_one
from moderation.decisions.proposals import Proposal
from moderation.decisions.revise import revise
from moderation.intake.refusals import SubmissionRefused
from moderation.models import AuditAction, Decision, DecisionSource
from moderation.rules.verdicts import Verdict
from moderation.screening import tasks

# Each is screened, and kept.
MOST_REVISIONS = 50


class EditWindowOver(SubmissionRefused):
    """The time in which the author may change the comment is over."""

    code = "too-late"


class TooManyEdits(SubmissionRefused):
    """The comment has as many revisions as it may have by its author."""

    code = "too-many-edits"


@transaction.atomic
def edit(comment: Comment, *, body: str, now: datetime) -> Comment:
    """Replace a comment's text by its author's new one, which is screened like a new comment.

    Raises EditWindowOver outside the site's edit window, or when the comment was refused, and
    TooManyEdits beyond MOST_REVISIONS.
    """
    if not comment.is_editable(now):
        raise EditWindowOver(_("This comment can’t be changed any more."))
    if contained(body) == comment.body:
        return comment
    if comment.revision >= MOST_REVISIONS:
        raise TooManyEdits(_("This comment was changed very often, and can’t be once more."))
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
def replace_text(comment: Comment, *, body: str, now: datetime, key: SiteKey) -> Comment:
    """Replace a comment's text on behalf of the site's server, at any time; it is screened again.

    Where a moderator has decided about the former text, a person looks at the new one
    (`screening.checks.earlier_decision`). Raises EditWindowOver when the comment is deleted
    or purged.
    """
    if comment.status == Status.DELETED or comment.purged_at:
        raise EditWindowOver(_("This comment is deleted."))
    if contained(body) == comment.body:
        return comment
    revised = revise(comment, body=body, by_site=True, now=now)
    detail = {"revision": revised.revision}
    audit.record(
        AuditAction.EDITED, site=key.site, by=key, now=now, subject=comment.pk, detail=detail
    )
    tasks.enqueue_screening(comment.pk)
    return revised


def decide_for_site(
    comment: Comment, verdict: Verdict, *, now: datetime, key: SiteKey, reasoning: str = ""
) -> Decision:
    """Record the verdict of the site's own software. Raises DecisionRefused.

    A moderator's decision takes precedence, but for a deletion, which a moderator may take back.
    """
    return decide_one(
        Proposal(
            comment_id=comment.pk,
            revision=comment.revision,
            verdict=verdict,
            source=DecisionSource.SITE,
            key=key,
            reasoning=reasoning,
        ),
        now=now,
    )
