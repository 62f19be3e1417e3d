"""Confirming: somebody shows, by a link that was mailed to an address, that it is theirs."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comments.models import Author, Comment, Subscription
from comments.privacy import signed_links
from comments.threads import subscriptions
from moderation.models import MailKind, SuppressionReason
from moderation.notifications.mail import announcements, outbox
from moderation.notifications.mail import tasks as mail_tasks
from moderation.notifications.mail.announcements import address_of as address_of
from moderation.notifications.mail.outbox import OutgoingEmail
from moderation.rules.outcomes import STATUSES_NOT_CONFIRMABLE, STATUSES_WAITING
from moderation.screening import screen
from moderation.screening import tasks as screening_tasks

# A confirmation is about the newest so many of an author's comments.
MOST = 50


class ConfirmationNotSent(Exception):
    """No mail can be sent to this address now; the message says why."""


@transaction.atomic
def send_person_link(comment: Comment, *, now: datetime) -> None:
    """Mail the author of a comment a link to everything that is held under the address.

    Raises ConfirmationNotSent when there is no address, or one was sent a short while ago.
    """
    author, to = comment.author, address_of(comment.author)
    if author is None or not to:
        raise ConfirmationNotSent(_("This reply came without an email address."))
    _check_suppressed(to)
    if not outbox.may_write(MailKind.PERSON, to=to, site=comment.site, now=now):
        raise _too_soon()
    letter = OutgoingEmail(
        kind=MailKind.PERSON,
        to=to,
        language=comment.page_language or settings.LANGUAGE_CODE,
        site=comment.site,
        context={"link": signed_links.data_request_url(author)},
    )
    outbox.enqueue(letter, now=now)
    mail_tasks.enqueue_mails()


@transaction.atomic
def send_confirmation(comment: Comment, *, now: datetime) -> None:
    """Send the author of a comment another confirmation mail. Raises ConfirmationNotSent."""
    _check_suppressed(address_of(comment.author))
    if not announcements.write_confirmation(comment, now=now):
        raise _too_soon()
    mail_tasks.enqueue_mails()


def unconfirmed(author: Author) -> QuerySet[Comment]:
    """Return the comments of which nobody has shown that this author wrote them."""
    theirs = Comment.objects.filter(author=author, author_verified=False)
    comments = theirs.exclude(status__in=STATUSES_NOT_CONFIRMABLE)
    return comments.filter(intake__has_any_keys=["form", "vouched_by"]).order_by("-id")[:MOST]


@transaction.atomic
def confirm(author: Author, comments: Iterable[UUID], *, now: datetime) -> None:
    """Take it that the address is the author's, and that these comments are.

    Those that waited for it are screened again, and mail that was asked for begins.
    """
    mine = _of(author, comments)
    Comment.objects.filter(pk__in=mine).update(author_verified=True)
    Author.objects.filter(pk=author.pk, verified_at=None).update(verified_at=now)
    subscriptions.confirm(author, now=now)
    waiting = Comment.objects.filter(pk__in=mine, status__in=STATUSES_WAITING)
    screen.rescreen(list(waiting.values_list("pk", flat=True)))
    screening_tasks.enqueue_sweep()


@transaction.atomic
def disown(author: Author, comments: Iterable[UUID], *, never_again: bool, now: datetime) -> None:
    """Take it that somebody else wrote these comments under the author's address.

    They lose the address, and what waits goes on waiting, for a moderator. The mail that they
    asked for ends. With `never_again` nothing is sent to the address any more.
    """
    foreign = _of(author, comments)
    if never_again:
        outbox.suppress(address_of(author), SuppressionReason.OBJECTION, now=now)
    Subscription.objects.filter(subscriber__author=author, comment__in=foreign).delete()
    Comment.objects.filter(pk__in=foreign).update(author=None)
    if not author.comments.exists():
        author.delete()


def _of(author: Author, comments: Iterable[UUID]) -> list[UUID]:
    wanted = set(comments)
    return [comment.pk for comment in unconfirmed(author) if comment.pk in wanted]


def _check_suppressed(address: str) -> None:
    if outbox.is_suppressed(address):
        raise ConfirmationNotSent(
            _("Mail to this address came back, or its owner wants none. Ask the site.")
        )


def _too_soon() -> ConfirmationNotSent:
    return ConfirmationNotSent(
        _("Such a mail was sent a short while ago. Look for it, among the spam as well.")
    )
