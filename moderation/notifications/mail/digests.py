"""Compose email messages from notifications: one for each reply, or a daily digest."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.db.models import Q

from comments.models import Comment, Frequency, Status, Subscriber
from comments.privacy import email_addresses, signed_links
from moderation.models import MailKind, Notification
from moderation.notifications.mail import outbox
from moderation.notifications.mail.outbox import OutgoingEmail

A_DAY = timedelta(days=1)
# More replies than this at a time are put into one digest, whatever the subscriber chose.
MOST_SINGLE = 3
# A digest shows so many replies in full, and counts the rest.
MOST_IN_DIGEST = 30


class NotificationBatch(NamedTuple):
    """The notifications of one subscriber that one message contains."""

    kind: MailKind
    subscriber: Subscriber
    notifications: Sequence[Notification]


@transaction.atomic
def compose(*, now: datetime) -> bool:
    """Compose the messages for one subscriber, and return whether there was one to notify.

    The subscriber is locked meanwhile, so that no second worker notifies the same person.
    """
    digest_due = Q(last_digest_at=None) | Q(last_digest_at__lte=now - A_DAY)
    due = Subscriber.objects.filter(pk__in=Notification.objects.due(now).values("subscriber"))
    due = due.filter(Q(frequency=Frequency.AT_ONCE) | digest_due)
    locked = due.select_for_update(skip_locked=True, of=("self",))
    subscriber = locked.select_related("author__site").first()
    if subscriber is None:
        return False
    notifications = _current_notifications(subscriber, now=now)
    if subscriber.frequency == Frequency.DAILY or len(notifications) > MOST_SINGLE:
        _compose_digest(subscriber, notifications, now=now)
    else:
        for notification in notifications:
            _compose_single(subscriber, notification, now=now)
    return True


def message_id(comment: Comment, digest: str) -> str:
    """Return the Message-ID of a comment for one recipient, always the same.

    So that mail programs show threads: replies below what they reply to (RFC 5322, 3.6.4).
    """
    return f"<{comment.pk}.{digest[:16]}@{outbox.host()}>"


def _current_notifications(subscriber: Subscriber, *, now: datetime) -> list[Notification]:
    """Return the subscriber's notifications; delete those of comments that are not public now."""
    due = Notification.objects.due(now).filter(subscriber=subscriber)
    due.exclude(comment__status=Status.APPROVED).delete()
    related = "comment__thread__site", "comment__parent", "comment__root", "subscription"
    return list(due.select_related(*related).order_by("comment"))


def _compose_single(subscriber: Subscriber, notification: Notification, *, now: datetime) -> None:
    comment, digest = notification.comment, subscriber.author.email_digest
    context = {
        "comment": comment,
        "thread": comment.thread,
        "is_answer": notification.subscription.comment_id is not None,
        "link": signed_links.comment_url(comment),
        "unsubscribe": signed_links.unsubscribe_url(subscriber, notification.subscription),
    }
    headers = {"Message-ID": message_id(comment, digest), **_references(comment, digest)}
    _enqueue(
        NotificationBatch(MailKind.REPLY, subscriber, [notification]), context, headers, now=now
    )


def _compose_digest(
    subscriber: Subscriber, notifications: Sequence[Notification], *, now: datetime
) -> None:
    comments = [notification.comment for notification in notifications[:MOST_IN_DIGEST]]
    context = {
        "answers": [{"comment": c, "link": signed_links.comment_url(c)} for c in comments],
        "count": len(notifications),
        "more": len(notifications) - len(comments),
        "unsubscribe": signed_links.unsubscribe_url(subscriber),
    }
    Subscriber.objects.filter(pk=subscriber.pk).update(last_digest_at=now)
    if notifications:
        _enqueue(
            NotificationBatch(MailKind.DIGEST, subscriber, notifications), context, {}, now=now
        )


def _enqueue(
    batch: NotificationBatch, context: dict[str, Any], headers: dict[str, str], *, now: datetime
) -> None:
    """Enqueue a message, and mark its notifications as sent."""
    subscriber = batch.subscriber
    try:
        to = email_addresses.decrypt(subscriber.author.email_encrypted)
    except InvalidToken:
        Notification.objects.filter(subscriber=subscriber, notified_at=None).delete()
        return
    one_click = {
        "List-Unsubscribe": f"<{context['unsubscribe']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    email = OutgoingEmail(
        kind=batch.kind,
        to=to,
        language=subscriber.language,
        site=subscriber.author.site,
        comment=batch.notifications[0].comment if len(batch.notifications) == 1 else None,
        context=context,
        headers={**headers, **one_click},
    )
    mail = outbox.enqueue(email, now=now)
    ids = [notification.pk for notification in batch.notifications]
    Notification.objects.filter(pk__in=ids).update(notified_at=now, mail=mail)


def _references(comment: Comment, digest: str) -> dict[str, str]:
    """Return the headers by which mail programs put a message below those that it replies to."""
    above = [c for c in (comment.root, comment.parent) if c]
    page = f"<{comment.thread_id}.{digest[:16]}@{outbox.host()}>"
    ids = list(dict.fromkeys([page, *(message_id(c, digest) for c in above)]))
    return {"In-Reply-To": ids[-1], "References": " ".join(ids)}
