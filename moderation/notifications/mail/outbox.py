"""Enqueue email messages (transactional outbox); `smtp` sends them.

`enqueue` belongs into the transaction of the change itself, so that nothing is sent which did not
happen.
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
from moderation.models import delivery_errors
from moderation.models.deliverable import DeliveryState
from moderation.models.mail import Mail, MailKind, Suppression, SuppressionReason

# What must pass after the first, second … message that anybody can cause to be sent to an address.
COOLDOWNS = (timedelta(minutes=5), timedelta(hours=1), timedelta(days=1), timedelta(days=30))
# How many messages of one kind, caused by moderators, an address may get within the hour.
MOST_ALIKE, AN_HOUR = 5, timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingEmail:
    """An email message to enqueue: `context` fills the templates that are named after the kind.

    It is not sent before `delay` has passed, and can be withdrawn until then. `headers` replace
    those of `smtp`.
    """

    kind: MailKind
    to: str
    language: str
    context: dict[str, Any] = field(default_factory=dict)
    site: Site | None = None
    comment: Comment | None = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: timedelta = timedelta()


def enqueue(email: OutgoingEmail, *, now: datetime) -> Mail:
    """Render a message as things are now, and store it to be sent."""
    context = {"site": email.site, "public_url": settings.PUBLIC_URL, **email.context}
    with translation.override(email.language):
        context["language"], context["is_rtl"] = email.language, translation.get_language_bidi()
        subject, _, text = _render(f"mail/{email.kind}.txt", context, escape=False).partition("\n")
        html = _render(f"mail/{email.kind}.html", context, escape=True)
    return Mail.objects.create(
        site=email.site,
        comment=email.comment,
        kind=email.kind,
        language=email.language,
        recipient=email_addresses.encrypt(email.to),
        recipient_digest=email_addresses.email_digest(email.to),
        subject=" ".join(subject.split())[:300],
        text=text.strip() + "\n",
        html=html,
        headers=email.headers,
        created_at=now,
        next_attempt_at=now + email.delay,
    )


def may_write(
    kind: MailKind, *, to: str, site: Site, now: datetime, since: datetime | None = None
) -> bool:
    """Tell whether an address may get another message of a kind that anybody can cause.

    The more were sent, the longer is the cooldown, so that nobody's mailbox can be filled; those
    from before `since`, when their reader last followed one, do not count.
    """
    recent = Mail.objects.filter(
        kind=kind,
        site=site,
        recipient_digest__in=email_addresses.email_digests(to),
        created_at__gt=max(now - COOLDOWNS[-1], since or now - COOLDOWNS[-1]),
    )
    sent = list(recent.order_by("-created_at").values_list("created_at", flat=True)[:9])
    return not sent or sent[0] + COOLDOWNS[min(len(sent), len(COOLDOWNS)) - 1] <= now


def has_enough(kind: MailKind, *, to: str, site: Site, now: datetime) -> bool:
    """Tell whether an address got `MOST_ALIKE` messages of a kind within the hour."""
    recent = Mail.objects.filter(
        kind=kind,
        site=site,
        recipient_digest__in=email_addresses.email_digests(to),
        created_at__gt=now - AN_HOUR,
    )
    return recent.count() >= MOST_ALIKE


def host() -> str:
    """Return the host name of this installation, as it stands in Message-IDs."""
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


def is_suppressed(address: str) -> bool:
    """Tell whether an address is suppressed."""
    return Suppression.objects.filter(digest__in=email_addresses.email_digests(address)).exists()


def suppress(address: str, reason: SuppressionReason, *, now: datetime) -> None:
    """Suppress an address: give up what waits for it, and send nothing there any more."""
    digests = email_addresses.email_digests(address)
    Suppression.objects.get_or_create(
        digest=digests[0], defaults={"reason": reason, "created_at": now}
    )
    mails = Mail.objects.filter(recipient_digest__in=digests)
    mails.give_up(delivery_errors.SUPPRESSED, text="", html="")


def retry(mails: QuerySet[Mail], *, now: datetime) -> int:
    """Retry messages that were given up, unless their text was cleared; return how many."""
    given_up = Mail.objects.filter(pk__in=mails, state=DeliveryState.DEAD).exclude(text="")
    return given_up.retry(now=now)


def purge(*, before: datetime) -> None:
    """Clear texts and recipients of messages created before a moment that are not to be sent."""
    old = Mail.objects.exclude(text="").filter(created_at__lt=before)
    old.exclude(state=DeliveryState.WAITING).update(text="", html="", recipient="")


def _render(name: str, context: dict[str, Any], *, escape: bool) -> str:
    loaded: Any = get_template(name)
    return str(loaded.template.render(Context(context, autoescape=escape)))
