"""Findings: what a check reported about a comment."""

from collections import defaultdict
from collections.abc import Collection
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F

from moderation.models.decision import Decision
from moderation.rules.verdicts import Category, Reason

REASONS = [(reason, reason.replace("_", " ")) for reason in Reason]


class FindingQuerySet(models.QuerySet["Finding"]):
    """What was found."""

    def reasons_of(self, comments: Collection[UUID]) -> defaultdict[UUID, set[str]]:
        """Return the reasons of what was found in the present texts of comments, by their ids."""
        reasons: defaultdict[UUID, set[str]] = defaultdict(set)
        present = self.filter(
            decision__comment__in=comments, decision__revision=F("decision__comment__revision")
        )
        for comment, reason in present.order_by().values_list("decision__comment", "reason"):
            reasons[comment].add(reason)
        return reasons


class Finding(models.Model):
    """The result of one check: a reason, or a calibrated score (0 to 1) for a category.

    It belongs to the automatic decision that was based on it. A category without a score has no
    row, rather than a score of 0.
    """

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="findings")
    check_name = models.CharField("check", max_length=32)
    reason = models.CharField(max_length=32, choices=REASONS)
    category = models.CharField(
        max_length=32, blank=True, choices=[(c, c.replace("_", " ").title()) for c in Category]
    )
    score = models.FloatField(null=True)
    classifier_version = models.CharField(max_length=64, blank=True)
    evidence = models.JSONField(default=dict)

    objects: ClassVar = FindingQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        indexes: ClassVar = [models.Index(fields=["reason", "decision"], name="finding_by_reason")]

    def __str__(self) -> str:
        if self.score is not None:
            return f"{self.get_category_display()}: {self.score:.2f}"
        return self.get_reason_display()
