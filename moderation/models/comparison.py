"""What we said of a text beside what the site's present service said, for sites that compare."""

from typing import ClassVar

from django.db import models

from comments.models import SiteKey
from comments.models.ids import new_id
from moderation.rules.verdicts import Category


class Comparison(models.Model):
    """One category of one text that came with a shadow key. The text is not kept.

    `score` and `ours` are what we said: a probability (none where a rule alone spoke) and whether
    the house rules would have held or refused it. `theirs` and `their_score` are what the present
    service said, as far as the site told. `text_digest` leads to the labels of the same text.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.ForeignKey(SiteKey, models.CASCADE, related_name="comparisons", db_index=False)
    category = models.CharField(max_length=32, choices=[(c, c.title()) for c in Category])
    text_digest = models.CharField(max_length=64)
    score = models.FloatField(null=True)
    ours = models.BooleanField()
    their_score = models.FloatField(null=True)
    theirs = models.BooleanField(null=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["key", "category", "-id"], name="comparison_by_category")
        ]

    def __str__(self) -> str:
        return f"{self.category} on {self.created_at:%Y-%m-%d}"
