"""What a comment's author may see and do: its decision, appeal and edit window."""

from dataclasses import dataclass
from datetime import datetime

from comments.models import Comment
from moderation.models import Appeal, Decision
from moderation.models.appeal import AppealOutcome
from moderation.rules.outcomes import STATUSES_REFUSED


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorView:
    """A comment with the effective decision on its present text and its appeal, if any."""

    comment: Comment
    decision: Decision | None
    appeal: Appeal | None
    is_editable: bool

    @property
    def is_refused(self) -> bool:
        """Whether it was rejected or marked as spam."""
        return self.comment.status in STATUSES_REFUSED

    @property
    def is_appealable(self) -> bool:
        """Whether its author may appeal, which is possible once."""
        return self.is_refused and self.decision is not None and self.appeal is None

    @property
    def was_upheld(self) -> bool:
        """Whether the author's appeal was upheld: another person agreed with the refusal."""
        return self.appeal is not None and self.appeal.outcome == AppealOutcome.UPHELD


def for_comment(comment: Comment, *, now: datetime) -> AuthorView:
    """Return what the author of a comment may see and do at `now`."""
    decisions = Decision.objects.effective().filter(comment=comment, revision=comment.revision)
    appeals = Appeal.objects.filter(decision__comment=comment)
    return AuthorView(
        comment=comment,
        decision=decisions.first(),
        appeal=appeals.first(),
        is_editable=comment.is_editable(now),
    )
