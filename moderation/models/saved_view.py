"""Saved views: named filters on the queue."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from comments.models.ids import new_id


class SavedView(models.Model):
    """A moderator's saved filters on the queue (`moderation.review.queue.queue.QueueFilters`)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    filters = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "name"], name="one_saved_view_per_name")
        ]

    def __str__(self) -> str:
        return self.name
