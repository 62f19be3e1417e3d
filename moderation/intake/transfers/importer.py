"""Import comments of another system with their times, statuses and threads, in batches.

Nobody is notified: nobody wants a message about a comment of ten years ago. What was published
stays published, by a decision of the source IMPORT; what was pending is screened.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import transaction

from comments.formats.items import (
    ImportedComment,
    ImportedThread,
    ImportProblem,
    ImportProgress,
    Item,
)
from comments.models import Author, Comment, Origin, Site, Status
from comments.models.comment import text_digest
from comments.models.ids import derive_id, id_at
from comments.privacy import email_addresses
from comments.text.markdown import render
from moderation.decisions.decide import record_imported
from moderation.intake.transfers import replies
from moderation.intake.transfers.authors import authors_of, email_of
from moderation.intake.transfers.pages import ImportThreads
from moderation.models import Screening

BATCH = 500


def import_items(
    items: Iterable[Item], *, site: Site, source: str, now: datetime, dry_run: bool = False
) -> Iterator[ImportProgress]:
    """Import items in batches, and yield the progress after each.

    Each batch is one transaction, and items that were imported before are skipped: an import is
    idempotent and can be resumed. Replies are linked to their parents at the end. With `dry_run`
    nothing is stored.
    """
    progress = ImportProgress()
    pages = ImportThreads(site, now=now, dry_run=dry_run)
    items = iter(items)
    while batch := list(islice(items, BATCH)):
        with transaction.atomic():
            _import_batch(batch, pages, progress, source=source)
        yield progress
    if not dry_run:
        for problem in replies.link_replies(site, source):
            progress.add_problem(problem)
    yield progress


def _import_batch(
    batch: Sequence[Item], pages: ImportThreads, progress: ImportProgress, *, source: str
) -> None:
    for item in batch:
        if isinstance(item, ImportedThread):
            pages.add(item)
        elif isinstance(item, ImportProblem):
            progress.add_problem(item)
    by_id = {item.source_id: item for item in batch if isinstance(item, ImportedComment)}
    repeated = sum(isinstance(item, ImportedComment) for item in batch) - len(by_id)
    existing = set(
        Origin.objects.filter(site=pages.site, source=source, source_id__in=by_id).values_list(
            "source_id", flat=True
        )
    )
    if source == "native":
        # An export that comes back to its own site brings nothing new.
        own = Comment.objects.filter(site=pages.site, pk__in=[UUID(name) for name in by_id])
        existing |= {str(pk) for pk in own.values_list("pk", flat=True)}
    new = [item for item in by_id.values() if item.source_id not in existing]
    progress.skipped += len(existing) + repeated
    comments = _comments(new, pages, source=source, start=progress.created)
    if not pages.dry_run:
        _store(new, comments, pages, source=source)
    progress.created += len(new)
    progress.threads = pages.created


def _comments(
    new: Sequence[ImportedComment], pages: ImportThreads, *, source: str, start: int
) -> list[Comment]:
    authors = {} if pages.dry_run else authors_of(new, pages.site)
    return [
        _comment(item, pages, authors.get(email_of(item)), source=source, sequence=sequence)
        for sequence, item in enumerate(new, start)
    ]


def _comment(
    item: ImportedComment,
    pages: ImportThreads,
    author: Author | None,
    *,
    source: str,
    sequence: int,
) -> Comment:
    """Return the comment; `sequence` keeps comments of the same second in their order."""
    is_native = source == "native"
    own_id = derive_id(item.source_id, pages.site.pk) if is_native else None
    return Comment(
        id=own_id or id_at(item.created_at, sequence=sequence),
        site=pages.site,
        thread=pages.thread(item.page),
        author=author,
        author_name=item.author_name[:100],
        author_url=item.author_url[:500],
        author_verified=author is not None and item.author_verified,
        body=item.body,
        body_html=render(item.body),
        body_digest=text_digest(item.body),
        status=item.status,
        created_at=item.created_at,
        edited_at=item.edited_at,
        address_digest=email_addresses.address_digest(item.address),
        network_digest=email_addresses.network_digest(item.address),
        intake={"imported_from": source},
    )


def _store(
    new: Sequence[ImportedComment],
    comments: Sequence[Comment],
    pages: ImportThreads,
    *,
    source: str,
) -> None:
    Comment.objects.bulk_create(comments)
    Origin.objects.bulk_create(
        Origin(
            site=pages.site,
            source=source,
            source_id=item.source_id,
            parent_source_id=item.parent,
            comment=comment,
            linked=not item.parent,
        )
        for item, comment in zip(new, comments, strict=True)
    )
    record_imported(comments, now=pages.now)
    pending = [comment for comment in comments if comment.status == Status.PENDING]
    Screening.objects.bulk_create(Screening(comment=comment) for comment in pending)
