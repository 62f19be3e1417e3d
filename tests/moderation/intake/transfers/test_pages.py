"""The pages of imported comments: met or created, and remembered no longer than there is room."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from comments.formats.items import ImportedThread
from comments.models import Site, Thread
from moderation.intake.transfers import pages
from moderation.intake.transfers.pages import ImportThreads
from tests.factories import NOW, SiteFactory, ThreadFactory

pytestmark = pytest.mark.django_db
PAGE = "https://gazette.example/article"


def threads(site: Site, *, dry_run: bool = False) -> ImportThreads:
    return ImportThreads(site, now=NOW, dry_run=dry_run)


def known(site: Site, *described: ImportedThread, **options: Any) -> ImportThreads:
    """Return the threads of an import whose file has described these pages."""
    made = threads(site, **options)
    for page in described:
        made.add(page)
    return made


def test_a_page_is_looked_up_and_counted_once(site: Site) -> None:
    here = ThreadFactory(site=site, url=PAGE)
    ThreadFactory(site=SiteFactory(), url=f"{PAGE}/2")
    made = threads(site)
    found = [made.thread(key) for key in (PAGE, f"{PAGE}/2", PAGE, f"{PAGE}/2")]
    assert found[0] == found[2] == here
    assert found[1] is found[3]
    assert (made.met, made.created, made.meetings) == (1, 1, [(PAGE, here.key)])


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("article", "https://gazette.example/article"),
        ("ä" * 200, "https://gazette.example/" + "%C3%A4" * 200),
        ("a" * 1976, "https://gazette.example/" + "a" * 1976),
        ("a" * 1977, ""),
        ("ä" * 400, ""),
    ],
    ids=["short", "escaped", "2,000 characters", "with https too long", "escaped too long"],
)
def test_a_key_and_a_url_are_stored_as_those_of_readers(site: Site, path: str, kept: str) -> None:
    site.origins = ["https://gazette.example"]
    page = ImportedThread(key=" article ", url=f"http://gazette.example/{path}")
    thread = known(site, page).thread(" article ")
    assert (thread.key, thread.url) == ("article", kept)


def test_a_page_of_another_site_is_not_used(site: Site) -> None:
    foreign = threads(SiteFactory()).thread("article")
    assert threads(site).thread("article") != foreign


def test_a_page_is_as_old_as_the_file_says_and_as_closed(site: Site) -> None:
    opened, closed = NOW - timedelta(days=9), NOW - timedelta(days=1)
    page = ImportedThread(key="article", title="On ferries", created_at=opened, closed_at=closed)
    thread = known(site, page).thread("article")
    assert (thread.title, thread.created_at, thread.closed_at) == ("On ferries", opened, closed)


def test_a_dry_run_creates_no_page_and_counts_it(site: Site) -> None:
    made = threads(site, dry_run=True)
    made.thread(PAGE)
    assert made.created == 1
    assert not Thread.objects.exists()


def test_of_those_that_were_here_so_many_are_named(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_MEETINGS", 2)
    made = threads(site)
    for n in range(3):
        made.thread(ThreadFactory(site=site, url=f"{PAGE}/{n}").key)
    assert (made.met, [key for key, _ in made.meetings]) == (3, [f"{PAGE}/{n}" for n in range(2)])


def test_what_a_file_says_of_a_page_is_remembered_for_the_latest(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST", 2)
    made = known(site, *(ImportedThread(key=str(n), title=f"No. {n}") for n in range(3)))
    assert [made.thread(str(n)).title for n in range(3)] == ["", "No. 1", "No. 2"]


def test_more_pages_than_are_remembered_are_created_once(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST", 1)
    made = threads(site)
    for n in (0, 1, 2, 0, 1):
        made.thread(str(n))
        assert len(made.threads) <= pages.MOST
    assert (made.created, Thread.objects.count()) == (3, 3)


def test_what_a_batch_created_is_forgotten_when_it_fails(site: Site) -> None:
    here, later = (ThreadFactory(site=site, url=f"{PAGE}/{name}") for name in ("here", "later"))
    made = known(site, ImportedThread(key="new", created_at=NOW - timedelta(days=1)))
    made.thread(here.key)
    with suppress(ValueError), made.undone_on_error():
        made.thread("new")
        made.thread(later.key)
        raise ValueError
    assert (made.created, made.met, made.meetings) == (0, 1, [(here.key, here.key)])
    assert not made.threads
