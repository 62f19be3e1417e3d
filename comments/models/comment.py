"""Comments, and the texts that edits replaced."""

import hashlib
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from comments.models.author import Author
from comments.models.ids import new_id
from comments.models.site import Site
from comments.models.thread import Thread


class Status(models.TextChoices):
    """Where a comment stands; only `approved` is public."""

    PENDING = "pending", "Pending"
    APPROVED = "approved", "Approved"
    HELD = "held", "Held"
    REJECTED = "rejected", "Rejected"
    SPAM = "spam", "Spam"
    DELETED = "deleted", "Deleted"


EDITABLE = (Status.PENDING, Status.HELD, Status.APPROVED)


def text_digest(body: str) -> str:
    """Return the SHA-256 of a text, the same for texts that differ in case, width or spacing."""
    folded = " ".join(unicodedata.normalize("NFKC", body).casefold().split())
    return hashlib.sha256(folded.encode()).hexdigest()


def visible(own: Iterable[UUID] = ()) -> Q:
    """Return the condition under which a reader sees a comment: see `CommentQuerySet.public`."""
    waiting = Q(pk__in=list(own), status__in=[Status.PENDING, Status.HELD])
    return Q(status=Status.APPROVED) | waiting


class CommentQuerySet(models.QuerySet["Comment"]):
    """Comments, as readers see them."""

    def public(self, *, own: Iterable[UUID] = ()) -> "CommentQuerySet":
        """Keep the approved ones, and the caller's `own` that wait for a verdict."""
        return self.filter(visible(own))


class Comment(models.Model):
    """What somebody wrote under a page: its latest text, and where it stands.

    `revision` counts the texts, from 1. `root` is the comment at the top of a branch of replies
    (none for the top itself) and `depth` the steps down from it. `intake` keeps what the way in
    showed: the decoy field, the form token. `page_language` is that of the page it was written on.
    `author_verified` once its writer has shown that the address is their own; anybody can type it.
    `status` is written by `moderation.decisions.decide` alone, the numbers of votes and `best`,
    the rank that they give, by `comments.threads.voting`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Where db_index is off, one of the indexes below begins with the field.
    site = models.ForeignKey(Site, models.CASCADE, related_name="comments", db_index=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="replies")
    root = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="branch", db_index=False
    )
    depth = models.PositiveSmallIntegerField(default=0)
    author = models.ForeignKey(
        Author, models.SET_NULL, null=True, related_name="comments", db_index=False
    )
    author_name = models.CharField(max_length=100, blank=True)
    author_url = models.URLField(max_length=500, blank=True)
    author_verified = models.BooleanField(default=False)
    page_language = models.CharField(max_length=16, blank=True)
    body = models.TextField()
    body_html = models.TextField()
    body_digest = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=16, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    address_digest = models.CharField(max_length=64, blank=True)
    network_digest = models.CharField(max_length=64, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    intake = models.JSONField(default=dict)
    up_votes = models.PositiveIntegerField(default=0)
    down_votes = models.PositiveIntegerField(default=0)
    best = models.FloatField(default=0.0)

    objects: ClassVar = CommentQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes: ClassVar = [
            models.Index(
                fields=["thread", "-id"], name="comment_by_thread", condition=Q(parent=None)
            ),
            models.Index(
                fields=["thread", "-best", "-id"], name="comment_best", condition=Q(parent=None)
            ),
            models.Index(
                fields=["thread", "root"],
                name="comment_public",
                condition=Q(status=Status.APPROVED),
            ),
            models.Index(fields=["root", "status", "id"], name="comment_by_branch"),
            models.Index(fields=["author", "status"], name="comment_by_author"),
            models.Index(fields=["site", "status", "-id"], name="comment_by_site"),
            models.Index(
                fields=["site", "address_digest", "-created_at"], name="comment_by_address"
            ),
            models.Index(
                fields=["site", "network_digest", "-id"],
                name="comment_by_network",
                condition=~Q(network_digest=""),
            ),
            models.Index(fields=["site", "body_digest", "id"], name="comment_by_text"),
        ]

    def __str__(self) -> str:
        return f"{self.author_name or 'Anonymous'}: {self.body[:60]}"

    @property
    def editable_until(self) -> datetime:
        """When the author's time to change the comment is over."""
        return self.created_at + timedelta(minutes=self.site.edit_minutes)

    def is_editable(self, now: datetime) -> bool:
        """Tell whether the author may change the comment: in time, and unless it was refused."""
        return now <= self.editable_until and self.status in EDITABLE


class Revision(models.Model):
    """A text of a comment that an edit replaced."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    body = models.TextField()
    replaced_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["comment", "number"], name="one_text_per_revision")
        ]

    def __str__(self) -> str:
        return f"Revision {self.number} of {self.comment_id}"
