"""Pin comments to the top of their thread, and mark those that are worth reading as featured."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from comments.models import Comment, Status, Thread, User
from moderation.decisions import audit
from moderation.decisions.proposals import DecisionRefused
from moderation.models import AuditAction
from moderation.review.queue import blind

# Pinned comments of one thread, which stand above all others.
MOST_PINNED = 3


class NotPublic(DecisionRefused):
    """Only a published comment is pinned or featured."""

    code = "not-public"


class NotTopLevel(DecisionRefused):
    """A reply stands below its parent, and can't be pinned to the top."""

    code = "not-top-level"


class TooManyPinned(DecisionRefused):
    """The thread has as many pinned comments as it may."""

    code = "too-many-pinned"


@transaction.atomic
def pin(comment: Comment, *, pinned: bool, by: User, now: datetime) -> None:
    """Pin a comment to the top of its thread, or take it down. Raises DecisionRefused."""
    comment = _locked(comment)
    if pinned == (comment.pinned_at is not None):
        return
    if pinned:
        _check_pinnable(comment)
    comment.pinned_at = now if pinned else None
    action = AuditAction.PINNED if pinned else AuditAction.UNPINNED
    _save(comment, "pinned_at", action, by=by, now=now)


@transaction.atomic
def feature(comment: Comment, *, featured: bool, by: User, now: datetime) -> None:
    """Mark a comment as featured, or no longer. Raises NotPublic."""
    comment = _locked(comment)
    if featured == comment.featured:
        return
    if featured and not _is_public(comment):
        raise NotPublic(gettext("Publish the comment before you feature it."))
    comment.featured = featured
    action = AuditAction.FEATURED if featured else AuditAction.UNFEATURED
    _save(comment, "featured", action, by=by, now=now)


def _locked(comment: Comment) -> Comment:
    """Lock the thread first, so that two pins at once are counted one by one."""
    list(Thread.objects.filter(pk=comment.thread_id).select_for_update(no_key=True))
    comments = Comment.objects.select_for_update(of=("self",)).select_related("site")
    return comments.get(pk=comment.pk)


def _is_public(comment: Comment) -> bool:
    """Return whether it is public, and moderators may know it."""
    return comment.status == Status.APPROVED and not blind.is_waiting(comment)


def _check_pinnable(comment: Comment) -> None:
    if not _is_public(comment):
        raise NotPublic(gettext("Publish the comment before you pin it."))
    if comment.parent_id:
        raise NotTopLevel(gettext("This is a reply: pin the comment at the top of its branch."))
    others = Comment.objects.public().filter(thread=comment.thread_id, pinned_at__isnull=False)
    if others.count() >= MOST_PINNED:
        text = gettext("%(number)s comments are pinned here: take one of them down first.")
        raise TooManyPinned(text % {"number": MOST_PINNED})


def _save(comment: Comment, field: str, action: AuditAction, *, by: User, now: datetime) -> None:
    comment.save(update_fields=[field])
    audit.record(action, site=comment.site, by=by, now=now, subject=comment.pk)
    Thread.objects.touch([comment.thread_id])
