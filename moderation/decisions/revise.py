"""Replace a comment's text: keep the earlier revision, and have the new one screened."""

from datetime import datetime

from django.db import transaction

from comments.models import Comment, Revision, Status, Thread
from comments.models.comment import text_digest
from comments.text.markdown import render
from moderation.models import ChangedDay, Reviewable, Screening

# In a comment's intake: who wrote its present text, where that is not the first.
REVISED_BY, SITE, AUTHOR = "revised_by", "site", "author"


def is_revised_by_site(comment: Comment) -> bool:
    """Return whether the site's software, and not the author, wrote the present text."""
    return bool(comment.intake.get(REVISED_BY) == SITE)


@transaction.atomic
def revise(comment: Comment, *, body: str, now: datetime, by_site: bool = False) -> Comment:
    """Replace a comment's text; the old one is kept as a Revision, and the new one is screened.

    `by_site` says that the site's software wrote it, not the author. The caller enqueues the
    screening (`moderation.screening.tasks`).
    """
    comment = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    Revision.objects.create(
        comment=comment, number=comment.revision, body=comment.body, replaced_at=now
    )
    comment.body, comment.body_html, comment.body_digest = body, render(body), text_digest(body)
    comment.revision += 1
    comment.intake = {**comment.intake, REVISED_BY: SITE if by_site else AUTHOR}
    if comment.status == Status.APPROVED:
        Thread.objects.touch([comment.thread_id])
    comment.edited_at = now
    comment.status = Status.PENDING
    text = ["body", "body_html", "body_digest", "revision", "edited_at", "intake"]
    comment.save(update_fields=[*text, "status"])
    ChangedDay.objects.mark([comment.pk])
    Reviewable.objects.open().filter(comment=comment).update(closed_at=now)
    Screening.objects.update_or_create(
        comment=comment, defaults={"attempts": 0, "claimed_until": None, "waits_until": None}
    )
    return comment
