"""Moderators' notes about authors."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from comments.models import Author
from comments.models.ids import new_id


class Note(models.Model):
    """A moderator's note about an author, which the site's members alone can read."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="notes")
    text = models.CharField(max_length=2000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    written_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.text[:60]
