"""Our verdicts beside those of a site's present service, from requests with shadow keys."""

from typing import ClassVar

from django.db import models

from comments.models import SiteKey
from comments.models.ids import new_id
from moderation.rules.verdicts import Category


class Comparison(models.Model):
    """The comparison of one category of a text. The text itself is not stored.

    `score` is our probability (0 to 1; none where a rule alone decided), `ours` whether the rules
    would have held or refused the text. `theirs` and `their_score` are the present service's
    answer, as far as the site sent it. `text_digest` links to the labels of the same text.
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
