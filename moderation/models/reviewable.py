"""Reviewables: the entries of the moderation queue."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import BooleanField, Case, OuterRef, Q, Subquery, When
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, Site, User
from comments.models.ids import new_id
from comments.text import language
from moderation.models.campaign import Campaign


class QueueReason(models.TextChoices):
    """Why a comment is in the queue."""

    SCREENED = "SCREENED", _("held by the rules")
    REPORTED = "REPORTED", _("reported by readers")
    APPEALED = "APPEALED", _("the author appeals")
    HELD = "HELD", _("held by a moderator")
    OVERRULED = "OVERRULED", _("deleted by the site's software after a moderator's decision")


# Those that may be decided as one with others like them: an appeal is answered by itself.
QUEUED_AS_ONE = (QueueReason.SCREENED, QueueReason.REPORTED, QueueReason.HELD)


class ReviewableQuerySet(models.QuerySet["Reviewable"]):
    """Filters for the queue, which is a query."""

    def open(self) -> "ReviewableQuerySet":
        """Keep the entries that are not closed."""
        return self.filter(closed_at=None)

    def at(self, sites: Iterable[Site]) -> "ReviewableQuerySet":
        """Keep the entries of these sites, whose ids are fetched first.

        With literal ids the database reads the queue by its index and stops at the end of the page;
        with a subquery or a join it sorts all of it.
        """
        return self.filter(site__in=[site.pk for site in sites])

    def found(self, reasons: Iterable[str]) -> "ReviewableQuerySet":
        """Keep the entries in whose texts something was found for one of these reasons."""
        has_one = (Q(reasons__contains=f" {reason} ") for reason in reasons)
        return self.filter(reduce(or_, has_one, Q(pk__in=[])))

    def as_one(self, campaigns: Iterable[UUID]) -> "ReviewableQuerySet":
        """Keep the entries of these campaigns that may be decided as one."""
        return self.filter(
            campaign__in=list(campaigns), escalated_at=None, why__in=QUEUED_AS_ONE, closed_at=None
        )

    def without_repetitions(self) -> "ReviewableQuerySet":
        """Keep of the entries that may be decided as one the most urgent of each campaign."""
        more_urgent = Q(rank__gt=OuterRef("rank")) | Q(rank=OuterRef("rank"), id__lt=OuterRef("id"))
        others = self.filter(
            more_urgent,
            campaign=OuterRef("campaign"),
            escalated_at=None,
            why__in=QUEUED_AS_ONE,
        )
        # A scalar subquery is evaluated row by row, until the page is full.
        first = Subquery(others.order_by("-rank", "id").values("pk")[:1])
        repeats = Q(escalated_at=None, why__in=QUEUED_AS_ONE, above__isnull=False)
        # As a CASE it holds for half of the rows in the eyes of PostgreSQL, which would expect two
        # hundred to be read for one to show, and so read all of the queue and sort it.
        is_shown = Case(When(repeats, then=False), default=True, output_field=BooleanField())
        return self.alias(above=first).filter(is_shown)

    def with_comments(self) -> "ReviewableQuerySet":
        """Prefetch what a queue shows, in separate queries."""
        return self.prefetch_related(
            "site", "claimed_by", "comment__site", "comment__thread", "comment__author"
        )

    def unclaimed(self, now: datetime) -> "ReviewableQuerySet":
        """Keep the entries that nobody has claimed, or whose claim has expired."""
        return self.filter(Q(claimed_until=None) | Q(claimed_until__lte=now))

    def of_others(self, user: User, now: datetime) -> "ReviewableQuerySet":
        """Keep the entries that somebody else has claimed."""
        return self.filter(claimed_until__gt=now).exclude(claimed_by=user)

    def not_of_others(self, user: User, now: datetime) -> "ReviewableQuerySet":
        """Keep the entries that the user may claim, or has."""
        unclaimed = Q(claimed_until=None) | Q(claimed_until__lte=now)
        return self.filter(unclaimed | Q(claimed_by=user))


# A comment of risk 0 that has waited for so long ranks above a new one of risk 1.
PATIENCE = timedelta(days=7)


def rank(priority: float, *, opened_at: datetime) -> float:
    """Return the sort key of a queue entry: the greater, the sooner it is shown.

    All entries age alike, so the order by risk plus waiting time does not change with time, and can
    be stored and indexed.
    """
    return priority - opened_at.timestamp() / PATIENCE.total_seconds()


class Reviewable(models.Model):
    """A comment that waits for a moderator; `priority` is its risk, from 0 to 1.

    An escalated one is for the owners of the site. `language` is the ISO 639-1 code of the text's
    language; "" where it is not clear.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="reviewables")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reviewables")
    why = models.CharField(max_length=16, choices=QueueReason)
    category = models.CharField(max_length=32, blank=True)
    # Why something was found in the text, each between spaces: so that a list is filtered by what
    # stands in its own rows.
    reasons = models.CharField(max_length=1000, blank=True, editable=False)
    language = models.CharField(max_length=8, blank=True)
    campaign = models.ForeignKey(
        Campaign, models.SET_NULL, null=True, db_index=False, related_name="reviewables"
    )
    is_blind = models.BooleanField(
        default=False, help_text=_("Shown without what was found, and without its status.")
    )
    priority = models.FloatField(default=0.5)
    rank = models.FloatField(editable=False)
    # How much a decision would teach, from 0 to 1; in the middle until it is ranked.
    teaches = models.FloatField(default=0.5, editable=False)
    opened_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True)
    escalated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    escalated_why = models.CharField(max_length=1000, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="claims"
    )
    claimed_until = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar = ReviewableQuerySet.as_manager()

    class Meta:
        verbose_name = _("queue entry")
        verbose_name_plural = _("queue")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["comment"], condition=Q(closed_at=None), name="one_open_reviewable"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["site", "-rank", "id"],
                condition=Q(closed_at=None),
                name="queue_by_rank",
            ),
            models.Index(fields=["site", "id"], condition=Q(closed_at=None), name="queue_by_age"),
            models.Index(
                fields=["site", "claimed_until"],
                condition=Q(closed_at=None, claimed_until__isnull=False),
                name="queue_claims",
            ),
            # By what the queue is counted: an index that is read in place of the table.
            models.Index(
                fields=["site", "why", "category", "language", "opened_at", "escalated_at"],
                condition=Q(closed_at=None),
                name="queue_counts",
            ),
            models.Index(
                fields=["site", "opened_at"], condition=Q(is_blind=True), name="audited_by_time"
            ),
            # Those that are alike; all of a campaign's, for what is deleted with it.
            models.Index(
                fields=["campaign", "-rank", "id"],
                condition=Q(campaign__isnull=False),
                name="queue_by_campaign",
            ),
            # For several sites at once: the indexes above would have to be merged.
            models.Index(fields=["-rank", "id"], condition=Q(closed_at=None), name="queue_of_all"),
            models.Index(fields=["id"], condition=Q(closed_at=None), name="queue_of_all_by_age"),
            models.Index(
                fields=["-teaches", "id"], condition=Q(closed_at=None), name="queue_by_lesson"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_why_display()}: {self.comment}"

    @classmethod
    def of(
        cls,
        comment: Comment,
        *,
        why: QueueReason,
        now: datetime,
        priority: float = 0.5,
        category: str = "",
        is_blind: bool = False,
    ) -> "Reviewable":
        """Return an unsaved queue entry for a comment, opened now."""
        return cls(
            site_id=comment.site_id,
            comment=comment,
            why=why,
            category=category,
            is_blind=is_blind,
            language=language.detect(comment.body),
            priority=priority,
            rank=rank(priority, opened_at=now),
            opened_at=now,
        )

    def found_for(self, reasons: Iterable[str]) -> "Reviewable":
        """Set why something was found in the text, and return it; does not save."""
        self.reasons = "".join(f" {reason} " for reason in sorted(set(reasons)))
        return self

    def weigh(self, priority: float) -> None:
        """Set the risk and the rank that follows from it; does not save."""
        self.priority, self.rank = priority, rank(priority, opened_at=self.opened_at)
