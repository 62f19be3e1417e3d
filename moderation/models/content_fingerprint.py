"""Texts that other software asked about: enough to tell when they come again from somebody else."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models

from comments.models import Site
from comments.models.ids import new_id


class ContentFingerprintQuerySet(models.QuerySet["ContentFingerprint"]):
    """Content fingerprints, as they are noted and looked up."""

    def note(self, site: Site, *, text_digest: str, mark: str, now: datetime) -> None:
        """Note that a text was asked about; the same one asked about again changes nothing."""
        seen = ContentFingerprint(site=site, text_digest=text_digest, mark=mark, seen_at=now)
        self.bulk_create([seen], ignore_conflicts=True)

    def of(
        self, sites: Iterable[UUID], digests: Iterable[str]
    ) -> Mapping[tuple[UUID, str], Mapping[str, datetime]]:
        """Return for each site and text who was seen with it, and when first."""
        found: dict[tuple[UUID, str], dict[str, datetime]] = {}
        rows = self.filter(site__in=list(sites), text_digest__in=list(digests))
        for site, digest, mark, seen_at in rows.values_list(
            "site", "text_digest", "mark", "seen_at"
        ):
            found.setdefault((site, digest), {})[mark] = seen_at
        return found


class ContentFingerprint(models.Model):
    """A text that a site asked about, and kept itself: a digest of it.

    `mark` is a digest of who wrote it where, by which a comment that is asked about again (a retry,
    another look) is not taken for a repetition.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(
        Site, models.CASCADE, related_name="content_fingerprints", db_index=False
    )
    text_digest = models.CharField(max_length=64)
    mark = models.CharField(max_length=64)
    seen_at = models.DateTimeField(db_index=True)

    objects: ClassVar = ContentFingerprintQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "text_digest", "mark"], name="one_fingerprint_of_each_text_and_mark"
            )
        ]

    def __str__(self) -> str:
        return f"Text {self.text_digest[:8]} on {self.seen_at:%Y-%m-%d}"
