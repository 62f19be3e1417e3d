"""Imports: what is stored of an item, what is skipped, and what a dry run leaves alone."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from comments.formats.files import UnreadableFile
from comments.formats.items import (
    ImportedComment,
    ImportedThread,
    ImportNote,
    ImportProblem,
    ImportProgress,
    ImportSkipped,
    Item,
)
from comments.models import Author, Comment, Origin, Site, Status, Thread
from comments.models.comment import text_digest
from comments.models.ids import derive_id, new_id
from comments.privacy import email_addresses
from comments.text.markdown import render
from moderation.intake.transfers import importer
from moderation.intake.transfers.pages import ImportThreads
from moderation.models import ChangedDay, Decision, DecisionSource, Reviewable, Screening
from tests.factories import NOW, CommentFactory, SiteFactory

pytestmark = pytest.mark.django_db
OLD = NOW - timedelta(days=365)


def item(source_id: str = "1", **changes: Any) -> ImportedComment:
    fields = {
        "page": "https://gazette.example/article",
        "created_at": OLD,
        "body": "A *calm* thought.",
        "status": Status.APPROVED,
        **changes,
    }
    return ImportedComment(source_id=source_id, **fields)


def load(site: Site, items: Iterable[Item], **options: Any) -> ImportProgress:
    *_, progress = importer.import_items(
        items, site=site, now=NOW, **{"source": "disqus", **options}
    )
    return progress


def told(progress: ImportProgress) -> tuple[int, int, int, int]:
    return progress.created, progress.skipped, progress.threads, progress.problem_count


# What is stored.


def test_a_comment_is_stored_with_its_text_author_and_times(site: Site) -> None:
    edited = OLD + timedelta(hours=1)
    load(
        site,
        [
            item(
                author_name="n" * 101,
                author_email="Ann@Mail.example",
                author_url="https://a.example/" + "u" * 482,
                address="198.51.100.7",
                edited_at=edited,
            )
        ],
    )
    comment = Comment.objects.get()
    assert (comment.site, comment.thread.site) == (site, site)
    assert (comment.body, comment.body_html) == ("A *calm* thought.", render("A *calm* thought."))
    assert comment.body_digest == text_digest("A *calm* thought.")
    assert (comment.author_name, comment.author_url) == (
        "n" * 100,
        "https://a.example/" + "u" * 482,
    )
    assert (comment.status, comment.created_at, comment.edited_at) == ("approved", OLD, edited)
    assert comment.address_digest == email_addresses.address_digest("198.51.100.7")
    assert comment.network_digest == email_addresses.network_digest("198.51.100.7")
    assert comment.intake == {"imported_from": "disqus"}
    assert comment.author == Author.objects.get()


@pytest.mark.parametrize(
    ("email", "verified", "expected"),
    [("ann@mail.example", True, True), ("ann@mail.example", False, False), ("", True, False)],
)
def test_a_comment_is_verified_if_it_has_an_author_who_was(
    site: Site, email: str, verified: bool, expected: bool
) -> None:
    load(site, [item(author_email=email, author_verified=verified)])
    assert Comment.objects.get().author_verified is expected


@pytest.mark.parametrize(
    ("body_html", "shown"),
    [
        ("<p><em>Calm</em> <script>alert(1)</script></p>", "<p><em>Calm</em> </p>"),
        ("<b>" * 10_000, render("A *calm* thought.")),
        ("", render("A *calm* thought.")),
    ],
    ids=["sanitised", "a bomb", "none"],
)
def test_what_was_rendered_beside_the_parser_is_used(
    site: Site, body_html: str, shown: str
) -> None:
    load(site, [item(body_html=body_html)])
    assert Comment.objects.get().body_html == shown


def test_where_a_comment_came_from_is_stored(site: Site) -> None:
    load(site, [item("1"), item("2", parent="missing")])
    first, second = Origin.objects.order_by("source_id")
    assert (first.site, first.source, first.parent_source_id) == (site, "disqus", "")
    assert (second.parent_source_id, second.comment) == ("missing", Comment.objects.latest("id"))


def test_comments_of_the_same_second_keep_their_order(site: Site) -> None:
    bodies = [f"Comment {n}" for n in range(20)]
    load(site, [item(str(n), body=body) for n, body in enumerate(bodies)])
    assert list(Comment.objects.order_by("id").values_list("body", flat=True)) == bodies


def test_the_ids_of_imported_comments_sort_by_their_times(site: Site) -> None:
    recent = CommentFactory(thread__site=site)
    load(site, [item("1"), item("2", created_at=OLD - timedelta(days=1))])
    ids = Comment.objects.order_by("id").values_list("origin__source_id", flat=True)
    assert list(ids) == ["2", "1", None]
    assert Comment.objects.latest("id") == recent


@pytest.mark.parametrize("status", [Status.APPROVED, Status.HELD, Status.SPAM])
def test_a_status_is_a_decision_of_the_import(site: Site, status: Status) -> None:
    load(site, [item(status=status)])
    decision = Decision.objects.get()
    assert (decision.source, decision.comment.status) == (DecisionSource.IMPORT, status)
    assert not Screening.objects.exists()
    assert list(Reviewable.objects.open().values_list("opened_at", flat=True)) == (
        [NOW] if status == Status.HELD else []
    )


def test_the_days_of_pending_comments_are_counted_again(site: Site) -> None:
    load(site, [item("1", status=Status.PENDING)])
    assert ChangedDay.objects.get().day == OLD.date()


def test_pending_comments_alone_are_screened(site: Site) -> None:
    load(site, [item("1", status=Status.PENDING), item("2")])
    assert Screening.objects.get().comment.status == Status.PENDING


def test_threads_are_created_with_what_the_file_says_of_them(site: Site) -> None:
    page = ImportedThread(
        key="article",
        url="https://gazette.example/article",
        title="t" * 301,
        created_at=OLD,
        closed_at=NOW,
    )
    progress = load(site, [page, item("1", page="article"), item("2", page="article")])
    thread = Thread.objects.get()
    assert (thread.site, thread.key, thread.url) == (site, "article", page.url)
    assert (thread.title, thread.created_at, thread.closed_at) == ("t" * 300, OLD, NOW)
    assert told(progress) == (2, 0, 1, 0)


def test_a_thread_that_the_file_does_not_describe_is_as_old_as_the_import(site: Site) -> None:
    load(site, [item(page="article")])
    assert (Thread.objects.get().created_at, Thread.objects.get().closed_at) == (NOW, None)


def test_a_thread_of_the_site_is_used_and_one_of_another_site_is_not(site: Site) -> None:
    other = SiteFactory()
    load(other, [item()])
    load(site, [item()])
    assert told(load(site, [item("2")])) == (1, 0, 0, 0)
    assert {thread.site for thread in Thread.objects.all()} == {site, other}
    assert Thread.objects.count() == 2


def test_a_thread_without_comments_is_not_created(site: Site) -> None:
    load(site, [ImportedThread(key="article")])
    assert not Thread.objects.exists()


# What is skipped.


def test_a_second_import_skips_what_the_first_one_stored(site: Site) -> None:
    items = [item("1"), item("2")]
    assert told(load(site, items)) == (2, 0, 1, 0)
    assert told(load(site, [*items, item("3")])) == (1, 2, 0, 0)
    assert Comment.objects.count() == 3


def test_an_item_that_the_file_repeats_is_skipped(site: Site) -> None:
    assert told(load(site, [item(), item()])) == (1, 1, 1, 0)


def test_the_same_id_of_another_source_or_site_is_another_comment(site: Site) -> None:
    load(site, [item()])
    assert told(load(site, [item()], source="isso"))[:2] == (1, 0)
    assert told(load(SiteFactory(), [item()]))[:2] == (1, 0)


def test_a_native_export_skips_comments_that_are_still_at_the_site(site: Site) -> None:
    own, foreign = CommentFactory(thread__site=site), CommentFactory()
    items = [item(str(own.pk)), item(str(foreign.pk))]
    assert told(load(site, items, source="native"))[:2] == (1, 1)


def test_a_native_comment_gets_an_id_derived_from_its_own(site: Site) -> None:
    source_id = str(new_id())
    load(site, [item(source_id)], source="native")
    assert Comment.objects.get().pk == derive_id(source_id, site.pk)


def test_problems_are_counted_and_the_rest_is_imported(site: Site) -> None:
    problem = ImportProblem("line 2", "it can't be read")
    progress = load(site, [problem, item()])
    assert told(progress) == (1, 0, 1, 1)
    assert progress.problems == [problem]


def test_what_a_file_holds_is_counted_and_why_it_did_not_come_in(site: Site) -> None:
    load(site, [item("1")])
    progress = load(
        site,
        [
            ImportedThread(key="article"),
            item("1"),
            item("2"),
            *[ImportSkipped(f"line {n}", "pingback") for n in range(2)],
            ImportProblem("line 9", "it has no id"),
            ImportNote("line 10", "it has no time"),
        ],
    )
    assert (progress.in_file, progress.created, progress.problem_count) == (5, 1, 1)
    assert progress.skipped_because == {"already here": 1, "pingback": 2}
    assert progress.note_count == 1


# Batches and dry runs.


def test_progress_is_yielded_after_each_batch(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "BATCH", 2)
    items = [item(str(n)) for n in range(5)]
    steps = importer.import_items(items, site=site, source="disqus", now=NOW)
    assert [progress.created for progress in steps] == [2, 4, 5, 5]
    assert Comment.objects.count() == 5


def test_a_dry_run_counts_and_stores_nothing(site: Site) -> None:
    items = [item("1", author_email="ann@mail.example"), item("2", parent="missing")]
    assert told(load(site, items, dry_run=True)) == (2, 0, 1, 0)
    for model in (Comment, Thread, Author, Origin, Decision):
        assert not model.objects.exists()


def test_a_long_text_ends_a_batch(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "BATCH_CHARACTERS", 6)
    items: list[Item] = [
        item(str(n), body=body) for n, body in enumerate(["abc", "def", "gh", "ijkl", "m"])
    ]
    # A page has no text.
    items.insert(1, ImportedThread(key="article"))
    steps = importer.import_items(items, site=site, source="disqus", now=NOW)
    assert [progress.created for progress in steps] == [2, 4, 5, 5]


def test_an_empty_file_brings_nothing(site: Site) -> None:
    steps = list(importer.import_items([], site=site, source="disqus", now=NOW))
    assert [told(progress) for progress in steps] == [(0, 0, 0, 0)]


# What can't be stored.


def fails_for(*ids: str, error: type[Exception] = ValueError) -> Any:
    """Return a `_comment` that fails for the items with these ids."""
    store = importer._comment

    def comment(imported: ImportedComment, *args: Any, **options: Any) -> Comment:
        if imported.source_id in ids:
            raise error
        return store(imported, *args, **options)

    return comment


def test_a_row_that_cant_be_stored_is_a_problem_of_its_own(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "_comment", fails_for("2", "5"))
    items = [item(str(n), page=f"p{n}", status=Status.SPAM) for n in range(7)]
    progress = load(site, items)
    assert told(progress) == (5, 0, 5, 2)
    assert progress.problems == [
        ImportProblem(f"comment {n}", "it can't be stored: ValueError") for n in (2, 5)
    ]
    assert progress.statuses == {"spam": 5}
    assert set(Origin.objects.values_list("source_id", flat=True)) == {"0", "1", "3", "4", "6"}


def test_a_page_that_cant_be_stored_is_a_note(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: ImportThreads, page: ImportedThread) -> None:
        raise LookupError

    monkeypatch.setattr(ImportThreads, "add", fail)
    progress = load(site, [ImportedThread(key="article"), item()])
    assert told(progress) == (1, 0, 1, 0)
    assert progress.problems == [ImportNote("page article", "it can't be stored: LookupError")]


def test_two_ids_that_become_one_are_named_so(site: Site) -> None:
    first, second = (f"019a0000-0000-7000-8000-00000000000{n}" for n in (1, 2))
    progress = load(site, [item(first), item(second)], source="native")
    assert progress.problems == [
        ImportProblem(f"comment {second}", "it can't be stored: another one has its id")
    ]


def test_a_database_that_is_away_is_no_fault_of_a_row(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "_comment", fails_for("1", error=OperationalError))
    with pytest.raises(OperationalError):
        load(site, [item("1")])
    assert not Comment.objects.exists()


# Replies.


def parents(site: Site) -> dict[str, str | None]:
    rows = Comment.objects.filter(site=site)
    return dict(rows.values_list("origin__source_id", "parent__origin__source_id"))


def test_replies_are_linked_when_all_are_stored(site: Site) -> None:
    progress = load(site, [item("2", parent="1"), item("1"), item("3", parent="gone")])
    assert parents(site) == {"1": None, "2": "1", "3": None}
    assert [problem.location for problem in progress.problems] == ["comment 3"]
    assert (progress.problem_count, progress.note_count) == (0, 1)


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_file_that_ends_too_early_has_its_replies_linked_as_far_as_they_came(
    site: Site, monkeypatch: pytest.MonkeyPatch, dry_run: bool
) -> None:
    def broken() -> Iterator[Item]:
        yield from (item("1"), item("2", parent="1"), item("3", parent="later"))
        yield item("4", page="elsewhere", parent="1")
        raise UnreadableFile("It ends too early.")

    monkeypatch.setattr(importer, "BATCH", 4)
    steps = importer.import_items(broken(), site=site, source="disqus", now=NOW, dry_run=dry_run)
    progress = next(steps)
    with pytest.raises(UnreadableFile):
        next(steps)
    linked = {"1": None, "2": "1", "3": None, "4": None}
    assert parents(site) == ({} if dry_run else linked)
    assert [note.location for note in progress.problems] == ([] if dry_run else ["comment 4"])
    waiting = Origin.objects.filter(linked=False)
    assert list(waiting.values_list("source_id", flat=True)) == ([] if dry_run else ["3"])


def test_what_stands_before_a_break_is_imported(site: Site) -> None:
    def broken() -> Iterator[Item]:
        yield from (item("1"), item("2"))
        raise UnreadableFile("It ends too early.")

    with pytest.raises(UnreadableFile):
        list(importer.import_items(broken(), site=site, source="disqus", now=NOW))
    assert parents(site) == {"1": None, "2": None}
