"""Importing: comments of another system are taken over with their times, states and places.

Nothing is announced: nobody wants a message about a comment of ten years ago. What was published
stays published, by a decision of the source IMPORT; what was pending is screened.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import transaction

from comments import privacy
from comments.models import Author, Comment, Origin, Site, Status, Thread
from comments.models.comment import text_digest
from comments.models.ids import id_at, id_like
from comments.models.thread import canonical, digest
from comments.rendering import render
from moderation import deciding
from moderation.models import Screening

BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page that comments hang on, by its address or key."""

    key: str
    url: str = ""
    title: str = ""
    created_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A comment of another system; `page` is its page's key, `parent` the id there, or ""."""

    source_id: str
    page: str
    created_at: datetime
    body: str
    status: Status
    parent: str = ""
    author_name: str = ""
    author_email: str = ""
    author_url: str = ""
    address: str = ""
    edited_at: datetime | None = None
    verified_at: datetime | None = None
    author_verified: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that can't be imported: where it is, and what is wrong with it."""

    where: str
    what: str


Item = Page | Imported | Problem


@dataclass
class Progress:
    """What an import has done so far."""

    created: int = 0
    skipped: int = 0
    threads: int = 0
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0

    def note(self, problem: Problem) -> None:
        """Count a problem; the first thousand are kept in words."""
        self.problem_count += 1
        if len(self.problems) < 1000:
            self.problems.append(problem)


def take(
    items: Iterable[Item], *, site: Site, source: str, now: datetime, dry_run: bool = False
) -> Iterator[Progress]:
    """Take items over in batches, and yield the progress after each.

    Each batch is one transaction, and what was imported before is skipped: an import that was
    interrupted goes on where it ended. Replies find their parents when all is there.
    """
    progress = Progress()
    pages = _Pages(site, now=now, dry_run=dry_run)
    items = iter(items)
    while batch := list(islice(items, BATCH)):
        with transaction.atomic():
            _take_batch(batch, pages, progress, source=source)
        yield progress
    if not dry_run:
        for problem in _link(site, source):
            progress.note(problem)
    yield progress


class _Pages:
    """The threads of an import: made when the first comment needs them."""

    def __init__(self, site: Site, *, now: datetime, dry_run: bool) -> None:
        self.site, self.now, self.dry_run = site, now, dry_run
        self.known: dict[str, Page] = {}
        self.threads: dict[str, Thread] = {}
        self.made = 0

    def add(self, page: Page) -> None:
        self.known[page.key] = page

    def thread(self, key: str) -> Thread:
        """Return the thread of a page."""
        if key not in self.threads:
            if len(self.threads) > 10_000:
                self.threads.clear()
            self.threads[key] = self._thread(self.known.get(key) or Page(key=key))
        return self.threads[key]

    def _thread(self, page: Page) -> Thread:
        name = canonical(page.key)
        thread = Thread.objects.filter(site=self.site, key_digest=digest(name)).first()
        if thread is None:
            self.made += 1
            thread = Thread(
                site=self.site,
                key=name,
                key_digest=digest(name),
                url=canonical(page.url)[:2000],
                title=page.title[:300],
                created_at=page.created_at or self.now,
                closed_at=page.closed_at,
            )
            if not self.dry_run:
                thread.save(force_insert=True)
        return thread


def _take_batch(batch: Sequence[Item], pages: _Pages, progress: Progress, *, source: str) -> None:
    for item in batch:
        if isinstance(item, Page):
            pages.add(item)
        elif isinstance(item, Problem):
            progress.note(item)
    wanted = {item.source_id: item for item in batch if isinstance(item, Imported)}
    doubled = sum(isinstance(item, Imported) for item in batch) - len(wanted)
    there = set(
        Origin.objects.filter(site=pages.site, source=source, source_id__in=wanted).values_list(
            "source_id", flat=True
        )
    )
    if source == "native":
        # An export that comes back to its own site brings nothing new.
        own = Comment.objects.filter(site=pages.site, pk__in=[UUID(name) for name in wanted])
        there |= {str(pk) for pk in own.values_list("pk", flat=True)}
    fresh = [item for item in wanted.values() if item.source_id not in there]
    progress.skipped += len(there) + doubled
    comments = _comments(fresh, pages, source=source, start=progress.created)
    if not pages.dry_run:
        _store(fresh, comments, pages, source=source)
    progress.created += len(fresh)
    progress.threads = pages.made


