"""Send the email messages of `outbox` by SMTP, until a server takes them.

See `moderation.models.deliverable`. A message that is sent twice has the same Message-ID.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.utils import format_datetime, formataddr, parseaddr
from smtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
)
from socket import gaierror
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import InterfaceError, OperationalError
from django.db import connection as database

from comments.privacy import email_addresses
from moderation.models import delivery_errors as errors
from moderation.models.mail import Mail, Suppression, SuppressionReason
from moderation.notifications.mail import outbox

# How many messages a worker sends over one connection.
BATCH = 200
# Seconds between tries to record that a message was sent.
PATIENCE = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
FAILURES = (
    (ConnectionRefusedError, errors.SERVER_REFUSED),
    (TimeoutError, errors.SERVER_SILENT),
    (gaierror, errors.SERVER_UNKNOWN),
    (SMTPAuthenticationError, errors.SIGN_IN_REFUSED),
)


def deliver(connection: BaseEmailBackend, *, now: datetime, pk: UUID | None = None) -> bool:
    """Make one attempt that is due, for the message `pk` or any, and return whether to go on.

    It is time to stop when nothing is due, or when the server is away: all would fail alike.
    """
    mail = _claim(pk, now=now)
    if mail is None:
        return False
    if Suppression.objects.filter(digest=mail.recipient_digest).exists():
        mail.give_up(errors.SUPPRESSED)
        return True
    return _send(mail, connection, now=now)


@contextmanager
def connected() -> Iterator[BaseEmailBackend]:
    """Yield a connection that is opened when it is needed, serves many messages, and is closed."""
    connection = get_connection()
    try:
        yield connection
    finally:
        connection.close()


def message(mail: Mail, connection: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """Return a message as it is sent: from the site's name, with plain and HTML parts."""
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


def _claim(pk: UUID | None, *, now: datetime) -> Mail | None:
    mails = Mail.objects.filter(pk=pk) if pk else Mail.objects.all()
    return next(iter(mails.select_related("site").claim(now=now)), None)


def _send(mail: Mail, connection: BaseEmailBackend, *, now: datetime) -> bool:
    try:
        connection.open()
        message(mail, connection).send()
    except SMTPRecipientsRefused as error:
        _refused(mail, error, now=now)
    except SMTPDataError as error:
        mail.fail(email_addresses.redact(str(error)), now=now)
    except (SMTPException, OSError) as error:
        connection.close()
        mail.fail(_in_words(error), now=now)
        return False
    except InvalidToken:
        mail.give_up(errors.ADDRESS_LOST)
    except ValueError as error:
        # A header is not valid.
        mail.give_up(email_addresses.redact(f"{type(error).__name__}: {error}"))
    else:
        _record_sent(mail, now=now)
    return True


def _in_words(error: Exception) -> str:
    """Say why the server took nothing, as an owner reads it; its own words where we have none."""
    known = next((words for kind, words in FAILURES if isinstance(error, kind)), "")
    return known or email_addresses.redact(f"{type(error).__name__}: {error}")


def _record_sent(mail: Mail, *, now: datetime) -> None:
    """Record that a server took a message; a database that is away for a moment is waited for.

    Otherwise the message would be sent once more when its lease ends.
    """
    for seconds in PATIENCE:
        try:
            mail.succeed(now=now)
        except (OperationalError, InterfaceError):
            database.close()
            time.sleep(seconds)
        else:
            return
    mail.succeed(now=now)


def _refused(mail: Mail, error: SMTPRecipientsRefused, *, now: datetime) -> None:
    """Record that the server refused the recipient: temporarily (4xx) or permanently (5xx)."""
    code, text = next(iter(error.recipients.values()))
    reply = email_addresses.redact(f"{code} {text.decode('utf-8', 'replace')}")
    if code < 500:
        mail.fail(reply, now=now)
        return
    # 5.1.x: there is no such address (RFC 3463). Other refusals may be about us.
    if not text.startswith(b"5.1."):
        mail.give_up(reply)
        return
    mail.give_up(reply, text="", html="")
    outbox.suppress(email_addresses.decrypt(mail.recipient), SuppressionReason.BOUNCE, now=now)
