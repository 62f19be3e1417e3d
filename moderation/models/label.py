"""Labels by people on texts: training and test data for classifiers."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from comments.models import Comment, Site, SiteKey, User
from comments.models.ids import new_id
from comments.models.public_text import PublicNameField, PublicUrlField
from moderation.models.decision import Decision
from moderation.rules.verdicts import Category


class LabelSource(models.TextChoices):
    """Where a label comes from."""

    MODERATOR = "MODERATOR", "a moderator's decision"
    FEEDBACK = "FEEDBACK", "the site's own feedback"


class Label(models.Model):
    """A label of one category of a text: harmful (True) or not.

    The text is copied, since a comment may be edited or deleted later; of its author only what the
    classifier reads is stored: name and website, until the comment is purged. A decision's labels
    are deleted when it is overridden, and stay when it is purged. `weight`, above 0, is how much it
    counts, 1 for a moderator's decision; `given_by` or `key` says who gave it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, models.CASCADE, related_name="labels", db_index=False)
    comment = models.ForeignKey(Comment, models.SET_NULL, null=True, related_name="labels")
    text = models.TextField()
    text_digest = models.CharField(max_length=64)
    author_name = PublicNameField(max_length=100, blank=True)
    author_url = PublicUrlField(max_length=500, blank=True)
    category = models.CharField(max_length=32, choices=[(c, c.title()) for c in Category])
    value = models.BooleanField()
    source = models.CharField(max_length=16, choices=LabelSource)
    weight = models.FloatField(default=1.0)
    decision = models.ForeignKey(Decision, models.SET_NULL, null=True, related_name="labels")
    given_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    key = models.ForeignKey(SiteKey, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [
            # A later label by the same key replaces an earlier one.
            models.UniqueConstraint(
                fields=["site", "text_digest", "category", "key"],
                name="one_label_per_text_and_key",
            ),
            models.UniqueConstraint(
                fields=["decision", "category"], name="one_label_per_decision_and_category"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "text_digest"], name="label_by_text"),
            models.Index(fields=["site", "-created_at"], name="label_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.category}: {'yes' if self.value else 'no'}"
