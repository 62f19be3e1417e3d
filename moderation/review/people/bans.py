"""Bans of email addresses, networks and domains: impose and lift them."""

from datetime import datetime
from ipaddress import ip_address
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_domain_name, validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from comments.models import User
from comments.models.row_limits import require_room
from comments.privacy import email_addresses
from comments.text.hosts import canonical
from moderation.decisions import audit
from moderation.models import AuditAction, Ban, BulkJob
from moderation.models.ban import BanTarget
from moderation.review.queue import tasks
from moderation.rules.verdicts import Verdict

MOST_PER_SITE = 10_000


INVALID = {
    BanTarget.EMAIL: gettext_lazy("This is no email address."),
    BanTarget.NETWORK: gettext_lazy("This is no IP address of a network."),
    BanTarget.DOMAIN: gettext_lazy("This is no domain."),
}


class InvalidBanTarget(ValueError):
    """The value is no address, network or domain; the message says which."""


def stored_value(target: BanTarget, value: str) -> str:
    """Return the value that a ban stores for a typed one: a keyed digest, or the domain itself.

    Raises InvalidBanTarget.
    """
    value = value.strip()
    try:
        if target == BanTarget.EMAIL:
            validate_email(value)
            return email_addresses.email_digest(value)
        if target == BanTarget.NETWORK:
            return email_addresses.network_digest(str(ip_address(value)))
        domain = canonical(value)
        validate_domain_name(domain)
    except (ValidationError, ValueError):
        raise InvalidBanTarget(str(INVALID[target])) from None
    return domain


@transaction.atomic
def ban(
    draft: Ban, *, moderator: User, now: datetime, retroactive: bool = False
) -> tuple[Ban, BulkJob | None]:
    """Save a new ban, or update the reason and end of the one on the same target.

    A `retroactive` one also rejects the comments of the same email address or network that are not
    refused yet: the bulk job that does so is returned. Domains are not searched in old comments.
    Raises LimitReached beyond MOST_PER_SITE.
    """
    same: dict[str, Any] = {"site": draft.site, "target": draft.target, "value": draft.value}
    if not Ban.objects.filter(**same).exists():
        require_room(Ban.objects.filter(site=draft.site), most=MOST_PER_SITE, what=_("bans"))
    saved, _is_new = Ban.objects.update_or_create(
        **same,
        defaults={"reason": draft.reason, "until": draft.until, "created_by": moderator},
    )
    job = _reject_existing(saved, moderator, now=now) if retroactive else None
    detail = {"target": saved.target, "retroactive": retroactive}
    audit.record(
        AuditAction.BANNED,
        site=saved.site,
        by=moderator,
        now=now,
        subject=saved.pk,
        detail=detail,
    )
    return saved, job


@transaction.atomic
def lift(ban: Ban, *, moderator: User, now: datetime) -> None:
    """Delete a ban; the comments that it refused stay refused."""
    audit.record(
        AuditAction.UNBANNED,
        site=ban.site,
        by=moderator,
        now=now,
        subject=ban.pk,
        detail={"target": ban.target},
    )
    ban.delete()


def _reject_existing(ban: Ban, moderator: User, *, now: datetime) -> BulkJob | None:
    if ban.target == BanTarget.DOMAIN:
        return None
    job = BulkJob.objects.create(
        moderator=moderator,
        filters={"ban": str(ban.pk)},
        verdict=Verdict.REJECT,
        total=ban.retroactive_comments(until=now).count(),
        started_at=now,
    )
    tasks.enqueue_bulk_job(job.pk)
    return job
