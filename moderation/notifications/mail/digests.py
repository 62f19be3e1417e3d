"""Notices become mails: one for each answer, or a digest for those who want fewer."""

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
# More than so many at a time come as a digest to everybody.
MOST_SINGLE = 3
# A digest tells of so many in full, and counts the rest.
MOST_IN_DIGEST = 30


class _Told(NamedTuple):
    kind: MailKind
    subscriber: Subscriber
    notifications: Sequence[Notification]


@transaction.atomic
def compose(*, now: datetime) -> bool:
    """Write what one subscriber is told now, and tell whether there was somebody to tell.

    The subscriber is locked meanwhile: two workers never tell the same person.
    """
    digest_due = Q(last_digest_at=None) | Q(last_digest_at__lte=now - A_DAY)
    due = Subscriber.objects.filter(pk__in=Notification.objects.due(now).values("subscriber"))
    due = due.filter(Q(frequency=Frequency.AT_ONCE) | digest_due)
    locked = due.select_for_update(skip_locked=True, of=("self",))
    subscriber = locked.select_related("author__site").first()
    if subscriber is None:
        return False
    notifications = _still_true(subscriber, now=now)
    if subscriber.frequency == Frequency.DAILY or len(notifications) > MOST_SINGLE:
        _write_digest(subscriber, notifications, now=now)
    else:
        for notification in notifications:
            _write_single(subscriber, notification, now=now)
    return True


def message_id(comment: Comment, digest: str) -> str:
    """Return the Message-ID of a comment in the mail of one recipient, always the same.

    So answers stand below what they answer, in every mail program (RFC 5322, section 3.6.4).
    """
    return f"<{comment.pk}.{digest[:16]}@{outbox.host()}>"


def _still_true(subscriber: Subscriber, *, now: datetime) -> list[Notification]:
    """Return the subscriber's notifications, and drop those about what is not public any more."""
    due = Notification.objects.due(now).filter(subscriber=subscriber)
    due.exclude(comment__status=Status.APPROVED).delete()
    related = "comment__thread__site", "comment__parent", "comment__root", "subscription"
    return list(due.select_related(*related).order_by("comment"))


def _write_single(subscriber: Subscriber, notification: Notification, *, now: datetime) -> None:
    comment, digest = notification.comment, subscriber.author.email_digest
    context = {
        "comment": comment,
        "thread": comment.thread,
        "is_answer": notification.subscription.comment_id is not None,
        "link": signed_links.comment_url(comment),
        "unsubscribe": signed_links.unsubscribe_url(subscriber, notification.subscription),
    }
    headers = {"Message-ID": message_id(comment, digest), **_references(comment, digest)}
    _post(_Told(MailKind.REPLY, subscriber, [notification]), context, headers, now=now)


def _write_digest(
    subscriber: Subscriber, notifications: Sequence[Notification], *, now: datetime
) -> None:
    shown = [notification.comment for notification in notifications[:MOST_IN_DIGEST]]
    context = {
        "answers": [{"comment": c, "link": signed_links.comment_url(c)} for c in shown],
        "count": len(notifications),
        "more": len(notifications) - len(shown),
        "unsubscribe": signed_links.unsubscribe_url(subscriber),
    }
    Subscriber.objects.filter(pk=subscriber.pk).update(last_digest_at=now)
    if notifications:
        _post(_Told(MailKind.DIGEST, subscriber, notifications), context, {}, now=now)


def _post(told: _Told, context: dict[str, Any], headers: dict[str, str], *, now: datetime) -> None:
    """Write a mail, and down that these notifications were told by it."""
    subscriber = told.subscriber
    try:
        to = email_addresses.decrypt(subscriber.author.email_encrypted)
    except InvalidToken:
        Notification.objects.filter(subscriber=subscriber, notified_at=None).delete()
        return
    one_click = {
        "List-Unsubscribe": f"<{context['unsubscribe']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    letter = OutgoingEmail(
        kind=told.kind,
        to=to,
        language=subscriber.language,
        site=subscriber.author.site,
        comment=told.notifications[0].comment if len(told.notifications) == 1 else None,
        context=context,
        headers={**headers, **one_click},
    )
    mail = outbox.enqueue(letter, now=now)
    ids = [notification.pk for notification in told.notifications]
    Notification.objects.filter(pk__in=ids).update(notified_at=now, mail=mail)


def _references(comment: Comment, digest: str) -> dict[str, str]:
    """Return the headers that put a mail below those about what it answers."""
    above = [c for c in (comment.root, comment.parent) if c]
    page = f"<{comment.thread_id}.{digest[:16]}@{outbox.host()}>"
    ids = list(dict.fromkeys([page, *(message_id(c, digest) for c in above)]))
    return {"In-Reply-To": ids[-1], "References": " ".join(ids)}
