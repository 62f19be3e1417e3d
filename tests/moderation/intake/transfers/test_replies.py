"""Imported replies: linked to their parents, whatever the order of the file."""

from collections.abc import Sequence

import pytest
from django.db.models import Value as V
from django.db.models.functions import Coalesce
from hypothesis import given
from hypothesis import strategies as st

from comments.models import Comment, Origin, Site, Thread
from moderation.intake.transfers import replies
from tests.factories import CommentFactory, SiteFactory, ThreadFactory

pytestmark = pytest.mark.django_db


def imported(
    thread: Thread, source_id: str, parent: str = "", *, source: str = "disqus"
) -> Comment:
    comment = CommentFactory(thread=thread)
    Origin.objects.create(
        site=thread.site,
        source=source,
        source_id=source_id,
        parent_source_id=parent,
        comment=comment,
        linked=not parent,
    )
    return comment


@pytest.fixture
def thread(site: Site) -> Thread:
    return ThreadFactory(site=site)


def link(site: Site) -> Sequence[str]:
    return [f"{p.location}: {p.message}" for p in replies.link_replies(site, "disqus")]


def test_replies_are_linked_level_by_level(site: Site, thread: Thread) -> None:
    deepest = imported(thread, "3", "2")
    middle = imported(thread, "2", "1")
    top = imported(thread, "1")
    assert link(site) == []
    for comment in (top, middle, deepest):
        comment.refresh_from_db()
    assert (top.parent, top.root, top.depth) == (None, None, 0)
    assert (middle.parent, middle.root, middle.depth) == (top, top, 1)
    assert (deepest.parent, deepest.root, deepest.depth) == (middle, top, 2)
    assert not Origin.objects.filter(linked=False).exists()


def test_more_replies_than_a_batch_are_linked(
    site: Site, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "BATCH", 2)
    monkeypatch.setattr(replies, "MAX_LEVELS", 2)
    top = imported(thread, "top")
    for n in range(5):
        imported(thread, str(n), "top")
    assert link(site) == []
    assert Comment.objects.filter(parent=top, depth=1).count() == 5


def test_a_reply_without_its_parent_stays_at_the_top_and_is_named(
    site: Site, thread: Thread
) -> None:
    orphan = imported(thread, "2", "1")
    assert link(site) == ["comment 2: its parent 1 did not come in: it stands at the top"]
    orphan.refresh_from_db()
    assert (orphan.parent, orphan.depth) == (None, 0)
    assert link(site) == []


def test_a_parent_on_another_page_is_named_and_not_linked(site: Site, thread: Thread) -> None:
    imported(ThreadFactory(site=site), "1")
    reply = imported(thread, "2", "1")
    assert link(site) == ["comment 2: its parent 1 is on another page: it stands at the top"]
    reply.refresh_from_db()
    assert (reply.parent, reply.root, reply.depth) == (None, None, 0)


def test_parents_of_other_sites_and_sources_are_not_linked(site: Site, thread: Thread) -> None:
    imported(thread, "1", source="isso")
    imported(ThreadFactory(site=SiteFactory()), "1")
    imported(thread, "2", "1")
    assert link(site) == ["comment 2: its parent 1 did not come in: it stands at the top"]


def test_of_an_import_that_ended_too_early_the_others_wait_for_their_parents(
    site: Site, thread: Thread
) -> None:
    elsewhere = ThreadFactory()
    for source, page in (("disqus", thread), ("isso", thread), ("disqus", elsewhere)):
        for name, parent in (("1", ""), ("2", "1"), ("4", "3")):
            imported(page, name, parent, source=source)
    assert list(replies.link_known(site, "disqus")) == []
    waiting = Origin.objects.filter(site=site, source="disqus", linked=False)
    assert [origin.source_id for origin in waiting] == ["4"]
    assert Origin.objects.filter(linked=False).count() == 5


def test_the_version_of_a_thread_rises_when_replies_are_linked(site: Site, thread: Thread) -> None:
    imported(thread, "1")
    imported(thread, "2", "1")
    other = ThreadFactory(site=site)
    link(site)
    before = thread.version, other.version
    thread.refresh_from_db()
    other.refresh_from_db()
    assert (thread.version > before[0], other.version) == (True, before[1])


def shape(site: Site) -> dict[str, str]:
    """Return the parent of each comment, by the ids of the source."""
    parent = Coalesce("comment__parent__origin__source_id", V(""))
    return dict(Origin.objects.filter(site=site).values_list("source_id", parent))


def test_what_answers_a_reply_without_parent_stays_below_it(site: Site, thread: Thread) -> None:
    for name, parent in (("2", "1"), ("3", "2"), ("4", "3")):
        imported(thread, name, parent)
    assert link(site) == ["comment 2: its parent 1 did not come in: it stands at the top"]
    assert shape(site) == {"2": "", "3": "2", "4": "3"}


def test_a_circle_of_replies_is_opened_at_its_oldest_one(site: Site, thread: Thread) -> None:
    for name, parent in (("1", "3"), ("2", "1"), ("3", "2"), ("4", "2"), ("5", "5")):
        imported(thread, name, parent)
    for name, parent in (("9", "8"), ("8", "9")):
        imported(thread, name, parent)
    assert link(site) == [
        "comment 1: it answers itself by way of its parent 3: it stands at the top",
        "comment 5: it answers itself by way of its parent 5: it stands at the top",
        "comment 9: it answers itself by way of its parent 8: it stands at the top",
    ]
    assert shape(site) == {"1": "", "2": "1", "3": "2", "4": "2", "5": "", "9": "", "8": "9"}


def test_replies_beyond_the_deepest_level_stand_at_the_top(
    site: Site, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "MAX_LEVELS", 2)
    for name, parent in (("0", ""), ("1", "0"), ("2", "1"), ("3", "2")):
        imported(thread, name, parent)
    assert link(site) == ["comment 3: its parent 2 stands too deep: it stands at the top"]


@given(parents=st.lists(st.integers(0, 12), min_size=1, max_size=10))
def test_whatever_answers_whatever_each_reply_is_linked_or_named_once(parents: list[int]) -> None:
    thread = ThreadFactory()
    for name, parent in enumerate(parents):
        imported(thread, str(name), str(parent))
    named = {line.split(":")[0].removeprefix("comment ") for line in link(thread.site)}
    assert named == {name for name, parent in shape(thread.site).items() if not parent}
    assert not Origin.objects.filter(linked=False).exists()
