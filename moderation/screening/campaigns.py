"""Campaigns: find the one that a text belongs to, and note that a comment is one of it.

A text joins the campaign whose first text is most like it, at least by SIMILAR; otherwise it is the
first of its own. All of a site's alone: no site's texts tell anything of another's. Noted is only
what was held or refused: what the rules publish is compared, and forgotten.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from comments.models import Comment, Site
from comments.text import readable
from moderation.models import Campaign, CampaignBand, CampaignMember, Decision
from moderation.rules.outcomes import VERDICTS_REFUSING
from moderation.screening.near_duplicates import (
    SIMILAR,
    Sketch,
    bands,
    restored,
    similarity,
    sketches,
    stored,
)

# So many campaigns that share a band with a text are compared with it, the latest.
MOST_COMPARED = 500


@dataclass(slots=True)
class KnownCampaigns:
    """The campaigns of one site that may be near some texts, by the bands of their sketches."""

    sketches: dict[UUID, Sketch] = field(default_factory=dict)
    by_band: defaultdict[int, set[UUID]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def near(cls, site: UUID, texts: Iterable[Sketch]) -> "KnownCampaigns":
        """Return those that share a band with one of the texts."""
        known = cls()
        digests = {digest for sketch in texts for digest in bands(sketch)}
        rows = CampaignBand.objects.filter(site=site, digest__in=digests).order_by("-id")
        for campaign, digest in rows.values_list("campaign", "digest"):
            if len(known.by_band[digest]) < MOST_COMPARED:
                known.by_band[digest].add(campaign)
        near = set().union(*known.by_band.values())
        stored_sketches = Campaign.objects.filter(pk__in=near).values_list("pk", "sketch")
        known.sketches = {pk: restored(bytes(sketch)) for pk, sketch in stored_sketches}
        return known

    def add(self, campaign: Campaign, sketch: Sketch) -> None:
        """Add a campaign that has just begun."""
        self.sketches[campaign.pk] = sketch
        for digest in bands(sketch):
            self.by_band[digest].add(campaign.pk)

    def find(self, sketch: Sketch) -> UUID | None:
        """Return the campaign whose first text is most like this one; None where none is."""
        near = {pk for digest in bands(sketch) for pk in self.by_band.get(digest, ())}
        rated = ((similarity(sketch, self.sketches[pk]), pk) for pk in near if pk in self.sketches)
        best, campaign = max(rated, default=(0.0, None))
        return campaign if best >= SIMILAR else None


def find(comments: Sequence[Comment], *, texts: Sequence[str]) -> Mapping[UUID, UUID]:
    """Return the campaigns to which comments belong by these texts of theirs; stores nothing."""
    found = {}
    for site, sketched in _by_site(comments, texts).items():
        known = KnownCampaigns.near(site, sketched.values())
        for comment, sketch in sketched.items():
            if campaign := known.find(sketch):
                found[comment] = campaign
    return found


def assign(comments: Sequence[Comment], *, now: datetime) -> None:
    """Note the campaign of each comment, by its present text; begin one where there is none."""
    if not comments:
        return
    texts = [readable.of_html(comment.body_html) for comment in comments]
    by_site = _by_site(comments, texts)
    with transaction.atomic():
        CampaignMember.objects.filter(comment__in=[comment.pk for comment in comments]).delete()
        for site in sorted(by_site):
            # Two workers at once would both begin a campaign with the same text.
            Site.objects.select_for_update(no_key=True).get(pk=site)
            _assign(site, by_site[site], now=now)


def assign_refused(decisions: Iterable[Decision], *, now: datetime) -> None:
    """Note the campaigns of what was refused, so that what is nearly the same is recognised.

    That of what the rules held is noted since then; what they published has none yet.
    """
    refused = [d.comment_id for d in decisions if d.verdict in VERDICTS_REFUSING]
    if refused:
        comments = Comment.objects.filter(pk__in=refused, campaign_member=None)
        assign(list(comments), now=now)


def _assign(site: UUID, sketched: Mapping[UUID, Sketch], *, now: datetime) -> None:
    known = KnownCampaigns.near(site, sketched.values())
    begun: list[Campaign] = []
    members = []
    for comment, sketch in sketched.items():
        campaign = known.find(sketch)
        if campaign is None:
            begun.append(Campaign(site_id=site, sketch=stored(sketch), last_seen_at=now))
            campaign = begun[-1].pk
            known.add(begun[-1], sketch)
        members.append(CampaignMember(comment_id=comment, campaign_id=campaign))
    Campaign.objects.bulk_create(begun)
    CampaignBand.objects.bulk_create(
        CampaignBand(site_id=site, campaign=campaign, digest=digest)
        for campaign in begun
        for digest in bands(known.sketches[campaign.pk])
    )
    joined = {member.campaign_id for member in members} - {campaign.pk for campaign in begun}
    Campaign.objects.filter(pk__in=joined).update(last_seen_at=now)
    CampaignMember.objects.bulk_create(members)


def _by_site(
    comments: Sequence[Comment], texts: Sequence[str]
) -> Mapping[UUID, Mapping[UUID, Sketch]]:
    """Return by site and comment the sketches of the texts that are long enough."""
    by_site: defaultdict[UUID, dict[UUID, Sketch]] = defaultdict(dict)
    for comment, sketch in zip(comments, sketches(texts), strict=True):
        if sketch is not None:
            by_site[comment.site_id][comment.pk] = sketch
    return by_site
