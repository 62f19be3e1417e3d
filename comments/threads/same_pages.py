"""Threads that are one page: merge them, and find those that look like one."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.db import transaction

from comments.models import Site, Thread
from comments.models.page_identity import key_identity, page_identity
from comments.models.thread import digest
from comments.threads.threads import merge

# The file that a server shows for a folder.
INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$|\.(?:html?|php|aspx?)$")


class Merger(NamedTuple):
    """A thread that is the same page as an older one."""

    thread: Thread
    into: Thread


@transaction.atomic
def regroup(site: Site, *, dry_run: bool = False) -> list[Merger]:
    """Give each thread of a site the identity of its page by the site's present rules.

    Threads that become one page are merged into the oldest of them. Returns the mergers; with
    `dry_run` nothing is changed.
    """
    oldest: dict[str, Thread] = {}
    mergers, moved = [], []
    for thread in Thread.objects.filter(site=site).order_by("pk").iterator():
        thread.site = site
        identity = digest(_identity(thread))
        if into := oldest.setdefault(identity, thread):
            if into is not thread:
                mergers.append(Merger(thread, into))
            elif identity != thread.key_digest:
                moved.append((thread, identity))
    if not dry_run:
        for merger in mergers:
            merge(merger.thread, into=merger.into)
        _set_identities(moved)
    return mergers


def likely_twins(site: Site, *, most: int = 100) -> list[Sequence[Thread]]:
    """Return groups of threads whose paths differ in case, ending, query or host alone.

    They may be one page, or not: a person tells. At most `most` groups are returned.
    """
    groups: dict[str, list[UUID]] = defaultdict(list)
    rows = Thread.objects.filter(site=site).order_by("pk").values_list("pk", "key", "url")
    for pk, key, url in rows.iterator():
        if path := _rough_path(url or key):
            groups[path].append(pk)
    twins = [pks for pks in groups.values() if len(pks) > 1][:most]
    threads = Thread.objects.in_bulk([pk for pks in twins for pk in pks])
    return [[threads[pk] for pk in pks] for pks in twins]


def _identity(thread: Thread) -> str:
    rules = thread.site.page_rules
    if thread.key == thread.url:
        return page_identity(thread.url, rules)
    return key_identity(thread.key, rules)


def _set_identities(moved: Sequence[tuple[Thread, str]]) -> None:
    """Store new identities, in two steps: one may be what another thread had until now."""
    for new in (lambda thread, _: f"moving {thread.pk}", lambda _, identity: identity):
        for thread, identity in moved:
            thread.key_digest = new(thread, identity)
        Thread.objects.bulk_update([thread for thread, _ in moved], ["key_digest"], batch_size=500)


def _rough_path(name: str) -> str:
    try:
        path = unquote(urlsplit(name).path)
    except ValueError:
        return ""
    return INDEX.sub("", path).rstrip("/").casefold()
