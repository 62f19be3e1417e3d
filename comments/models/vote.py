"""Votes of readers on comments."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from comments.models.comment import Comment


class Vote(models.Model):
    """A reader's vote on a comment: `value` is 1 or -1, one row for each reader.

    `voter` is a keyed digest: of the reader's email address where the site vouches for the reader,
    else of the IP address; `network` is that of the latter (`comments.privacy.networks`), of which
    a share counts. A vote that is taken back has no row. Of an old vote both are cleared.
    """

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="votes", db_index=False)
    voter = models.CharField(max_length=64, db_index=True)
    network = models.CharField(max_length=66, blank=True)
    value = models.SmallIntegerField()
    voted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["comment", "voter"], name="one_vote_per_reader"),
            models.CheckConstraint(condition=Q(value__in=[1, -1]), name="a_vote_is_for_or_against"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["voted_at"], name="vote_with_network", condition=~Q(network=""))
        ]

    def __str__(self) -> str:
        return f"{self.value:+d}: {self.comment_id}"
