"""Import comments of another system with their times, statuses and threads, in batches.

Nobody is notified: nobody wants a message about a comment of ten years ago. What was published
stays published, by a decision of the source IMPORT; what waited for a person waits for one here;
only our own format has comments that no machine has seen yet, and those are screened.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import DataError, IntegrityError, transaction

from comments.formats.files import UnreadableFile
from comments.formats.items import (
    ALREADY_HERE,
    ImportedComment,
    ImportedThread,
    ImportNote,
    ImportProblem,
    ImportProgress,
    ImportSkipped,
    Item,
)
from comments.models import Author, Comment, Origin, Site, Status
from comments.models.comment import text_digest
from comments.models.ids import derive_id, id_at
from comments.privacy import email_addresses
from comments.text import foreign_html
from comments.text.markdown import render, sanitise
from moderation.decisions.imported import record_imported
from moderation.intake.transfers import replies
from moderation.intake.transfers.authors import authors_of, email_of
from moderation.intake.transfers.pages import ImportThreads
from moderation.models import ChangedDay, Screening

# A batch has so many items, or so many characters of text, at most.
BATCH, BATCH_CHARACTERS = 500, 2_000_000
# What the values of a row can cause, however they were checked. All else, such as a database that
# is away, is no fault of a row: the import stops, and is resumed.
ROW_FAULTS = (
    DataError, IntegrityError, ValueError, TypeError, ArithmeticError, LookupError,
    AttributeError, RecursionError,
)  # fmt: skip


Stored = ImportedThread | ImportedComment


class Tally(NamedTuple):
    """What a batch has brought: the comments that are new, and how many were here already."""

    created: Sequence[ImportedComment]
    here: int


def import_items(
    items: Iterable[Item], *, site: Site, source: str, now: datetime, dry_run: bool = False
) -> Iterator[ImportProgress]:
    """Import items in batches, and yield the progress after each.

    Each batch is one transaction, and items that were imported before are skipped: an import is
    idempotent and can be resumed. A row that can't be stored is a problem of its own. Replies are
    linked to their parents at the end, also where the file ends too early, as UnreadableFile says.
    With `dry_run` nothing is stored.
    """
    progress = ImportProgress()
    pages = ImportThreads(site, now=now, dry_run=dry_run)
    try:
        for batch in _batches(items):
            _count_others(batch, progress)
            stored = [item for item in batch if isinstance(item, ImportedThread | ImportedComment)]
            with transaction.atomic():
                _import_batch(stored, pages, progress, source=source)
            progress.threads = pages.created
            progress.threads_met, progress.meetings = pages.met, pages.meetings
            yield progress
    except UnreadableFile:
        if not dry_run:
            for note in replies.link_known(site, source):
                progress.add_problem(note)
        raise
    if not dry_run:
        for note in replies.link_replies(site, source):
            progress.add_problem(note)
    yield progress


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Yield the items in batches; of a file that breaks off, what stands before that, too."""
    batch: list[Item] = []
    characters = 0
    try:
        for item in items:
            batch.append(item)
            characters += len(item.body) if isinstance(item, ImportedComment) else 0
            if len(batch) >= BATCH or characters >= BATCH_CHARACTERS:
                yield batch
                batch, characters = [], 0
    except UnreadableFile:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _count_others(batch: Sequence[Item], progress: ImportProgress) -> None:
    """Count what the file holds, and what of it is left out or can't be imported."""
    for item in batch:
        progress.in_file += not isinstance(item, ImportedThread | ImportNote)
        if isinstance(item, ImportSkipped):
            progress.skip(item.reason)
        elif isinstance(item, ImportProblem | ImportNote):
            progress.add_problem(item)


def _import_batch(
    batch: Sequence[Stored], pages: ImportThreads, progress: ImportProgress, *, source: str
) -> None:
    """Store a batch; where a row can't be stored, store the halves, down to that row."""
    try:
        with pages.undone_on_error(), transaction.atomic():
            tally = _store_items(batch, pages, source=source, start=progress.created)
    except ROW_FAULTS as error:
        if len(batch) == 1:
            progress.add_problem(_unstorable(batch[0], error))
            return
        middle = len(batch) // 2
        for half in (batch[:middle], batch[middle:]):
            _import_batch(half, pages, progress, source=source)
        return
    progress.created += len(tally.created)
    progress.statuses.update(str(item.status) for item in tally.created)
    if tally.here:
        progress.skip(ALREADY_HERE, tally.here)


def _unstorable(item: Stored, error: Exception) -> ImportProblem | ImportNote:
    if isinstance(item, ImportedThread):
        return ImportNote(f"page {item.key}", f"it can't be stored: {type(error).__name__}")
    name = f"comment {item.source_id}"
    if isinstance(error, IntegrityError):
        return ImportProblem(name, "it can't be stored: another one has its id")
    return ImportProblem(name, f"it can't be stored: {type(error).__name__}")


def _store_items(
    batch: Sequence[Stored], pages: ImportThreads, *, source: str, start: int
) -> Tally:
    """Store the comments of a batch that are new; `start` is the number of earlier ones."""
    for item in batch:
        if isinstance(item, ImportedThread):
            pages.add(item)
    by_id = {item.source_id: item for item in batch if isinstance(item, ImportedComment)}
    repeated = sum(isinstance(item, ImportedComment) for item in batch) - len(by_id)
    existing = _existing(by_id, pages.site, source=source)
    new = [item for item in by_id.values() if item.source_id not in existing]
    comments = _comments(new, pages, source=source, start=start)
    if not pages.dry_run:
        _store(new, comments, pages, source=source)
    return Tally(new, len(existing) + repeated)


def _existing(names: Iterable[str], site: Site, *, source: str) -> set[str]:
    """Return which comments are at the site already, by their source ids."""
    origins = Origin.objects.filter(site=site, source=source, source_id__in=names)
    existing = set(origins.values_list("source_id", flat=True))
    if source == "native":
        # An export that comes back to its own site brings nothing new.
        own = Comment.objects.filter(site=site, pk__in=[UUID(name) for name in names])
        existing |= {str(pk) for pk in own.values_list("pk", flat=True)}
    return existing


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
        author_name=item.author_name,
        author_url=item.author_url,
        author_verified=author is not None and item.author_verified,
        body=item.body,
        body_html=_html_of(item),
        body_digest=text_digest(item.body),
        status=item.status,
        created_at=item.created_at,
        edited_at=item.edited_at,
        address_digest=email_addresses.address_digest(item.address),
        network_digest=email_addresses.network_digest(item.address),
        intake={"imported_from": source},
    )


def _html_of(item: ImportedComment) -> str:
    """Return the HTML of a comment: as it was rendered beside the parser, unless it is a bomb."""
    is_rendered = bool(item.body_html) and foreign_html.is_bounded(item.body_html)
    return sanitise(item.body_html) if is_rendered else render(item.body)


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
    ChangedDay.objects.mark(comment.pk for comment in pending)
    Screening.objects.bulk_create(Screening(comment=comment) for comment in pending)
