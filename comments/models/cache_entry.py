"""Entries of the cache that is kept in the database."""

from django.db import models


class CacheEntry(models.Model):
    """A value under a key until a moment; without one, until it is deleted."""

    key = models.CharField(max_length=250, primary_key=True)
    value = models.JSONField()
    expires_at = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        return self.key
