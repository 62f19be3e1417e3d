"""Where a comment stands, as its author is told beside it."""

from datetime import datetime
from typing import NamedTuple

from comments.models import Comment, Status
from moderation.decisions.author_view import AuthorView, for_comment
from moderation.notifications.mail import reasons

STATES = {
    Status.PENDING: "waiting",
    Status.HELD: "held",
    Status.APPROVED: "published",
    Status.REJECTED: "not_published",
    Status.DELETED: "deleted",
    # Who sends spam learns nothing from the page; at the status page a person finds out, and why.
    Status.SPAM: "waiting",
}
SETTLED = frozenset({Status.APPROVED, Status.REJECTED, Status.SPAM, Status.DELETED})


class Progress(NamedTuple):
    """A comment's state for its author, whether it is final, and what the author can do."""

    state: str
    settled: bool
    reason: str = ""
    can_appeal: bool = False
    editable_until: datetime | None = None


def of(comment: Comment, *, now: datetime) -> Progress:
    """Return where a comment stands; the reason is in the active language."""
    if comment.status == Status.PENDING:
        # Nobody has decided about this text: there is nothing to look up beside a post.
        until = comment.editable_until if comment.is_editable(now) else None
        return Progress(STATES[Status.PENDING], settled=False, editable_until=until)
    view = for_comment(comment, now=now)
    is_rejected = comment.status == Status.REJECTED and view.decision is not None
    return Progress(
        state="confirm" if _waits_for_address(view) else STATES[Status(comment.status)],
        settled=comment.status in SETTLED,
        reason=reasons.for_author(view.decision) if is_rejected and view.decision else "",
        can_appeal=is_rejected and view.is_appealable,
        editable_until=comment.editable_until if view.is_editable else None,
    )


def _waits_for_address(view: AuthorView) -> bool:
    return (
        view.decision is not None
        and view.comment.status == Status.HELD
        and reasons.awaits_confirmation(view.decision)
    )
