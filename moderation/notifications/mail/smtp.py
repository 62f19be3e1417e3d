"""Sending: what `mailing` wrote down goes out, until a server takes it.

The database is the truth: a worker that dies leaves its mail to another one, so a mail may arrive
twice (with the same Message-ID), and never not at all.
"""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime, formataddr, parseaddr
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from typing import Any
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F

from comments.privacy import email_addresses
from moderation.models.mail import Mail, MailState, Suppression, SuppressionReason
from moderation.notifications.mail import outbox

# What passes between two attempts; a mail is given up after three days.
BACKOFF = tuple(timedelta(seconds=s) for s in (30, 300, 1800, 7200, 21_600, 43_200, 86_400, 86_400))
# Mails that failed together must not come back together.
JITTER = 0.2
# A worker sends so many in one go.
BATCH = 200
# A worker that has not sent a mail by then has died. It exceeds what a server may take, so that a
# slow one is not sent the same mail by two workers.
LEASE = timedelta(seconds=20 * settings.EMAIL_TIMEOUT)


def deliver(connection: BaseEmailBackend, *, now: datetime, pk: UUID | None = None) -> bool:
    """Make one attempt that is due, of the mail `pk` or of any, and tell whether to go on.

    It is time to stop when nothing is due, or when the server is away: all would fail alike.
    """
    mail = _claim(pk, now=now)
    if mail is None:
        return False
    if Suppression.objects.filter(digest=mail.recipient_digest).exists():
        _give_up(mail, "The address is suppressed.")
        return True
    try:
        connection.open()
        message(mail, connection).send()
    except SMTPRecipientsRefused as error:
        _refused(mail, error, now=now)
    except SMTPDataError as error:
        _fail(mail, str(error), now=now)
    except (SMTPException, OSError) as error:
        connection.close()
        _fail(mail, f"{type(error).__name__}: {error}", now=now)
        return False
    except (InvalidToken, ValueError) as error:
        # The key of the address is lost, or a header can't be.
        _give_up(mail, f"{type(error).__name__}: {error}")
    else:
        _update(mail, state=MailState.SENT, sent_at=now, error="")
    return True


@contextmanager
def connected() -> Iterator[BaseEmailBackend]:
    """Give what sends mail; one connection, made when it is needed, serves many mails."""
    connection = get_connection()
    try:
        yield connection
    finally:
        connection.close()


def message(mail: Mail, connection: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """Return a mail as it is sent: from the site's name, with plain and HTML parts."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    composed = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=formataddr((mail.site.name if mail.site else name, address)),
        to=[email_addresses.decrypt(mail.recipient)],
        connection=connection,
        headers={
            "Message-ID": f"<{mail.pk}@{outbox.host()}>",
            "Date": format_datetime(mail.created_at),
            # No out-of-office replies to a machine (RFC 3834).
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            **mail.headers,
        },
    )
    composed.attach_alternative(mail.html, "text/html")
    return composed


@transaction.atomic
def _claim(pk: UUID | None, *, now: datetime) -> Mail | None:
    free = Mail.objects.due(now).select_for_update(skip_locked=True, of=("self",))
    free = free.filter(pk=pk) if pk else free
    mail = free.select_related("site").order_by("next_attempt_at", "id").first()
    if mail is not None:
        Mail.objects.filter(pk=mail.pk).update(
            claimed_until=now + LEASE, attempts=F("attempts") + 1
        )
        mail.attempts += 1
    return mail


def _refused(mail: Mail, error: SMTPRecipientsRefused, *, now: datetime) -> None:
    """The server takes mail, but not for this one: for now (4xx), or for good (5xx)."""
    code, said = next(iter(error.recipients.values()))
    told = f"{code} {said.decode('utf-8', 'replace')}"
    if code < 500:
        _fail(mail, told, now=now)
        return
    # 5.1.x: there is no such address (RFC 3463). Other refusals may be about us.
    if said.startswith(b"5.1."):
        outbox.suppress(email_addresses.decrypt(mail.recipient), SuppressionReason.BOUNCE, now=now)
    _give_up(mail, told)


def _fail(mail: Mail, error: str, *, now: datetime) -> None:
    if mail.attempts > len(BACKOFF):
        _give_up(mail, error)
        return
    wait = BACKOFF[mail.attempts - 1] * random.uniform(1, 1 + JITTER)  # noqa: S311 - no secret
    _update(mail, next_attempt_at=now + wait, error=_without_addresses(error))


def _give_up(mail: Mail, error: str) -> None:
    _update(mail, state=MailState.DEAD, error=_without_addresses(error))


def _update(mail: Mail, **changes: Any) -> None:
    Mail.objects.filter(pk=mail.pk).update(claimed_until=None, **changes)


def _without_addresses(error: str) -> str:
    """Servers like to repeat whom they refuse."""
    return re.sub(r"[^\s<>,;:]+@[^\s<>,;:]+", "[address]", error)[:300]
