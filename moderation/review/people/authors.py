"""Authors as moderators see them: trust, bans, and others on the same networks."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from comments.models import Author, Comment, Status, Trust, User
from moderation.decisions import audit
from moderation.models import AuditAction, Ban, Policy
from moderation.models.ban import BanTarget
from moderation.review.people.bans import lift
from moderation.review.queue import blind
from moderation.rules.verdicts import Reason
from moderation.screening.checks.author import VERIFIED, manual_trust, reason_for

# So many of an author's latest comments are searched for the networks that they came from.
MAX_COMMENTS = 50
# So many of the latest comments from these networks are counted.
MAX_NEIGHBOUR_COMMENTS = 200
MAX_NEIGHBOURS = 10


class TrustStatus(NamedTuple):
    """How the rules treat an author, and the numbers of comments that it rests on."""

    reason: Reason
    approved: int
    refused: int
    trust_after: int
    is_confirmed: bool


@transaction.atomic
def set_trust(author: Author, level: Trust, *, moderator: User, now: datetime) -> Author:
    """Set how the rules treat an author from now on, whatever the record."""
    author.trust = level
    author.save(update_fields=["trust"])
    audit.record(
        AuditAction.TRUSTED,
        site=author.site,
        by=moderator,
        now=now,
        subject=author.pk,
        detail={"trust": level.value},
    )
    return author


@transaction.atomic
def lift_bans(author: Author, *, moderator: User, now: datetime) -> int:
    """Lift the bans of an author's email address at the site; return how many there were."""
    bans = Ban.objects.filter(
        site=author.site_id, target=BanTarget.EMAIL, value=author.email_digest
    ).select_related("site")
    lifted = list(bans)
    for ban in lifted:
        lift(ban, moderator=moderator, now=now)
    return len(lifted)


def trust_status(author: Author) -> TrustStatus:
    """Return how the rules would treat the author's next comment, as far as it may be known.

    What is shown blind counts as held, since the numbers would tell what became of it.
    """
    rules = Policy.objects.current(author.site).rules({})
    is_confirmed = author.verified_at is not None
    record = blind.records([author.pk], verified=is_confirmed).get(author.pk, {})
    evidence = {**record, **manual_trust(author), VERIFIED: is_confirmed}
    return TrustStatus(
        reason_for(evidence, rules=rules),
        record.get(Status.APPROVED, 0),
        record.get(Status.REJECTED, 0) + record.get(Status.SPAM, 0),
        rules.trust_after,
        is_confirmed,
    )


def neighbours(author: Author) -> Mapping[Author, int]:
    """Return other authors on an author's networks, with their numbers of recent comments.

    Sorted by number, the highest first; at most MAX_NEIGHBOURS.
    """
    own = Comment.objects.filter(author=author).exclude(network_digest="")
    digests = set(own.order_by("-id").values_list("network_digest", flat=True)[:MAX_COMMENTS])
    same_networks = Comment.objects.filter(site=author.site_id, network_digest__in=digests)
    others = same_networks.exclude(author=author).exclude(author=None).order_by("-id")
    numbers: dict[Author, int] = {}
    for comment in others.select_related("author")[:MAX_NEIGHBOUR_COMMENTS]:
        if comment.author:
            numbers[comment.author] = numbers.get(comment.author, 0) + 1
    ranked = sorted(numbers.items(), key=lambda item: -item[1])
    return dict(ranked[:MAX_NEIGHBOURS])
