"""People: what moderators know of an author, and say about one."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from comments.models import Author, Comment, Status, Trust, User
from moderation.decisions import audit
from moderation.models import AuditAction, Ban, Policy
from moderation.models.ban import BanTarget
from moderation.review import bans as banning
from moderation.rules.verdicts import Reason
from moderation.screening.checks.author import VERIFIED, reason_for, said_of

# So many of the latest comments are looked at for where an author writes from.
MOST_LOOKED_AT = 50
MOST_NEIGHBOURS = 10


class TrustStatus(NamedTuple):
    """How the house rules take an author, and what of the record is behind it."""

    reason: Reason
    approved: int
    refused: int
    trust_after: int
    is_confirmed: bool


@transaction.atomic
def trust(author: Author, given: Trust, *, moderator: User, now: datetime) -> Author:
    """Say how the rules are to take an author from now on, whatever the record."""
    author.trust = given
    author.save(update_fields=["trust"])
    audit.note(
        AuditAction.TRUSTED,
        site=author.site,
        by=moderator,
        now=now,
        subject=author.pk,
        detail={"trust": given.value},
    )
    return author


def note_revealed(author: Author, *, moderator: User, now: datetime) -> None:
    """Write to the audit log that a moderator revealed an author's address."""
    audit.note(AuditAction.REVEALED, site=author.site, by=moderator, now=now, subject=author.pk)


@transaction.atomic
def lift_bans(author: Author, *, moderator: User, now: datetime) -> int:
    """End the bans of an author's address at the site, and return how many there were."""
    rows = Ban.objects.filter(
        site=author.site_id, target=BanTarget.EMAIL, value=author.email_digest
    ).select_related("site")
    for ban in (lifted := list(rows)):
        banning.lift(ban, moderator=moderator, now=now)
    return len(lifted)


def trust_status(author: Author) -> TrustStatus:
    """Return how the house rules take an author at this moment, who writes as before."""
    rules = Policy.objects.current(author.site).rules({})
    is_confirmed = author.verified_at is not None
    record = Author.objects.records([author.pk], verified=is_confirmed).get(author.pk, {})
    evidence = {**record, **said_of(author), VERIFIED: is_confirmed}
    return TrustStatus(
        reason_for(evidence, rules=rules),
        record.get(Status.APPROVED, 0),
        record.get(Status.REJECTED, 0) + record.get(Status.SPAM, 0),
        rules.trust_after,
        is_confirmed,
    )


def neighbours(author: Author) -> Mapping[Author, int]:
    """Return who else writes from an author's networks, and how much of it; the most first."""
    own = Comment.objects.filter(author=author).exclude(network_digest="")
    digests = set(own.order_by("-id").values_list("network_digest", flat=True)[:MOST_LOOKED_AT])
    near = Comment.objects.filter(site=author.site_id, network_digest__in=digests)
    others = near.exclude(author=author).exclude(author=None).order_by("-id")
    counted: dict[Author, int] = {}
    for comment in others.select_related("author")[: MOST_LOOKED_AT * 4]:
        if comment.author:
            counted[comment.author] = counted.get(comment.author, 0) + 1
    ranked = sorted(counted.items(), key=lambda item: -item[1])
    return dict(ranked[:MOST_NEIGHBOURS])
