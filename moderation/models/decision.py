"""Decisions: the verdict on a revision of a comment, by whom, when and why."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from comments.models import Comment
from comments.models.ids import new_id
from moderation.models.policy import Policy
from moderation.rules.causes import CAUSES
from moderation.rules.verdicts import Verdict


class DecisionSource(models.TextChoices):
    """Who decided."""

    AUTOMATION = "AUTOMATION", _("the rules")
    MODERATOR = "MODERATOR", _("a moderator")
    AUTHOR = "AUTHOR", _("the author")
    READERS = "READERS", _("readers' reports")
    SITE = "SITE", _("the site's own software")
    IMPORT = "IMPORT", _("the system it was imported from")


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Filters for decisions."""

    def effective(self) -> "DecisionQuerySet":
        """Keep the decisions that no later one overrides."""
        # Not by a join, of which PostgreSQL expects that it leaves one row.
        return self.filter(~Exists(Decision.objects.filter(overrides=OuterRef("pk"))))


class Decision(models.Model):
    """A verdict on one revision of a comment. It is never edited: a new one overrides it.

    The constraints make the decisions on a revision a chain: one first, each overridden once at
    most. So exactly one is effective, whatever was written concurrently. `grounds` are rows of
    `moderation.rules.verdicts.VerdictReason`, as JSON.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="decisions")
    revision = models.PositiveIntegerField()
    verdict = models.CharField(max_length=16, choices=[(v, v.title()) for v in Verdict])
    source = models.CharField(max_length=16, choices=DecisionSource)
    cause = models.CharField(
        max_length=16, choices=CAUSES, blank=True, help_text="Why a moderator refused it."
    )
    refusal_reason = models.CharField(
        max_length=40, blank=True, help_text="The key of the site's reason that was chosen."
    )
    is_illegal = models.BooleanField(
        default=False, help_text="Refused as illegal content, not for the site's own rules."
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="decisions"
    )
    decided_at = models.DateTimeField()
    reasoning = models.TextField(blank=True, help_text="Told to the author.")
    private_notes = models.TextField(blank=True, help_text="For colleagues only.")
    grounds = models.JSONField(default=list)
    policy = models.ForeignKey(Policy, models.SET_NULL, null=True)
    overrides = models.OneToOneField(
        "self", models.RESTRICT, null=True, related_name="overridden_by"
    )
    undoes = models.BooleanField(default=False, help_text="It takes back the one it overrides.")

    objects: ClassVar = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["comment", "revision"],
                condition=Q(overrides=None),
                name="one_first_decision_per_revision",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["comment", "revision", "-id"], name="decision_by_text"),
            # Figures of what people decided, which are few among the decisions of the rules.
            models.Index(
                fields=["id"],
                condition=Q(source=DecisionSource.MODERATOR),
                name="decision_by_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} by {self.get_source_display()}"
