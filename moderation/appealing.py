"""Appealing: an author disagrees with a decision, and a person looks again."""

from datetime import datetime

from django.db import transaction

from comments.models import Comment, Status
from moderation.deciding import Refused
from moderation.models import Appeal, Reviewable, Why


class NotAppealable(Refused):
    """Only a standing decision to reject, once, can be appealed."""

    code = "not-appealable"


@transaction.atomic
def submit(comment: Comment, *, text: str, now: datetime) -> Appeal:
    """File an author's appeal against the decision that stands, and put it into the queue.

    The next decision of a moderator answers it: `deciding` records it as upheld or overturned.
    Raises NotAppealable when the comment was not refused, or was appealed for already.
    """
    decision = (
        comment.decisions.standing()
        .filter(revision=comment.revision)
        .select_for_update(of=("self",))
        .first()
    )
    if comment.status not in (Status.REJECTED, Status.SPAM) or decision is None:
        raise NotAppealable("Only a comment that was refused can be appealed for.")
    if Appeal.objects.filter(decision__comment=comment).exists():
        raise NotAppealable("There was an appeal for this comment already.")
    appeal = Appeal.objects.create(decision=decision, text=text, submitted_at=now)
    Reviewable.objects.create(
        site_id=comment.site_id, comment=comment, why=Why.APPEALED, priority=0.7, opened_at=now
    )
    return appeal
