"""Bounces and complaints: who gets no mail any more, as mail servers and providers tell it.

A mailbox that is full, or a server that does not like us, is no reason: only an address that does
not exist, or an owner who calls our mail spam.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from email.message import EmailMessage
from json import loads
from typing import Any, NamedTuple

from django.db import transaction

from moderation.models import SuppressionReason
from moderation.notifications.mail import outbox

BOUNCE, COMPLAINT = SuppressionReason.BOUNCE, SuppressionReason.COMPLAINT
# Refusals for good that are not about the address: full, too large, policy (RFC 3463).
NOT_ITS_FAULT = ("5.2.2", "5.2.3", "5.3", "5.7")


class Unreadable(ValueError):
    """The report is in none of the formats that we know."""


class BounceReport(NamedTuple):
    """An address that gets no mail any more, and why."""

    address: str
    reason: SuppressionReason


@transaction.atomic
def receive(told: Iterable[BounceReport], *, now: datetime) -> int:
    """Stop sending to these addresses, and return how many they are."""
    addresses = dict(told)
    for address, reason in addresses.items():
        outbox.suppress(address, reason, now=now)
    return len(addresses)


def read(report: Any) -> list[BounceReport]:
    """Return what a provider's report (parsed JSON) tells of addresses; raise Unreadable.

    Knows `{"events": [{"address", "type": "bounce"|"complaint"}]}` and the webhooks of Amazon SES
    (by SNS), Mailgun, Postmark and SendGrid. What is of no concern, such as an open, tells nothing.
    """
    reports = report if isinstance(report, list) else [report]
    return [told for one in reports for told in _read_one(one)]


def read_message(message: EmailMessage) -> list[BounceReport]:
    """Return what a bounce (RFC 3464) or a complaint (RFC 5965), as a mail, tells of addresses."""
    return [told for part in message.walk() for told in _part(part)]


def _read_one(report: Any) -> list[BounceReport]:
    if not isinstance(report, dict):
        raise Unreadable("A report is an object, or a list of objects.")
    reader = next((reads for member, reads in FORMATS if member in report), None)
    if reader is None:
        raise Unreadable("This report is in no format that is known here.")
    try:
        return [told for told in reader(report) if "@" in told.address]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Unreadable("A part of this report is missing, or wrong.") from error


def _part(part: Any) -> Iterator[BounceReport]:
    kind = part.get_content_type()
    if kind == "message/delivery-status":
        for fields in part.get_payload():
            status = str(fields.get("Status", "")).strip()
            failed = str(fields.get("Action", "")).strip().lower() == "failed"
            if failed and status.startswith("5") and not status.startswith(NOT_ITS_FAULT):
                yield BounceReport(_recipient(fields["Final-Recipient"]), BOUNCE)
    elif kind == "message/feedback-report":
        for fields in part.get_payload():
            for recipient in fields.get_all("Original-Rcpt-To", []):
                yield BounceReport(_recipient(recipient), COMPLAINT)


def _recipient(field: str) -> str:
    return str(field).rpartition(";")[2].strip().strip("<>")


def _ours(report: Mapping[str, Any]) -> Iterator[BounceReport]:
    for event in report["events"]:
        yield BounceReport(str(event["address"]), SuppressionReason(event["type"]))


def _ses(report: Mapping[str, Any]) -> Iterator[BounceReport]:
    if report["notificationType"] == "Bounce" and report["bounce"]["bounceType"] == "Permanent":
        for recipient in report["bounce"]["bouncedRecipients"]:
            yield BounceReport(recipient["emailAddress"], BOUNCE)
    elif report["notificationType"] == "Complaint":
        for recipient in report["complaint"]["complainedRecipients"]:
            yield BounceReport(recipient["emailAddress"], COMPLAINT)


def _sns(report: Mapping[str, Any]) -> Iterator[BounceReport]:
    yield from read(loads(report["Message"])) if report["Type"] == "Notification" else []


def _mailgun(report: Mapping[str, Any]) -> Iterator[BounceReport]:
    event = report["event-data"]
    if event["event"] == "failed" and event.get("severity") == "permanent":
        yield BounceReport(event["recipient"], BOUNCE)
    elif event["event"] == "complained":
        yield BounceReport(event["recipient"], COMPLAINT)


def _postmark(report: Mapping[str, Any]) -> Iterator[BounceReport]:
    if report["RecordType"] == "Bounce" and report.get("Type") == "HardBounce":
        yield BounceReport(report["Email"], BOUNCE)
    elif report["RecordType"] == "SpamComplaint":
        yield BounceReport(report["Email"], COMPLAINT)


def _sendgrid(report: Mapping[str, Any]) -> Iterator[BounceReport]:
    if report["event"] == "bounce" and report.get("type", "bounce") == "bounce":
        yield BounceReport(report["email"], BOUNCE)
    elif report["event"] == "spamreport":
        yield BounceReport(report["email"], COMPLAINT)


Reader = Callable[[Mapping[str, Any]], Iterator[BounceReport]]
# By which member a provider's report is recognised.
FORMATS: tuple[tuple[str, Reader], ...] = (
    ("events", _ours),
    ("notificationType", _ses),
    ("Message", _sns),
    ("event-data", _mailgun),
    ("RecordType", _postmark),
    ("event", _sendgrid),
)
