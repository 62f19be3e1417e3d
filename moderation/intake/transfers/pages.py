"""Find or create the threads of imported comments."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from comments.formats.items import ImportedThread
from comments.models import Site, Thread
from comments.models.page_identity import key_identity
from comments.models.thread import LONGEST_NAME, digest

# How many pages and threads are remembered: an import takes no more memory for a larger file.
MOST = 10_000
# How many of the threads that were here are named.
MOST_MEETINGS = 200


class ImportThreads:
    """Find or create the threads of imported comments."""

    def __init__(self, site: Site, *, now: datetime, dry_run: bool) -> None:
        self.site, self.now, self.dry_run = site, now, dry_run
        self.known: dict[str, ImportedThread] = {}
        self.threads: dict[str, Thread] = {}
        self.created = self.met = 0
        self.meetings: list[tuple[str, str]] = []

    def add(self, page: ImportedThread) -> None:
        """Remember a page's title, URL and times, for the thread that its comments may need."""
        if len(self.known) >= MOST:
            del self.known[next(iter(self.known))]
        self.known[page.key] = page

    def thread(self, key: str) -> Thread:
        """Return the thread of a page by its key; with `dry_run` it is not saved."""
        if key not in self.threads:
            if len(self.threads) >= MOST:
                self.threads.clear()
            self.threads[key] = self._thread(self.known.get(key) or ImportedThread(key=key))
        return self.threads[key]

    @contextmanager
    def undone_on_error(self) -> Iterator[None]:
        """Forget the threads that were created when their transaction fails."""
        created, met, meetings = self.created, self.met, len(self.meetings)
        try:
            yield
        except Exception:
            self.created, self.met = created, met
            del self.meetings[meetings:]
            self.threads.clear()
            raise

    def _thread(self, page: ImportedThread) -> Thread:
        name = digest(key_identity(page.key, self.site.page_rules))
        thread = Thread.objects.filter(site=self.site, key_digest=name).first()
        if thread is None:
            self.created += 1
            url = self.site.page_url(page.url)
            thread = Thread(
                site=self.site,
                key=page.key.strip(),
                key_digest=name,
                # In normal form it may be longer than in the file.
                url=url if len(url) <= LONGEST_NAME else "",
                title=page.title,
                created_at=page.created_at or self.now,
                closed_at=page.closed_at,
            )
            if not self.dry_run:
                thread.save(force_insert=True)
        else:
            self.met += 1
            if len(self.meetings) < MOST_MEETINGS:
                self.meetings.append((page.key, thread.key))
        return thread
