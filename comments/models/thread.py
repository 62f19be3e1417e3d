"""Threads: the pages that comments belong to."""

import hashlib
from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from comments.models.ids import new_id
from comments.models.page_identity import PageRules, identities, usable_url
from comments.models.public_text import PublicTitleField
from comments.models.site import Site
from comments.text.visible import one_line

# Of a key or URL, in characters.
LONGEST_NAME = 2000
LONGEST_TITLE = 300


def digest(identity: str) -> str:
    """Return the SHA-256 of a page's identity, by which names of any length are indexed."""
    return hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()


class ThreadQuerySet(models.QuerySet["Thread"]):
    """Queries for threads."""

    def find(self, site: Site, name: str) -> "Thread | None":
        """Return the thread of `site` that a name stands for, a key of the site's or a URL."""
        return self.find_all(site, [name]).get(name)

    def find_all(self, site: Site, names: Iterable[str]) -> dict[str, "Thread"]:
        """Return the threads of `site` by the names that stand for them, in one query."""
        digests_of = {name: name_digests(name, site.page_rules) for name in names}
        every = {one for digests in digests_of.values() for one in digests}
        found = {row.key_digest: row for row in self.filter(site=site, key_digest__in=every)}
        first = {
            name: next(filter(None, map(found.get, digests_of[name])), None) for name in digests_of
        }
        return {name: thread for name, thread in first.items() if thread}

    @transaction.atomic(savepoint=False)
    def touch(self, ids: Iterable[UUID]) -> None:
        """Increment the version of threads whose visible comments change.

        It MUST be called in the transaction of the change, after the comments are locked: whoever
        reads a version and then the comments never caches older comments under a newer version.
        """
        locked = self.filter(pk__in=set(ids)).select_for_update(no_key=True).order_by("pk")
        self.filter(pk__in=list(locked.values_list("pk", flat=True))).update(
            version=F("version") + 1
        )


def name_digests(name: str, rules: PageRules) -> list[str]:
    """Return the digests of what a name may stand for: a key of the site's, or a URL."""
    if len(name) > LONGEST_NAME and not (name := usable_url(name, longest=LONGEST_NAME)):
        return []
    return [digest(identity) for identity in identities(name, rules)]


class Thread(models.Model):
    """A page of a site with its comments; `key` is its URL or the site's own id for it.

    `key_digest` is that of the page's identity, which its URL has in whichever way it is written.
    `version` counts the changes of what readers see, for caches: see `ThreadQuerySet.touch`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, related_name="threads", verbose_name=_("site")
    )
    key = models.CharField(_("key"), max_length=LONGEST_NAME)
    key_digest = models.CharField(max_length=64, editable=False)
    url = models.URLField(_("address"), max_length=LONGEST_NAME, blank=True)
    title = PublicTitleField(_("title"), max_length=LONGEST_TITLE, blank=True)
    # Whether the site's own server gave URL and title, which readers' pages then don't change.
    named_by_site = models.BooleanField(default=False, editable=False)
    # Whether the page itself gave them, which comments don't change either, and when it was asked.
    named_by_page = models.BooleanField(default=False, editable=False)
    page_read_at = models.DateTimeField(null=True, editable=False)
    section = PublicTitleField(_("section"), max_length=100, blank=True, editable=False)
    # When the public comment was written whose page gave URL and title.
    named_at = models.DateTimeField(null=True, editable=False)
    prompt = PublicTitleField(
        _("prompt"),
        max_length=LONGEST_TITLE,
        blank=True,
        help_text=_("A question to readers, above the form."),
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    created_at = models.DateTimeField(_("begun"))
    version = models.PositiveBigIntegerField(default=0, editable=False)

    objects: ClassVar = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "key_digest"], name="one_thread_per_site_and_key"
            )
        ]

    def __str__(self) -> str:
        return self.title or one_line(self.key)
