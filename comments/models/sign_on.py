"""Tokens that were used, to prevent replay."""

from typing import ClassVar

from django.db import models

from comments.models.site import Site


class UsedToken(models.Model):
    """A token of sign-on or of a form that was used, by its digest; kept until it expires."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", db_index=False)
    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "digest"], name="one_use_per_token")
        ]

    def __str__(self) -> str:
        return f"Used until {self.expires_at}"
