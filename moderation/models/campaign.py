"""Campaigns: near-duplicates that a site held, refused, or wants a person to see."""

from collections.abc import Iterable, Mapping
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef

from comments.models import Comment, Site
from comments.models.ids import new_id
from moderation.models.bulk_job import BulkItem
from moderation.models.decision import Decision, DecisionSource
from moderation.rules.outcomes import VERDICTS_SETTLING


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Campaigns, and what people made of them."""

    def of_comments(self, comments: Iterable[UUID]) -> Mapping[UUID, UUID]:
        """Return the ids of the campaigns that these comments belong to, by the comments' ids."""
        members = CampaignMember.objects.filter(comment__in=list(comments))
        return dict(members.values_list("comment", "campaign"))

    def decisions(self, campaigns: Iterable[UUID]) -> Mapping[UUID, Decision]:
        """Return by campaign the latest decision of a person about a member that still counts.

        Approved, rejected or spam, of the text as it is now. One decision about many comments says
        nothing of their texts, unless it repeats what was decided about one of the campaign; and
        one that undoes another says only that this one counts no more.
        """
        unread = BulkItem.objects.filter(decision=OuterRef("pk"), job__repeats=None)
        decisions = (
            Decision.objects.effective()
            .filter(
                comment__campaign_member__campaign__in=list(campaigns),
                revision=F("comment__revision"),
                source=DecisionSource.MODERATOR,
                verdict__in=VERDICTS_SETTLING,
                undoes=False,
            )
            .exclude(Exists(unread))
            .annotate(campaign=F("comment__campaign_member__campaign"))
        )
        newest_last = decisions.order_by("decided_at", "id")
        return {decision.campaign: decision for decision in newest_last}  # type: ignore[attr-defined]


class Campaign(models.Model):
    """Texts of one site that are near-duplicates of the first of them, whose sketch this keeps.

    `sketch` is its MinHash: 128 numbers of 32 bits, by which similarity is estimated
    (`moderation.screening.near_duplicates`). Nobody can read a text in it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, models.CASCADE, related_name="campaigns")
    sketch = models.BinaryField()
    last_seen_at = models.DateTimeField(db_index=True)

    objects: ClassVar = CampaignQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Campaign {self.pk}"


class CampaignBand(models.Model):
    """A part of a campaign's sketch: texts that share one are compared (locality by hashing)."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", db_index=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="bands")
    digest = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["digest", "site"], name="campaign_by_band")]

    def __str__(self) -> str:
        return f"Band {self.digest} of {self.campaign_id}"


class CampaignMember(models.Model):
    """A comment of a campaign."""

    comment = models.OneToOneField(
        Comment, models.CASCADE, primary_key=True, related_name="campaign_member"
    )
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="members")

    def __str__(self) -> str:
        return f"{self.comment_id} of {self.campaign_id}"
