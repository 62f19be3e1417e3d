"""The queue: a query, narrowed and ordered as a moderator asks."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery

from comments.models import Comment, Site, User
from comments.threads import search
from moderation.models import Finding, Report, Reviewable
from moderation.models.reviewable import ReviewableQuerySet
from moderation.rules.verdicts import Reason

# The order of each list, which an index has.
ORDERS = {"priority": ("-rank", "id"), "oldest": ("id",), "newest": ("-id",)}
# What the numbers of the queue are told by.
COUNTED = ("sites", "why", "categories", "languages")
LINKS = (Reason.HAS_LINKS, Reason.TOO_MANY_LINKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilters:
    """A part of the queue; what is empty narrows nothing.

    `thread` and `author` are ids, `q` is words in the text, `claimed` is "me", "none" or "others".
    """

    site: str = ""
    thread: str = ""
    author: str = ""
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
        """Return what narrows, to be stored; `Wanted(**stored)` reads it again."""
        return {name: value for name, value in asdict(self).items() if value}


def select(
    wanted: QueueFilters, *, sites: Iterable[Site], user: User, now: datetime
) -> ReviewableQuerySet:
    """Return what waits at `sites` and is wanted, in no order yet: ORDERS has those."""
    sites = [site for site in sites if wanted.site in ("", site.slug)]
    queue: ReviewableQuerySet = Reviewable.objects.open().at(sites)
    for field in ("why", "category", "language"):
        if value := getattr(wanted, field):
            queue = queue.filter(**{field: value})
    for field in ("thread", "author"):
        if value := getattr(wanted, field):
            queue = queue.filter(**{f"comment__{field}": _id(value)})
    if wanted.reason:
        queue = _with(queue, _found([wanted.reason]))
    if wanted.links:
        queue = _with(queue, _found(LINKS))
    if wanted.reported:
        queue = _with(queue, Report.objects.filter(comment=OuterRef("comment")))
    if wanted.escalated:
        queue = queue.exclude(escalated_at=None)
    if wanted.q:
        queue = queue.filter(comment__in=Comment.objects.filter(search.matching(wanted.q)))
    return _claimed(queue, wanted.claimed, user=user, now=now)


def counts(sites: Iterable[Site], *, user: User, now: datetime) -> dict[str, Any]:
    """Return how many comments wait at `sites`: in all, the user's own, and by what they are."""
    slugs = {site.pk: site.slug for site in sites}
    waiting = Reviewable.objects.open().filter(site__in=slugs)
    kinds = ("site", "why", "category", "language")
    numbers = waiting.values_list(*kinds).annotate(n=Count("pk"), escalated=Count("escalated_at"))
    by: dict[str, Counter[str]] = {name: Counter() for name in COUNTED}
    escalated = 0
    for site, why, category, language, n, urgent in numbers.order_by():
        named = zip(COUNTED, (slugs[site], why, category, language), strict=True)
        for name, value in named:
            if value:
                by[name][value] += n
        escalated += urgent
    claims = holders(sites=slugs, now=now)
    mine = sum(holder.number for holder in claims if holder.user.pk == user.pk)
    return {
        "total": by["why"].total(),
        "mine": mine,
        "escalated": escalated,
        "holders": [holder.told() for holder in claims],
        **by,
    }


class ClaimHolder(NamedTuple):
    """Somebody who has claimed a number of comments, the last of them until a moment."""

    user: User
    number: int
    until: datetime

    def told(self) -> dict[str, Any]:
        """Return it as the API answers it."""
        return {
            "user": self.user.email,
            "name": str(self.user),
            "number": self.number,
            "until": self.until,
        }


def holders(sites: Iterable[UUID], *, now: datetime) -> list[ClaimHolder]:
    """Return who holds how much of the queue at the sites of these ids, by address."""
    claimed = Reviewable.objects.open().filter(site__in=list(sites), claimed_until__gt=now)
    rows = claimed.values_list("claimed_by").annotate(n=Count("pk"), until=Max("claimed_until"))
    found = {pk: (n, until) for pk, n, until in rows.order_by() if pk}
    users = User.objects.filter(pk__in=found).order_by("email")
    return [ClaimHolder(user, *found[user.pk]) for user in users]


def _with(queue: ReviewableQuerySet, rows: QuerySet[Any]) -> ReviewableQuerySet:
    """Keep what has one of these rows, which refer to the reviewable around them.

    Asked as a value, for each in the order of the queue until the page is full. Asked by EXISTS,
    PostgreSQL would rather collect all such rows that there are.
    """
    return queue.alias(one=Subquery(rows.order_by().values("pk")[:1])).exclude(one=None)


def _found(reasons: Iterable[str]) -> QuerySet[Finding]:
    """Return the findings of these reasons in the comment's present text."""
    return Finding.objects.filter(
        reason__in=list(reasons),
        decision__comment=OuterRef("comment"),
        decision__revision=OuterRef("comment__revision"),
    )


def _claimed(
    queue: ReviewableQuerySet, claimed: str, *, user: User, now: datetime
) -> ReviewableQuerySet:
    if claimed == "me":
        return queue.filter(claimed_by=user, claimed_until__gt=now)
    if claimed == "others":
        return queue.filter(claimed_until__gt=now).exclude(claimed_by=user)
    return queue.unclaimed(now) if claimed == "none" else queue


def _id(value: str) -> UUID:
    """Return an id; one that matches nothing when it is not well-formed."""
    try:
        return UUID(value)
    except ValueError:
        return UUID(int=0)
