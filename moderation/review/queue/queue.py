"""The review queue: a database query with filters, orders and counts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery

from comments.models import Site, User
from comments.threads import search
from moderation.models import Report, Reviewable
from moderation.models.reviewable import ReviewableQuerySet
from moderation.review.queue import campaigns
from moderation.rules.verdicts import Reason

# Each order has an index: see `moderation.models.Reviewable`.
ORDERS = {
    "priority": ("-rank", "id"),
    "oldest": ("id",),
    "newest": ("-id",),
    "teaching": ("-teaches", "id"),
}
# What the queue's comments are counted by.
COUNTED_BY = ("sites", "why", "categories", "languages")
LINK_REASONS = (Reason.HAS_LINKS, Reason.TOO_MANY_LINKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilters:
    """Filters on the queue; an empty one matches everything.

    `thread` and `author` are ids, `q` is words in the text, `claimed` is "me", "none" or "others".
    `campaign` is the id of one: what is alike, as far as it may be decided as one, also at the
    other sites.
    """

    site: str = ""
    thread: str = ""
    author: str = ""
    campaign: str = ""
    why: str = ""
    category: str = ""
    reason: str = ""
    language: str = ""
    q: str = ""
    links: bool = False
    reported: bool = False
    escalated: bool = False
    claimed: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the filters that are set, for storing; `QueueFilters(**stored)` restores them."""
        return {name: value for name, value in asdict(self).items() if value}


def select(
    filters: QueueFilters, *, sites: Iterable[Site], user: User, now: datetime
) -> ReviewableQuerySet:
    """Return the open queue entries at `sites` that match, not ordered yet: see ORDERS."""
    sites = [site for site in sites if filters.site in ("", site.slug)]
    queue: ReviewableQuerySet = Reviewable.objects.open().at(sites)
    for field in ("why", "category", "language"):
        if value := getattr(filters, field):
            queue = queue.filter(**{field: value})
    for field in ("thread", "author"):
        if value := getattr(filters, field):
            queue = queue.filter(**{f"comment__{field}": _id(value)})
    if filters.campaign:
        alike = campaigns.alike(_id(filters.campaign), sites=sites)
        queue = queue.as_one(alike).not_of_others(user, now)
    if filters.reason or filters.links or filters.reported:
        # What was found would tell what became of that which is shown blind.
        queue = queue.filter(is_blind=False)
    if filters.reason:
        queue = queue.found([filters.reason])
    if filters.links:
        queue = queue.found(LINK_REASONS)
    if filters.reported:
        queue = _having(queue, Report.objects.filter(comment=OuterRef("comment")))
    if filters.escalated:
        queue = queue.exclude(escalated_at=None)
    if filters.q:
        queue = queue.filter(search.matching(filters.q, prefix="comment__"))
    return _claimed(queue, filters.claimed, user=user, now=now)


def counts(sites: Iterable[Site], *, user: User, now: datetime) -> dict[str, Any]:
    """Return the numbers of queued comments at `sites`: in all, the user's claims, and by kind."""
    slugs = {site.pk: site.slug for site in sites}
    queued = Reviewable.objects.open().filter(site__in=slugs)
    kinds = ("site", "why", "category", "language")
    numbers = queued.values_list(*kinds).annotate(n=Count("*"), escalated=Count("escalated_at"))
    by: dict[str, Counter[str]] = {name: Counter() for name in COUNTED_BY}
    escalated = 0
    for site, why, category, language, n, n_escalated in numbers.order_by():
        values = zip(COUNTED_BY, (slugs[site], why, category, language), strict=True)
        for name, value in values:
            if value:
                by[name][value] += n
        escalated += n_escalated
    claims = claim_holders(sites=slugs, now=now)
    mine = sum(holder.number for holder in claims if holder.user.pk == user.pk)
    return {
        "total": by["why"].total(),
        "mine": mine,
        "escalated": escalated,
        "holders": [holder.to_json() for holder in claims],
        **by,
    }


class ClaimHolder(NamedTuple):
    """A user with the number of comments they have claimed and when the last claim expires."""

    user: User
    number: int
    until: datetime

    def to_json(self) -> dict[str, Any]:
        """Return it as in the API's response."""
        return {
            "user": self.user.email,
            "name": str(self.user),
            "number": self.number,
            "until": self.until,
        }


def claim_holders(sites: Iterable[UUID], *, now: datetime) -> list[ClaimHolder]:
    """Return who has claimed comments at the sites of these ids, sorted by email address."""
    claimed = Reviewable.objects.open().filter(site__in=list(sites), claimed_until__gt=now)
    rows = claimed.values_list("claimed_by").annotate(n=Count("pk"), until=Max("claimed_until"))
    claims = {pk: (n, until) for pk, n, until in rows.order_by() if pk}
    users = User.objects.filter(pk__in=claims).order_by("email")
    return [ClaimHolder(user, *claims[user.pk]) for user in users]


def _having(queue: ReviewableQuerySet, rows: QuerySet[Any]) -> ReviewableQuerySet:
    """Keep the entries with at least one of these rows, whose query refers to the outer entry.

    A scalar subquery is evaluated for each entry in the order of the queue until the page is full.
    With EXISTS, PostgreSQL would rather collect all such rows that there are.
    """
    return queue.alias(one=Subquery(rows.order_by().values("pk")[:1])).exclude(one=None)


def _claimed(
    queue: ReviewableQuerySet, claimed: str, *, user: User, now: datetime
) -> ReviewableQuerySet:
    if claimed == "me":
        return queue.filter(claimed_by=user, claimed_until__gt=now)
    if claimed == "others":
        return queue.of_others(user, now)
    return queue.unclaimed(now) if claimed == "none" else queue


def _id(value: str) -> UUID:
    """Return an id; one that matches nothing when it is not well-formed."""
    try:
        return UUID(value)
    except ValueError:
        return UUID(int=0)
