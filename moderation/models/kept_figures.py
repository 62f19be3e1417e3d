"""Figures of purged comments, which the transparency reports of their sites still count."""

from typing import ClassVar

from django.db import models

from comments.models import Site


class KeptFigures(models.Model):
    """What a transparency report counts of a site's purged comments, for one year (UTC).

    `figures` is that of `moderation.insight.transparency_figures.Figures`. Nobody is named in it
    but moderators, by their ids.
    """

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    figures = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "year"], name="one_row_of_figures_per_year")
        ]

    def __str__(self) -> str:
        return f"{self.site_id} in {self.year}"
