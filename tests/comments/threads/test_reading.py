"""Threads in pages: whatever the thread, every comment is shown once and nothing moves."""

import itertools
from collections import Counter
from collections.abc import Iterator
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comments.models import Comment, Status, Thread
from comments.threads import reading
from comments.threads.cursors import Sort
from comments.threads.reading import Node, TreeQuery
from tests.factories import CommentFactory, ThreadFactory

pytestmark = pytest.mark.django_db
EACH_EXAMPLE_IS_ITS_OWN_THREAD = settings(max_examples=25)
STATUSES = st.sampled_from([Status.APPROVED, Status.APPROVED, Status.HELD, Status.DELETED])
# For each comment: its status, its rank, and which of those before it to reply to, if any.
THREADS = st.lists(
    st.tuples(STATUSES, st.sampled_from([-0.2, 0.0, 0.5]), st.integers(-3, 15)), max_size=25
)


def thread_of(shape: list[tuple[Status, float, int]]) -> Thread:
    thread, comments = ThreadFactory(), []
    for status, rank, answers in shape:
        parent = comments[answers % len(comments)] if comments and answers >= 0 else None
        comments.append(
            CommentFactory(
                thread=thread, author=None, parent=parent, status=status, best=rank, body="b"
            )
        )
    return thread


def walk(nodes: list[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from walk(node.replies)


def pages(thread: Thread, *, sort: Sort, limit: int) -> list[reading.TreePage]:
    """Return all pages of a thread, following the cursors."""
    all_pages = [reading.page(thread, TreeQuery(sort=sort, limit=limit))]
    while cursor := all_pages[-1].next:
        all_pages.append(reading.page(thread, TreeQuery(sort=sort, limit=limit, cursor=cursor)))
    return all_pages


def branch_ids(top: Node) -> set[UUID]:
    """Return the ids of all comments of a branch, loading the rest two at a time."""
    shown = {node.comment.pk for node in walk([top]) if not node.is_tombstone}
    after = top.after
    while after:
        more = reading.replies(top.comment, after=after, limit=2)
        shown |= {node.comment.pk for node in more.nodes if not node.is_tombstone}
        after = more.after
    return shown


@EACH_EXAMPLE_IS_ITS_OWN_THREAD
@given(THREADS, st.sampled_from(Sort), st.integers(1, 5))
def test_the_pages_show_each_public_comment_and_no_other(shape, sort: Sort, limit: int) -> None:
    thread = thread_of(shape)
    tops = [top for page in pages(thread, sort=sort, limit=limit) for top in page.nodes]
    assert max(Counter(top.comment.pk for top in tops).values(), default=1) == 1
    shown = {pk for top in tops for pk in branch_ids(top)}
    public = Comment.objects.filter(thread=thread, status=Status.APPROVED)
    assert shown == set(public.values_list("pk", flat=True))


@EACH_EXAMPLE_IS_ITS_OWN_THREAD
@given(THREADS, st.sampled_from(Sort), st.integers(1, 5))
def test_paging_back_returns_the_same_pages(shape, sort: Sort, limit: int) -> None:
    all_pages = pages(thread_of(shape), sort=sort, limit=limit)
    thread = all_pages[0].nodes[0].comment.thread if all_pages[0].nodes else None
    for before, page in itertools.pairwise(all_pages):
        back = reading.page(thread, TreeQuery(sort=sort, limit=limit, cursor=page.previous))
        assert [n.comment.pk for n in back.nodes] == [n.comment.pk for n in before.nodes]


@EACH_EXAMPLE_IS_ITS_OWN_THREAD
@given(THREADS, st.sampled_from(Sort), st.integers(1, 5))
def test_every_public_comment_has_a_page_that_shows_it(shape, sort: Sort, limit: int) -> None:
    thread = thread_of(shape)
    for pk in thread.comments.filter(status=Status.APPROVED).values_list("pk", flat=True):
        page = reading.page(thread, TreeQuery(sort=sort, limit=limit, around=pk))
        assert pk in {node.comment.pk for node in walk(page.nodes)}


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST])
def test_nothing_is_repeated_or_left_out_while_comments_come_and_go(sort: Sort) -> None:
    thread = ThreadFactory()
    before = CommentFactory.create_batch(6, thread=thread)
    first = reading.page(thread, TreeQuery(sort=sort, limit=3))
    CommentFactory.create_batch(2, thread=thread)
    Comment.objects.filter(pk=first.nodes[-1].comment.pk).update(status=Status.DELETED)
    second = reading.page(thread, TreeQuery(sort=sort, limit=3, cursor=first.next))
    shown = [node.comment.pk for node in (*first.nodes, *second.nodes)]
    assert sorted(shown) == [comment.pk for comment in before]


def test_from_a_page_around_a_comment_both_neighbours_are_reachable() -> None:
    thread = ThreadFactory()
    comments = CommentFactory.create_batch(9, thread=thread)
    page = reading.page(thread, TreeQuery(limit=3, around=comments[4].pk))
    assert [node.comment for node in page.nodes] == comments[4:1:-1]
    newer = reading.page(thread, TreeQuery(limit=3, cursor=page.previous))
    assert [node.comment for node in newer.nodes] == comments[7:4:-1]


def test_the_page_around_the_first_comment_has_none_before_it() -> None:
    thread = ThreadFactory()
    newest = CommentFactory.create_batch(3, thread=thread)[-1]
    assert reading.page(thread, TreeQuery(limit=2, around=newest.pk)).previous is None


def test_a_reply_deep_in_a_large_branch_is_shown_with_what_it_answers() -> None:
    top = CommentFactory()
    CommentFactory.create_batch(50, thread=top.thread, parent=top)
    last = CommentFactory(thread=top.thread, parent=top)
    deepest = CommentFactory(thread=top.thread, parent=last)
    page = reading.page(top.thread, TreeQuery(around=deepest.pk))
    (shown,) = [node for node in walk(page.nodes) if node.comment == last]
    assert [node.comment for node in shown.replies] == [deepest]


@pytest.mark.parametrize("hidden", [{"status": Status.HELD}, {"status": Status.SPAM}])
def test_there_is_no_page_around_what_nobody_sees(hidden) -> None:
    comment = CommentFactory(**hidden)
    with pytest.raises(reading.CommentNotFound):
        reading.page(comment.thread, TreeQuery(around=comment.pk))


def test_there_is_no_page_around_a_comment_of_another_thread() -> None:
    with pytest.raises(reading.CommentNotFound):
        reading.page(ThreadFactory(), TreeQuery(around=CommentFactory().pk))


def test_a_large_branch_is_truncated_and_small_ones_are_whole() -> None:
    thread = ThreadFactory()
    large, small = CommentFactory.create_batch(2, thread=thread)
    CommentFactory.create_batch(100, thread=thread, parent=large)
    CommentFactory.create_batch(3, thread=thread, parent=small)
    nodes = {node.comment: node for node in reading.page(thread, TreeQuery(limit=20)).nodes}
    assert (len(nodes[small].replies), nodes[small].remaining) == (3, 0)
    assert (len(nodes[large].replies), nodes[large].remaining) == (37, 63)
