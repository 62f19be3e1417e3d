"""Origins that called a site and are not among its own, so that its owner can allow them."""

from typing import ClassVar

from django.db import models

from comments.models.site import Site


class RefusedOrigin(models.Model):
    """An origin whose pages were refused: how often about, and when last.

    Anybody can send an `Origin`, so this is a hint for a person, and a site keeps few of them: see
    `comments.http.refused_origins`.
    """

    site = models.ForeignKey(Site, models.CASCADE, related_name="refused_origins", db_index=False)
    origin = models.CharField(max_length=300)
    times = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-times", "-last_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "origin"], name="one_row_per_refused_origin")
        ]

    def __str__(self) -> str:
        return self.origin
