"""Fingerprints of texts that other software had checked, to recognise a campaign of repetitions."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models

from comments.models import Site
from comments.models.ids import new_id


class ContentFingerprintQuerySet(models.QuerySet["ContentFingerprint"]):
    """Content fingerprints: record and look up."""

    def note(self, site: Site, *, text_digest: str, source_digest: str, now: datetime) -> None:
        """Record that a text was checked; the same one from the same source changes nothing."""
        fingerprint = ContentFingerprint(
            site=site, text_digest=text_digest, source_digest=source_digest, seen_at=now
        )
        self.bulk_create([fingerprint], ignore_conflicts=True)

    def of(
        self, sites: Iterable[UUID], digests: Iterable[str]
    ) -> Mapping[tuple[UUID, str], Mapping[str, datetime]]:
        """Return, by site and text, the digests of all sources and when each was first seen."""
        found: dict[tuple[UUID, str], dict[str, datetime]] = {}
        rows = self.filter(site__in=list(sites), text_digest__in=list(digests))
        for site, digest, source_digest, seen_at in rows.values_list(
            "site", "text_digest", "source_digest", "seen_at"
        ):
            found.setdefault((site, digest), {})[source_digest] = seen_at
        return found


class ContentFingerprint(models.Model):
    """A digest of a text that a site had checked, and keeps itself.

    `source_digest` is a digest of who wrote it where. By that a comment that is checked again (a
    retry) is not taken for a repetition.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(
        Site, models.CASCADE, related_name="content_fingerprints", db_index=False
    )
    text_digest = models.CharField(max_length=64)
    source_digest = models.CharField(max_length=64)
    seen_at = models.DateTimeField(db_index=True)

    objects: ClassVar = ContentFingerprintQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "text_digest", "source_digest"],
                name="one_fingerprint_per_text_and_source",
            )
        ]

    def __str__(self) -> str:
        return f"Text {self.text_digest[:8]} on {self.seen_at:%Y-%m-%d}"
