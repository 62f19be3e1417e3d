"""Comments, and the earlier revisions of their text."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models.author import Author
from comments.models.badge import LONGEST_LABEL, Badge, BadgeKind
from comments.models.ids import new_id
from comments.models.picture import Picture
from comments.models.public_text import (
    PublicBodyField,
    PublicNameField,
    PublicTitleField,
    PublicUrlField,
)
from comments.models.site import Site
from comments.models.thread import Thread
from comments.status import Status
from comments.text.compatibility import compatible
from comments.text.visible import contained

EDITABLE_STATUSES = (Status.PENDING, Status.HELD, Status.APPROVED)
# Not or no longer public, for good: purged after REFUSED_KEEP_DAYS.
REMOVED_STATUSES = (Status.DELETED, Status.REJECTED, Status.SPAM)
# The fields that tell who wrote a comment, as they are where nobody is to know.
ANONYMOUS: Mapping[str, Any] = {
    "author": None,
    "author_name": "",
    "author_url": "",
    "badge_kind": "",
    "badge_label": "",
    "picture": None,
    "address_digest": "",
    "network_digest": "",
    "user_agent": "",
    "avatar_seed": "",
    "intake": {},
}


def text_digest(body: str) -> str:
    """Return the SHA-256 of a text, ignoring case, width and spacing: 64 hexadecimal digits."""
    folded = " ".join(compatible(contained(body)).casefold().split())
    return hashlib.sha256(folded.encode()).hexdigest()


def visible(own: Iterable[UUID] = ()) -> Q:
    """Return the condition under which a reader sees a comment: see `CommentQuerySet.public`."""
    own_pending = Q(pk__in=list(own), status__in=[Status.PENDING, Status.HELD])
    return Q(status=Status.APPROVED) | own_pending


class CommentQuerySet(models.QuerySet["Comment"]):
    """Queries for comments."""

    def public(self, *, own: Iterable[UUID] = ()) -> "CommentQuerySet":
        """Keep approved comments, and the reader's `own` ones that are pending or held."""
        return self.filter(visible(own))


class Comment(models.Model):
    """A comment in a thread: its current text, and its moderation status.

    `revision` numbers the texts, from 1. `root` is the root comment of the branch (none for a root
    itself) and `depth` the number of levels below it. `intake` is evidence about the submission,
    such as the decoy field and the form token. `page_language` is that of the page it was written
    on. `author_verified` says that the writer has proved to own the email address; anybody can type
    one. The badge is what the site said of the writer then (`comments.models.badge`). Only
    `moderation.decisions.decide` writes `status`, only `comments.threads.voting` the vote counts
    and `best`, the rank by votes, and only `moderation.review.queue.highlights` what is pinned.
    `avatar_seed` is that of the writer's picture, stored when the digests behind it are cleared.
    `purged_at` is set where a removed comment keeps nothing but the place of its replies.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Where db_index is off, one of the indexes below starts with the field.
    site = models.ForeignKey(
        Site, models.CASCADE, related_name="comments", db_index=False, verbose_name=_("site")
    )
    thread = models.ForeignKey(
        Thread, on_delete=models.CASCADE, related_name="comments", verbose_name=_("page")
    )
    parent = models.ForeignKey("self", models.RESTRICT, null=True, related_name="replies")
    root = models.ForeignKey(
        "self", models.RESTRICT, null=True, related_name="branch", db_index=False
    )
    depth = models.PositiveSmallIntegerField(default=0)
    author = models.ForeignKey(
        Author, models.SET_NULL, null=True, related_name="comments", db_index=False
    )
    author_name = PublicNameField(_("author"), max_length=100, blank=True)
    author_url = PublicUrlField(max_length=500, blank=True)
    author_verified = models.BooleanField(default=False)
    badge_kind = models.CharField(max_length=8, blank=True)
    badge_label = PublicTitleField(max_length=LONGEST_LABEL, blank=True)
    # The picture that the site named for the writer; none for the drawn one.
    picture = models.ForeignKey(
        Picture, models.SET_NULL, null=True, related_name="comments", db_index=False
    )
    page_language = models.CharField(max_length=16, blank=True)
    body = PublicBodyField()
    body_html = models.TextField()
    body_digest = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=1)
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(_("written"))
    edited_at = models.DateTimeField(null=True)
    address_digest = models.CharField(max_length=64, blank=True)
    network_digest = models.CharField(max_length=64, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    avatar_seed = models.CharField(max_length=12, blank=True)
    intake = models.JSONField(default=dict)
    up_votes = models.PositiveIntegerField(default=0)
    down_votes = models.PositiveIntegerField(default=0)
    best = models.FloatField(default=0.0)
    pinned_at = models.DateTimeField(null=True)
    featured = models.BooleanField(default=False)
    purged_at = models.DateTimeField(null=True)

    objects: ClassVar = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
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
            models.Index(
                fields=["thread"], name="comment_pinned", condition=Q(pinned_at__isnull=False)
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
            # The next ones of which the retention period ends.
            models.Index(
                fields=["id"],
                name="comment_removed",
                condition=Q(status__in=REMOVED_STATUSES, purged_at=None),
            ),
            models.Index(
                fields=["id"], name="comment_with_network", condition=~Q(network_digest="")
            ),
            # Few are: which decisions are on a text that was replaced.
            models.Index(fields=["id"], name="comment_edited", condition=Q(revision__gt=1)),
            models.Index(
                fields=["picture"], name="comment_by_picture", condition=Q(picture__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author_name or gettext('Anonymous')}: {Truncator(self.body).chars(60)}"

    @property
    def badge(self) -> Badge:
        """What the site said of the writer."""
        return Badge(BadgeKind(self.badge_kind), self.badge_label)

    @property
    def is_pinned(self) -> bool:
        """Whether it stands at the top of its thread."""
        return self.pinned_at is not None and self.status == Status.APPROVED

    @property
    def editable_until(self) -> datetime:
        """The end of the author's time to edit the comment."""
        return self.created_at + timedelta(minutes=self.site.edit_minutes)

    def is_editable(self, now: datetime) -> bool:
        """Return whether the author may edit the comment: in time, and unless it was refused."""
        return now <= self.editable_until and self.status in EDITABLE_STATUSES


class Revision(models.Model):
    """An earlier text of a comment, which an edit replaced."""

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
