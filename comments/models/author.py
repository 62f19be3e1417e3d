"""Authors of comments, identified by email address."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Count
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models.ids import new_id
from comments.models.insertion import insert_if_new
from comments.models.public_text import PublicNameField
from comments.models.site import Site

AuthorRecord = Mapping[str, int]


class Trust(models.TextChoices):
    """How a site's policy treats an author's comments."""

    BY_RECORD = "by_record", _("By the record")
    TRUSTED = "trusted", _("Trusted: published at once, once the address is confirmed")
    WATCHED = "watched", _("Watched: always held")


class AuthorQuerySet(models.QuerySet["Author"]):
    """Queries for authors and for the record of their comments."""

    def records(
        self, ids: Iterable[UUID], *, verified: bool = False
    ) -> Mapping[UUID, AuthorRecord]:
        """Return the number of comments in each status, by author id, in one query.

        Pending comments do not count. With `verified` only those comments count whose writer had
        proved to own the email address.
        """
        if not (author_ids := list(ids)):
            return {}
        counts = (
            self.filter(
                pk__in=author_ids, **({"comments__author_verified": True} if verified else {})
            )
            .values_list("pk", "comments__status")
            .annotate(n=Count("comments"))
            .order_by()
        )
        records: defaultdict[UUID, dict[str, int]] = defaultdict(dict)
        for author, status, n in counts:
            if status not in (None, "pending"):
                records[author][status] = n
        return records

    def store_or_get(self, new: "Author") -> "Author":
        """Store a new author, or return the one whom a concurrent request stored first."""
        if insert_if_new(new):
            return new
        return self.get(site=new.site, email_digest=new.email_digest)


class Author(models.Model):
    """A person at one site, identified by the keyed digest of an email address.

    `trust` is set by moderators. `verified_at` is when the person last proved to own the address.
    The address itself is encrypted (`comments.privacy.email_addresses` decrypts it); the name is
    the latest one. Comments without an address have no author.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, related_name="authors", verbose_name=_("site")
    )
    email_digest = models.CharField(max_length=64)
    email_encrypted = models.TextField()
    name = PublicNameField(_("name"), max_length=100, blank=True)
    first_seen_at = models.DateTimeField(_("first seen"))
    verified_at = models.DateTimeField(_("address confirmed"), null=True, blank=True)
    trust = models.CharField(_("trust"), max_length=16, choices=Trust, default=Trust.BY_RECORD)

    objects: ClassVar = AuthorQuerySet.as_manager()

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "email_digest"], name="one_author_per_site_and_address"
            )
        ]

    def __str__(self) -> str:
        return self.name or gettext("Anonymous")

    def record(self) -> AuthorRecord:
        """Return the number of the author's comments in each status."""
        return Author.objects.records([self.pk])[self.pk]
