"""Authors: who wrote, as far as an email address tells."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models import Count

from comments.models.ids import new_id
from comments.models.site import Site

Record = Mapping[str, int]


class Trust(models.TextChoices):
    """How the house rules take an author's comments."""

    BY_RECORD = "by_record", "By the record"
    TRUSTED = "trusted", "Trusted: published at once, once the address is confirmed"
    WATCHED = "watched", "Watched: always held"


class AuthorQuerySet(models.QuerySet["Author"]):
    """Authors, by what became of their comments."""

    def records(self, ids: Iterable[UUID], *, verified: bool = False) -> Mapping[UUID, Record]:
        """Return for each id how many comments there are in each status; one query at most.

        Pending ones do not count: nothing is known of them yet. `verified` counts those alone
        whose writer had shown that the address is theirs.
        """
        if not (wanted := list(ids)):
            return {}
        counts = (
            self.filter(pk__in=wanted, **({"comments__author_verified": True} if verified else {}))
            .values_list("pk", "comments__status")
            .annotate(n=Count("comments"))
            .order_by()
        )
        records: defaultdict[UUID, dict[str, int]] = defaultdict(dict)
        for author, status, n in counts:
            if status not in (None, "pending"):
                records[author][status] = n
        return records

    def recognise(
        self, site: Site, digests: Sequence[str], make: Callable[[], Mapping[str, Any]]
    ) -> "Author":
        """Return the author at a site with one of these digests, made under the first if new.

        `make` returns the other fields of a new author.
        """
        known = self.filter(site=site, email_digest__in=digests)
        if author := known.first():
            return author
        new = self.model(site=site, email_digest=digests[0], **make())
        try:
            with transaction.atomic():
                new.save(force_insert=True)
        except IntegrityError:
            # The same person wrote twice at once, and the other comment was first.
            return known.get()
        return new


class Author(models.Model):
    """A person at one site, known by the keyed digest of an email address.

    `trust` is what moderators said of the author.
    `verified_at` is when it was first shown that the address is the person's own.
    The address itself is kept encrypted (`comments.privacy.email_addresses` reads it); the name is
    the one used last. Comments without an address have no author.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="authors")
    email_digest = models.CharField(max_length=64)
    email_encrypted = models.TextField()
    name = models.CharField(max_length=100, blank=True)
    first_seen_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True, blank=True)
    trust = models.CharField(max_length=16, choices=Trust, default=Trust.BY_RECORD)

    objects: ClassVar = AuthorQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "email_digest"], name="one_author_per_site_and_address"
            )
        ]

    def __str__(self) -> str:
        return self.name or "Anonymous"

    def record(self) -> Record:
        """Return how many of the author's comments there are in each status."""
        return Author.objects.records([self.pk])[self.pk]
