"""Threads: the pages that comments belong to."""

import hashlib
from collections.abc import Iterable
from typing import ClassVar
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

from django.db import models, transaction
from django.db.models import F

from comments.models.ids import new_id
from comments.models.site import Site


def canonical(url: str) -> str:
    """Return a page's URL in canonical form (RFC 3986, section 6.2).

    The host is lowered, a default port and the fragment are removed, and an empty path becomes `/`.
    Anything that is not an http(s) URL is returned unchanged.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return url
    if parts.scheme not in ("http", "https") or not host:
        return url
    host = f"[{host}]" if ":" in host else host
    if port and port != {"http": 80, "https": 443}[parts.scheme]:
        host = f"{host}:{port}"
    return urlunsplit((parts.scheme, host, parts.path or "/", parts.query, ""))


def digest(key: str) -> str:
    """Return the SHA-256 of a thread's key, by which keys of any length are indexed."""
    return hashlib.sha256(key.encode()).hexdigest()


class ThreadQuerySet(models.QuerySet["Thread"]):
    """Queries for threads."""

    def named(self, site: Site, *names: str) -> "ThreadQuerySet":
        """Keep the threads of `site` with one of these keys or URLs."""
        return self.filter(site=site, key_digest__in={digest(canonical(name)) for name in names})

    @transaction.atomic
    def touch(self, ids: Iterable[UUID]) -> None:
        """Increment the version of threads whose visible comments change.

        It MUST be called in the transaction of the change, after the comments are locked: whoever
        reads a version and then the comments never caches older comments under a newer version.
        """
        locked = self.filter(pk__in=set(ids)).select_for_update(no_key=True).order_by("pk")
        self.filter(pk__in=list(locked.values_list("pk", flat=True))).update(
            version=F("version") + 1
        )


class Thread(models.Model):
    """A page of a site with its comments; `key` is its URL or the site's own id for it.

    `version` counts the changes of what readers see, for caches: see `ThreadQuerySet.touch`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="threads")
    key = models.CharField(max_length=2000)
    key_digest = models.CharField(max_length=64, editable=False)
    url = models.URLField(max_length=2000, blank=True)
    title = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveBigIntegerField(default=0, editable=False)

    objects: ClassVar = ThreadQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "key_digest"], name="one_thread_per_site_and_key"
            )
        ]

    def __str__(self) -> str:
        return self.title or self.key
