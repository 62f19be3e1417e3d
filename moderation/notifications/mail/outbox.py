"""Mailing: mails are written down with what they tell of; `sending` sends them.

`post` belongs into the transaction of what is told, so nothing is told that did not happen.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from comments.models import Comment, Site
from comments.privacy import email_addresses
from moderation.models.mail import Mail, MailKind, MailState, Suppression, SuppressionReason

# What must pass after the first, second … mail that anybody can cause to be sent to an address.
PATIENCE = (timedelta(minutes=5), timedelta(hours=1), timedelta(days=1), timedelta(days=30))
# And of mails that only moderators cause, how many there may be to an address within the hour.
MOST_ALIKE, AN_HOUR = 5, timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingEmail:
    """What to write to whom: `context` fills the templates that are named after the kind.

    It waits for `delay`, in which it can be taken back. `headers` replace those of `sending`.
    """

    kind: MailKind
    to: str
    language: str
    context: dict[str, Any] = field(default_factory=dict)
    site: Site | None = None
    comment: Comment | None = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: timedelta = timedelta()


def enqueue(letter: OutgoingEmail, *, now: datetime) -> Mail:
    """Write down a mail, rendered as things are; call it in the transaction of what it tells."""
    context = {"site": letter.site, "public_url": settings.PUBLIC_URL, **letter.context}
    with translation.override(letter.language):
        context["language"], context["is_rtl"] = letter.language, translation.get_language_bidi()
        subject, _, text = _render(f"mail/{letter.kind}.txt", context, escape=False).partition("\n")
        html = _render(f"mail/{letter.kind}.html", context, escape=True)
    return Mail.objects.create(
        site=letter.site,
        comment=letter.comment,
        kind=letter.kind,
        language=letter.language,
        recipient=email_addresses.encrypt(letter.to),
        recipient_digest=email_addresses.email_digest(letter.to),
        subject=" ".join(subject.split())[:300],
        text=text.strip() + "\n",
        html=html,
        headers=letter.headers,
        created_at=now,
        next_attempt_at=now + letter.delay,
    )


def may_write(kind: MailKind, *, to: str, site: Site, now: datetime) -> bool:
    """Tell whether a person may be sent another mail of a kind that anybody can cause.

    The more were sent, the longer is the wait: nobody's mailbox can be filled.
    """
    recent = Mail.objects.filter(
        kind=kind,
        site=site,
        recipient_digest__in=email_addresses.email_digests(to),
        created_at__gt=now - PATIENCE[-1],
    )
    sent = list(recent.order_by("-created_at").values_list("created_at", flat=True)[:9])
    return not sent or sent[0] + PATIENCE[min(len(sent), len(PATIENCE)) - 1] <= now


def has_enough(kind: MailKind, *, to: str, site: Site, now: datetime) -> bool:
    """Tell whether a person was written `MOST_ALIKE` mails of a kind within the hour."""
    recent = Mail.objects.filter(
        kind=kind,
        site=site,
        recipient_digest__in=email_addresses.email_digests(to),
        created_at__gt=now - AN_HOUR,
    )
    return recent.count() >= MOST_ALIKE


def host() -> str:
    """Return the name by which this installation makes Message-IDs."""
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


def is_suppressed(address: str) -> bool:
    """Tell whether nothing is sent to an address."""
    return Suppression.objects.filter(digest__in=email_addresses.email_digests(address)).exists()


def suppress(address: str, reason: SuppressionReason, *, now: datetime) -> None:
    """Send nothing to an address any more; what waits for it is given up."""
    digests = email_addresses.email_digests(address)
    Suppression.objects.get_or_create(
        digest=digests[0], defaults={"reason": reason, "created_at": now}
    )
    waiting = Mail.objects.filter(recipient_digest__in=digests, state=MailState.WAITING)
    waiting.update(state=MailState.DEAD, error="The address is suppressed.", text="", html="")


def retry(mails: QuerySet[Mail], *, now: datetime) -> int:
    """Put mails back that were given up and whose text is still there; return how many."""
    given_up = mails.filter(state=MailState.DEAD).exclude(text="")
    return given_up.update(state=MailState.WAITING, attempts=0, next_attempt_at=now, error="")


def purge(*, before: datetime) -> None:
    """Clear what was written, and to whom, in mails that were sent or given up before a moment."""
    old = Mail.objects.exclude(text="").filter(created_at__lt=before)
    old.exclude(state=MailState.WAITING).update(text="", html="", recipient="")


def _render(name: str, context: dict[str, Any], *, escape: bool) -> str:
    loaded: Any = get_template(name)
    return str(loaded.template.render(Context(context, autoescape=escape)))