def _comments(
    fresh: Sequence[Imported], pages: _Pages, *, source: str, start: int
) -> list[Comment]:
    authors = {} if pages.dry_run else _authors(fresh, pages.site)
    return [
        _comment(item, pages, authors.get(_email(item)), source=source, place=place)
        for place, item in enumerate(fresh, start)
    ]


def _comment(
    item: Imported, pages: _Pages, author: Author | None, *, source: str, place: int
) -> Comment:
    """Return the comment; what was written in the same second stays in its order."""
    is_ours = source == "native"
    own_id = id_like(item.source_id, pages.site.pk) if is_ours else None
    return Comment(
        id=own_id or id_at(item.created_at, place=place),
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
        address_digest=privacy.address_digest(item.address),
        network_digest=privacy.network_digest(item.address),
        intake={"imported_from": source},
    )


def _email(item: Imported) -> str:
    return privacy.normalise_email(item.author_email)


def _authors(fresh: Sequence[Imported], site: Site) -> dict[str, Author]:
    """Return the authors by address, made where they are not known."""
    first: dict[str, Imported] = {}
    for item in sorted(fresh, key=lambda item: item.created_at):
        if item.author_email:
            first.setdefault(_email(item), item)
    digests = {email: privacy.email_digests(email) for email in first}
    known = {
        author.email_digest: author
        for author in Author.objects.filter(
            site=site, email_digest__in=[d for all_of in digests.values() for d in all_of]
        )
    }
    authors: dict[str, Author] = {}
    for email, item in first.items():
        found = next((known[d] for d in digests[email] if d in known), None)
        authors[email] = found or Author(
            site=site,
            email_digest=digests[email][0],
            email_encrypted=privacy.encrypt(item.author_email.strip()),
            name=item.author_name[:100],
            first_seen_at=item.created_at,
            verified_at=item.verified_at,
        )
    Author.objects.bulk_create([author for author in authors.values() if author._state.adding])
    return authors


def _store(
    fresh: Sequence[Imported], comments: Sequence[Comment], pages: _Pages, *, source: str
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
        for item, comment in zip(fresh, comments, strict=True)
    )
    deciding.adopt(comments, now=pages.now)
    pending = [comment for comment in comments if comment.status == Status.PENDING]
    Screening.objects.bulk_create(Screening(comment=comment) for comment in pending)


def _link(site: Site, source: str) -> Iterator[Problem]:
    """Hang replies below their parents, level by level; yield those whose parent is nowhere."""
    while _link_some(site, source):
        pass
    loose = Origin.objects.filter(site=site, source=source, linked=False)
    for origin in loose.iterator(chunk_size=BATCH):
        yield Problem(
            f"comment {origin.source_id}",
            f"its parent {origin.parent_source_id} is not there: it stands at the top",
        )
    loose.update(linked=True)


@transaction.atomic
def _link_some(site: Site, source: str) -> bool:
    origins = Origin.objects.filter(site=site, source=source)
    parents = origins.filter(linked=True)
    loose = origins.filter(linked=False)
    ready = list(
        loose.filter(parent_source_id__in=parents.values("source_id"))
        .select_related("comment")
        .order_by("pk")[:BATCH]
    )
    above = {
        origin.source_id: origin.comment
        for origin in parents.filter(
            source_id__in={origin.parent_source_id for origin in ready}
        ).select_related("comment")
    }
    for origin in ready:
        parent, comment = above[origin.parent_source_id], origin.comment
        origin.linked = True
        # A reply to a comment of another page would tear the tree.
        if parent.thread_id == comment.thread_id:
            comment.parent, comment.depth = parent, parent.depth + 1
            comment.root_id = parent.root_id or parent.pk
    Comment.objects.bulk_update([o.comment for o in ready], ["parent", "root", "depth"])
    Thread.objects.touch(origin.comment.thread_id for origin in ready)
    Origin.objects.bulk_update(ready, ["linked"])
    return bool(ready)
