"""Which campaigns are alike at several sites, and how many near-duplicates of a comment wait."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from comments.models import Role, Site, User
from moderation.models import Campaign, CampaignBand, Reviewable
from moderation.models.reviewable import QUEUED_AS_ONE, ReviewableQuerySet
from moderation.screening.near_duplicates import SIMILAR, restored, similarity


@dataclass(frozen=True, slots=True)
class WaitingAlike:
    """How many comments wait that are nearly the same, this one included, and where."""

    campaign: UUID
    waiting: int
    threads: int
    sites: int


def alike(campaign: UUID, *, sites: Iterable[Site]) -> set[UUID]:
    """Return a campaign and those like it at others of these sites; none of any other site."""
    return _alike([campaign], sites=sites).get(campaign, set())


def as_one(
    page: Sequence[Reviewable],
    queue: ReviewableQuerySet | None,
    *,
    user: User,
    now: datetime,
) -> tuple[list[Reviewable], Mapping[UUID, WaitingAlike]]:
    """Return the entries of a page that stand for what is like them, and how many each stands for.

    The page is one of `queue` without repetitions, so that of each campaign one is left: what is
    like it at another of the user's sites goes, too, where it is less urgent. Without `queue` all
    stay. The numbers are by the ids of the entries, and count what the user may decide as one.
    """
    of = {row.pk: row.campaign_id for row in page if row.campaign_id and stands_for_others(row)}
    if not of:
        return list(page), {}
    groups: dict[UUID, set[UUID]] = {}
    numbers: dict[UUID, WaitingAlike] = {}
    for sites in _peers(user):
        own = _alike(set(of.values()), sites=sites)
        groups |= own
        numbers |= _numbers(own, sites=sites, user=user, now=now)
    first = (
        {}
        if queue is None
        else _most_urgent(queue, {pk for group in groups.values() for pk in group})
    )
    rows, counted = [], {}
    for row in page:
        campaign = of.get(row.pk)
        above = [first[pk] for pk in groups.get(campaign, ()) if pk in first] if campaign else []
        if min(above, default=(-row.rank, row.pk)) < (-row.rank, row.pk):
            continue
        rows.append(row)
        if campaign in numbers and numbers[campaign].waiting > 1:
            counted[row.pk] = numbers[campaign]
    return rows, counted


def stands_for_others(entry: Reviewable) -> bool:
    """Return whether an entry may be decided as one with others like it."""
    return entry.escalated_at is None and entry.why in QUEUED_AS_ONE


def _peers(user: User) -> tuple[list[Site], list[Site]]:
    """Return the sites that the user moderates, and those where they only look on.

    What they may decide never stands behind what they may not.
    """
    moderated = list(Site.objects.of(user, Role.at_least(Role.MODERATOR)))
    visible = Site.objects.of(user, Role.at_least(Role.VIEWER))
    return moderated, list(visible.exclude(pk__in=[site.pk for site in moderated]))


def _most_urgent(
    queue: ReviewableQuerySet, campaigns: Iterable[UUID]
) -> Mapping[UUID, tuple[float, UUID]]:
    """Return by campaign where its most urgent entry stands in the queue, the first the least."""
    rows = queue.without_repetitions().as_one(campaigns)
    return {
        campaign: (-rank, pk) for campaign, rank, pk in rows.values_list("campaign", "rank", "pk")
    }


def _numbers(
    groups: Mapping[UUID, set[UUID]], *, sites: Sequence[Site], user: User, now: datetime
) -> Mapping[UUID, WaitingAlike]:
    campaigns = {pk for group in groups.values() for pk in group}
    waiting = Reviewable.objects.at(sites).as_one(campaigns).not_of_others(user, now)
    rows = {
        campaign: (site, n, threads)
        for campaign, site, n, threads in waiting.values_list("campaign", "site")
        .annotate(n=Count("pk"), threads=Count("comment__thread", distinct=True))
        .order_by()
    }
    return {
        campaign: WaitingAlike(
            campaign,
            waiting=sum(rows[pk][1] for pk in group if pk in rows),
            threads=sum(rows[pk][2] for pk in group if pk in rows),
            sites=len({rows[pk][0] for pk in group if pk in rows}),
        )
        for campaign, group in groups.items()
    }


def _alike(campaigns: Iterable[UUID], *, sites: Iterable[Site]) -> Mapping[UUID, set[UUID]]:
    """Return each campaign of these sites with those like it at the others of them.

    Compared are the campaigns' first texts, pair by pair: what the user can't see links none.
    """
    ids = [site.pk for site in sites]
    own = Campaign.objects.filter(pk__in=list(campaigns), site__in=ids).in_bulk()
    groups = {pk: {pk} for pk in own}
    if len(ids) < 2 or not own:
        return groups
    pairs = _sharing_a_band(own, ids)
    others = Campaign.objects.filter(pk__in={other for _, other in pairs}).in_bulk()
    for pk, other in pairs:
        mine, theirs = own[pk], others[other]
        is_near = (
            similarity(restored(bytes(mine.sketch)), restored(bytes(theirs.sketch))) >= SIMILAR
        )
        if mine.site_id != theirs.site_id and is_near:
            groups[pk].add(other)
    return groups


def _sharing_a_band(
    campaigns: Mapping[UUID, Campaign], sites: Sequence[UUID]
) -> set[tuple[UUID, UUID]]:
    """Return the pairs of one of these campaigns and another of the sites that share a band."""
    by_digest: defaultdict[int, set[UUID]] = defaultdict(set)
    bands = CampaignBand.objects.filter(campaign__in=list(campaigns))
    for campaign, digest in bands.values_list("campaign", "digest"):
        by_digest[digest].add(campaign)
    sharing = CampaignBand.objects.filter(digest__in=list(by_digest), site__in=sites)
    return {
        (campaign, other)
        for other, digest in sharing.values_list("campaign", "digest")
        for campaign in by_digest[digest]
        if campaign != other
    }
