"""Suppress addresses that bounce or complain, as mail servers and mail providers report it.

Only a hard bounce (the address does not exist) or a complaint (its owner calls our mail spam)
suppresses an address. A full mailbox, or a server that refuses us by policy, does not.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from email.message import EmailMessage
from typing import Any, NamedTuple

from anymail.signals import AnymailTrackingEvent, EventType
from django.db import transaction

from comments.formats.items import UNSTORABLE
from moderation.models import SuppressionReason
from moderation.notifications.mail import outbox

BOUNCE, COMPLAINT = SuppressionReason.BOUNCE, SuppressionReason.COMPLAINT
# Permanent failures that are not about the address: full, too large, policy (RFC 3463).
NOT_THE_ADDRESS = ("5.2.2", "5.2.3", "5.3", "5.7")
LONGEST_ADDRESS = 254  # RFC 5321

Payload = Mapping[str, Any]
# Whether a bounce is a hard one, by the name of the provider. Anymail's normalized event does not
# say, so each provider's own payload is read. A provider that does not tell them apart is missing.
HARD_BOUNCES: dict[str, Callable[[Payload], bool]] = {
    "amazon_ses": lambda payload: payload["bounce"]["bounceType"] == "Permanent",
    "brevo": lambda payload: payload["event"] in ("hard_bounce", "invalid_email"),
    "mailersend": lambda payload: payload["data"]["type"] == "hard_bounced",
    "mailgun": lambda payload: payload["event-data"]["severity"] == "permanent",
    "mailjet": lambda payload: payload.get("hard_bounce") is True,
    "mailtrap": lambda payload: payload["event"] == "bounce",
    "mandrill": lambda payload: payload["event"] == "hard_bounce",
    "postmark": lambda payload: (
        "HardBounce" in (payload.get("Type"), payload.get("SuppressionReason"))
    ),
    "resend": lambda payload: payload["data"]["bounce"]["type"] == "Permanent",
    "sendgrid": lambda payload: payload.get("type", "bounce") == "bounce",
    # Bounce classes: an invalid recipient, and no such recipient.
    "sparkpost": lambda payload: any(
        event.get("bounce_class") in ("10", "30") for event in payload["msys"].values()
    ),
    "unisender_go": lambda payload: (
        payload["delivery_info"]["delivery_status"] in ("err_user_unknown", "err_user_inactive")
    ),
}


class BounceReport(NamedTuple):
    """An address to suppress, and why."""

    address: str
    reason: SuppressionReason


class UnreadableReport(ValueError):
    """The JSON does not have the documented shape."""


@transaction.atomic
def receive(reports: Iterable[BounceReport], *, now: datetime) -> int:
    """Suppress the addresses of the reports, and return how many they are. Idempotent."""
    addresses = dict(reports)
    for address, reason in addresses.items():
        outbox.suppress(address, reason, now=now)
    return len(addresses)


def read_json(payload: Any) -> list[BounceReport]:
    """Parse our own format, `{"events": [{"address": …, "type": "bounce"|"complaint"}]}`.

    Raises UnreadableReport.
    """
    try:
        reports = [
            BounceReport(str(event["address"]), SuppressionReason(event["type"]))
            for event in payload["events"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableReport("A part of this report is missing, or wrong.") from error
    return [report for report in reports if _is_address(report.address)]


def read_events(provider: str, events: Iterable[AnymailTrackingEvent]) -> list[BounceReport]:
    """Return the hard bounces and complaints among a provider's events.

    `provider` is a key of HARD_BOUNCES. Raises KeyError, TypeError or AttributeError when a payload
    does not have the shape that the provider documents.
    """
    return [
        BounceReport(event.recipient, reason)
        for event in events
        if (reason := _reason(provider, event)) and _is_address(event.recipient or "")
    ]


def read_message(message: EmailMessage) -> list[BounceReport]:
    """Return the failed recipients of a bounce (RFC 3464), or of a complaint (RFC 5965)."""
    reports = [report for part in message.walk() for report in _read_part(part)]
    return [report for report in reports if "@" in report.address]


def _is_address(text: str) -> bool:
    return "@" in text and len(text) <= LONGEST_ADDRESS and not UNSTORABLE.search(text)


def _reason(provider: str, event: AnymailTrackingEvent) -> SuppressionReason | None:
    if event.event_type == EventType.COMPLAINED:
        return COMPLAINT
    is_hard = event.event_type == EventType.BOUNCED and HARD_BOUNCES[provider](event.esp_event)
    return BOUNCE if is_hard else None


def _read_part(part: Any) -> Iterator[BounceReport]:
    kind = part.get_content_type()
    # A report that is encoded, or broken, has no parts.
    if not part.is_multipart():
        return
    if kind == "message/delivery-status":
        for fields in part.get_payload():
            status = str(fields.get("Status", "")).strip()
            failed = str(fields.get("Action", "")).strip().lower() == "failed"
            if failed and status.startswith("5") and not status.startswith(NOT_THE_ADDRESS):
                yield BounceReport(_recipient(fields.get("Final-Recipient", "")), BOUNCE)
    elif kind == "message/feedback-report":
        for fields in part.get_payload():
            for recipient in fields.get_all("Original-Rcpt-To", []):
                yield BounceReport(_recipient(recipient), COMPLAINT)


def _recipient(field: str) -> str:
    """Return the address of a field such as `rfc822; <gone@reader.example>`."""
    return str(field).rpartition(";")[2].strip().strip("<>")
