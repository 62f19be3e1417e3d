"""Merge threads that are one page, with an entry in the audit trail for each."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from comments.models import Site, Thread, User
from comments.threads import same_pages
from comments.threads.same_pages import Merger
from comments.threads.threads import merge
from moderation.decisions import audit
from moderation.models import AuditAction, ChangedDay


@transaction.atomic
def merge_by_settings(site: Site, *, by: User, now: datetime) -> int:
    """Merge the threads that are one page by the site's settings; return how many are gone."""
    mergers = same_pages.regroup(site)
    _record(site, mergers, by=by, now=now)
    return len(mergers)


@transaction.atomic
def merge_into_oldest(site: Site, threads: Sequence[Thread], *, by: User, now: datetime) -> int:
    """Merge threads of a site, which a person takes for one page, into the oldest of them."""
    oldest, *others = sorted(threads, key=lambda thread: thread.pk)
    mergers = [Merger(thread, oldest) for thread in others]
    _record(site, mergers, by=by, now=now)
    for thread in others:
        merge(thread, into=oldest)
    return len(mergers)


def _record(site: Site, mergers: Sequence[Merger], *, by: User, now: datetime) -> None:
    ChangedDay.objects.mark_threads(thread.pk for merger in mergers for thread in merger)
    lines = [
        audit.AuditRecord(
            AuditAction.THREADS_MERGED, site.pk, into.pk, {"merged": thread.key[:200]}
        )
        for thread, into in mergers
    ]
    audit.record_all(lines, by=by, now=now)
