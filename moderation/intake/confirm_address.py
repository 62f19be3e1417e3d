"""Confirm email addresses by mailed links, and disown comments that somebody else wrote."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comments.models import Author, Comment, Subscription
from comments.models.badge import NO_BADGE
from comments.privacy import signed_links
from comments.threads import subscriptions
from moderation.intake import badges
from moderation.models import MailKind, SuppressionReason
from moderation.notifications.mail import announcements, outbox
from moderation.notifications.mail.announcements import address_of
from moderation.notifications.mail.outbox import OutgoingEmail
from moderation.notifications.mail.tasks import enqueue_mails
from moderation.rules.outcomes import STATUSES_NOT_CONFIRMABLE, STATUSES_WAITING
from moderation.screening import screen
from moderation.screening.tasks import enqueue_sweep

# A confirmation covers at most so many of an author's comments, the newest.
MAX_COMMENTS = 50


class ConfirmationNotSent(Exception):
    """Raised when no mail can be sent to the address now; the message says why."""


@transaction.atomic
def send_person_link(comment: Comment, *, now: datetime) -> None:
    """Mail the author of a comment a link to the page with all data held under the address.

    Raises ConfirmationNotSent when there is no address, it is suppressed, or one was sent recently.
    """
    author, to = comment.author, address_of(comment.author)
    if author is None or not to:
        raise ConfirmationNotSent(_("This reply came without an email address."))
    _check_suppressed(to)
    if not outbox.may_write(MailKind.PERSON, to=to, site=comment.site, now=now):
        raise _too_soon()
    email = OutgoingEmail(
        kind=MailKind.PERSON,
        to=to,
        language=comment.page_language or settings.LANGUAGE_CODE,
        site=comment.site,
        context={"link": signed_links.data_request_url(author)},
    )
    outbox.enqueue(email, now=now)
    enqueue_mails()


@transaction.atomic
def send_confirmation(comment: Comment, *, now: datetime) -> None:
    """Mail the author of a comment another confirmation link. Raises ConfirmationNotSent."""
    _check_suppressed(address_of(comment.author))
    if not announcements.write_confirmation(comment, now=now):
        raise _too_soon()
    enqueue_mails()


def unconfirmed(author: Author) -> QuerySet[Comment]:
    """Return an author's comments whose address is not verified, but for deleted ones and spam."""
    comments = Comment.objects.filter(author=author, author_verified=False)
    comments = comments.exclude(status__in=STATUSES_NOT_CONFIRMABLE)
    return comments.filter(intake__has_any_keys=["form", "vouched_by"]).order_by("-id")[
        :MAX_COMMENTS
    ]


@transaction.atomic
def confirm(author: Author, comments: Iterable[UUID], *, now: datetime) -> None:
    """Mark the address and these comments as the author's own.

    Those that are held or pending are screened again, and the author's subscriptions are confirmed.
    """
    own = _unconfirmed_ids(author, comments)
    Comment.objects.filter(pk__in=own).update(author_verified=True)
    badge = badges.badge_for(author.site, address_of(author), verified=True, claimed=NO_BADGE)
    Comment.objects.filter(pk__in=own, badge_kind="").update(badge_kind=badge.kind)
    Author.objects.filter(pk=author.pk).update(verified_at=now)
    subscriptions.confirm(author, now=now)
    waiting = Comment.objects.filter(pk__in=own, status__in=STATUSES_WAITING)
    screen.rescreen(list(waiting.values_list("pk", flat=True)))
    enqueue_sweep()


@transaction.atomic
def detach_address(
    author: Author, comments: Iterable[UUID], *, never_again: bool, now: datetime
) -> None:
    """Detach the address from comments that somebody else wrote under it.

    Their status stays, and their subscriptions end. With `never_again` the address is suppressed:
    no mail is sent to it any more.
    """
    foreign = _unconfirmed_ids(author, comments)
    if never_again:
        outbox.suppress(address_of(author), SuppressionReason.OBJECTION, now=now)
    Subscription.objects.filter(subscriber__author=author, comment__in=foreign).delete()
    Comment.objects.filter(pk__in=foreign).update(author=None)
    if not author.comments.exists():
        author.delete()


def _unconfirmed_ids(author: Author, comments: Iterable[UUID]) -> list[UUID]:
    ids = set(comments)
    return [comment.pk for comment in unconfirmed(author) if comment.pk in ids]


def _check_suppressed(address: str) -> None:
    if outbox.is_suppressed(address):
        raise ConfirmationNotSent(
            _("Mail to this address came back, or its owner wants none. Ask the site.")
        )


def _too_soon() -> ConfirmationNotSent:
    return ConfirmationNotSent(
        _("Such a mail was sent a short while ago. Look for it, among the spam as well.")
    )
