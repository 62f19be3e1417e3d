"""Banning: keeping a person, a network or a domain from writing at a site."""

from datetime import datetime
from ipaddress import ip_address

from django.core.exceptions import ValidationError
from django.core.validators import validate_domain_name, validate_email
from django.db import transaction
from django.db.models import Q

from comments.models import Comment, User
from comments.privacy import email_addresses
from moderation.decisions import audit
from moderation.models import AuditAction, Ban, BulkJob
from moderation.models.ban import BanTarget
from moderation.review import tasks
from moderation.rules.outcomes import STATUSES_NOT_REFUSED
from moderation.rules.verdicts import Verdict


class InvalidBanTarget(ValueError):
    """The value is no address, network or domain; the message says which."""


def kept(target: BanTarget, value: str) -> str:
    """Return what a ban keeps of what a person typed: a digest, or a domain as it is.

    Raises InvalidBanTarget.
    """
    value = value.strip()
    try:
        if target == BanTarget.EMAIL:
            validate_email(value)
            return email_addresses.email_digest(value)
        if target == BanTarget.NETWORK:
            return email_addresses.network_digest(str(ip_address(value)))
        domain = value.lower().removeprefix("www.")
        validate_domain_name(domain)
    except (ValidationError, ValueError):
        raise InvalidBanTarget(f"This is no {target.label.lower()}.") from None
    return domain


@transaction.atomic
def ban(
    wanted: Ban, *, moderator: User, now: datetime, retroactive: bool = False
) -> tuple[Ban, BulkJob | None]:
    """Put a ban in force; one that is there gets the new reason and end.

    A `retroactive` one also rejects the comments of the same origin that are not refused: the job
    that does so comes back with it. Domains are not looked for in old comments.
    """
    stored, _ = Ban.objects.update_or_create(
        site=wanted.site,
        target=wanted.target,
        value=wanted.value,
        defaults={"reason": wanted.reason, "until": wanted.until, "created_by": moderator},
    )
    job = _reject_earlier_comments(stored, moderator, now=now) if retroactive else None
    detail = {"target": stored.target, "retroactive": retroactive}
    audit.note(
        AuditAction.BANNED,
        site=stored.site,
        by=moderator,
        now=now,
        subject=stored.pk,
        detail=detail,
    )
    return stored, job


@transaction.atomic
def lift(ban: Ban, *, moderator: User, now: datetime) -> None:
    """End a ban; what it refused meanwhile stays refused."""
    audit.note(
        AuditAction.UNBANNED,
        site=ban.site,
        by=moderator,
        now=now,
        subject=ban.pk,
        detail={"target": ban.target},
    )
    ban.delete()


def _reject_earlier_comments(ban: Ban, moderator: User, *, now: datetime) -> BulkJob | None:
    origin = {
        BanTarget.EMAIL.value: Q(author__email_digest=ban.value),
        BanTarget.NETWORK.value: Q(network_digest=ban.value),
    }.get(ban.target)
    if origin is None:
        return None
    comments = Comment.objects.filter(origin, site=ban.site, status__in=STATUSES_NOT_REFUSED)
    job = BulkJob.objects.create(
        moderator=moderator,
        filters={"ban": str(ban.pk)},
        verdict=Verdict.REJECT,
        total=comments.count(),
        started_at=now,
    )
    tasks.enqueue_bulk_job(job.pk)
    return job
