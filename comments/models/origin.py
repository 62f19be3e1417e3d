"""Where imported comments came from, so that each is imported once."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from comments.models.comment import Comment
from comments.models.site import Site


class Origin(models.Model):
    """The id of an imported comment in its source system, and that of its parent there.

    `linked` is true once the comment has its parent here.
    """

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", db_index=False)
    source = models.CharField(max_length=16)
    source_id = models.CharField(max_length=200)
    parent_source_id = models.CharField(max_length=200, blank=True)
    comment = models.OneToOneField(Comment, models.CASCADE, related_name="origin")
    linked = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "source", "source_id"], name="one_comment_per_origin"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "source"], condition=Q(linked=False), name="origin_loose")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.source_id}"
