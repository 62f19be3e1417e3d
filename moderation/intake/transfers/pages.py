"""Find or create the threads of imported comments."""

from datetime import datetime

from comments.formats.items import ImportedThread
from comments.models import Site, Thread
from comments.models.thread import canonical, digest


class ImportThreads:
    """Find or create the threads of imported comments."""

    def __init__(self, site: Site, *, now: datetime, dry_run: bool) -> None:
        self.site, self.now, self.dry_run = site, now, dry_run
        self.known: dict[str, ImportedThread] = {}
        self.threads: dict[str, Thread] = {}
        self.created = 0

    def add(self, page: ImportedThread) -> None:
        """Remember a page's title, URL and times, for the thread that its comments may need."""
        self.known[page.key] = page

    def thread(self, key: str) -> Thread:
        """Return the thread of a page by its key; with `dry_run` it is not saved."""
        if key not in self.threads:
            if len(self.threads) > 10_000:
                self.threads.clear()
            self.threads[key] = self._thread(self.known.get(key) or ImportedThread(key=key))
        return self.threads[key]

    def _thread(self, page: ImportedThread) -> Thread:
        name = canonical(page.key)
        thread = Thread.objects.filter(site=self.site, key_digest=digest(name)).first()
        if thread is None:
            self.created += 1
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
