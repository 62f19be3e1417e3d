"""The queue: a query, narrowed and ordered as a moderator asks."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef

from comments import search
from comments.models import Comment, Site, User
from moderation.models import Finding, Report, Reviewable
from moderation.models.reviewable import ReviewableQuerySet
from moderation.verdicts import Reason

# The order of each list, which an index has.
ORDERS = {"priority": ("-rank", "id"), "oldest": ("id",), "newest": ("-id",)}
LINKS = (Reason.HAS_LINKS, Reason.TOO_MANY_LINKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A part of the queue; what is empty narrows nothing.

    `thread` and `author` are ids, `q` is words in the text, `claimed` is "me", "none" or "others".
    """

    site: str = ""
    thread: str = ""
    author: str = ""
    why: str = ""
    category: str = ""
    reason: str = ""
    q: str = ""
    links: bool = False
    reported: bool = False
    escalated: bool = False
    claimed: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return what narrows, to be stored; `Wanted(**stored)` reads it again."""
        return {name: value for name, value in asdict(self).items() if value}


def select(
    wanted: Wanted, *, sites: Iterable[Site], user: User, now: datetime
) -> ReviewableQuerySet:
    """Return what waits at `sites` and is wanted, in no order yet: ORDERS has those."""
    sites = [site for site in sites if wanted.site in ("", site.slug)]
    queue: ReviewableQuerySet = Reviewable.objects.open().at(sites)
    for field in ("why", "category"):
        if value := getattr(wanted, field):
            queue = queue.filter(**{field: value})
    for field in ("thread", "author"):
        if value := getattr(wanted, field):
            queue = queue.filter(**{f"comment__{field}": _id(value)})
    if wanted.reason:
        queue = queue.filter(_found([wanted.reason]))
    if wanted.links:
        queue = queue.filter(_found(LINKS))
    if wanted.reported:
        queue = queue.filter(Exists(Report.objects.filter(comment=OuterRef("comment"))))
    if wanted.escalated:
        queue = queue.exclude(escalated_at=None)
    if wanted.q:
        queue = queue.filter(comment__in=Comment.objects.filter(search.matching(wanted.q)))
    return _claimed(queue, wanted.claimed, user=user, now=now)


def counts(sites: Iterable[Site], *, user: User, now: datetime) -> dict[str, Any]:
    """Return how many comments wait at `sites`: in all, the user's own, and by what they are."""
    slugs = {site.pk: site.slug for site in sites}
    waiting = Reviewable.objects.open().filter(site__in=slugs)
    numbers = waiting.values_list("site", "why", "category").annotate(n=Count("pk")).order_by()
    by: dict[str, Counter[str]] = {"sites": Counter(), "why": Counter(), "categories": Counter()}
    for site, why, category, n in numbers:
        by["sites"][slugs[site]] += n
        by["why"][why] += n
        if category:
            by["categories"][category] += n
    mine = waiting.filter(claimed_by=user, claimed_until__gt=now).count()
    return {"total": by["why"].total(), "mine": mine, **by}


def _found(reasons: Iterable[str]) -> Exists:
    """Return whether a screening of the comment's present text found one of the reasons."""
    return Exists(
        Finding.objects.filter(
            reason__in=list(reasons),
            decision__comment=OuterRef("comment"),
            decision__revision=OuterRef("comment__revision"),
        )
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
