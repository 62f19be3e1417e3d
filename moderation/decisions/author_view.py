"""Where a comment stands, as its author is told."""

from dataclasses import dataclass
from datetime import datetime

from comments.models import Comment
from moderation.models import Appeal, Decision
from moderation.models.appeal import AppealOutcome
from moderation.rules.outcomes import STATUSES_REFUSED


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorView:
    """A comment, the decision on its text and the appeal, if any, and what its author may do."""

    comment: Comment
    decision: Decision | None
    appeal: Appeal | None
    is_editable: bool

    @property
    def is_refused(self) -> bool:
        """Tell whether it was looked at and not published."""
        return self.comment.status in STATUSES_REFUSED

    @property
    def is_appealable(self) -> bool:
        """Tell whether its author may ask for another look: once."""
        return self.is_refused and self.decision is not None and self.appeal is None

    @property
    def was_upheld(self) -> bool:
        """Tell whether another person looked and agreed with the refusal."""
        return self.appeal is not None and self.appeal.outcome == AppealOutcome.UPHELD


def for_comment(comment: Comment, *, now: datetime) -> AuthorView:
    """Return where a comment stands."""
    decisions = Decision.objects.effective().filter(comment=comment, revision=comment.revision)
    appeals = Appeal.objects.filter(decision__comment=comment)
    return AuthorView(
        comment=comment,
        decision=decisions.first(),
        appeal=appeals.first(),
        is_editable=comment.is_editable(now),
    )
