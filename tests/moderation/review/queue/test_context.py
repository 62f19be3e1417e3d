"""What stands around a comment, and what else came from where it came from."""

import pytest

from comments.models import Comment, Site, Status
from moderation.review.queue import context
from moderation.review.queue.context import SameOrigin
from tests.factories import CommentFactory, ThreadFactory

pytestmark = pytest.mark.django_db


def test_up_to_three_public_siblings_on_each_side_are_returned_in_order(site: Site) -> None:
    thread = ThreadFactory(site=site)
    comments = [CommentFactory(thread=thread) for _ in range(9)]
    around = context.thread_context(comments[4])
    assert (around.earlier, around.later) == (comments[1:4], comments[5:8])


def test_hidden_comments_and_other_threads_are_left_out(site: Site) -> None:
    thread = ThreadFactory(site=site)
    for _ in range(2):
        comment = CommentFactory(thread=thread, status=Status.SPAM)
        CommentFactory(thread=ThreadFactory(site=site))
    around = context.thread_context(comment)
    assert (around.earlier, around.later, around.replies) == ([], [], [])


def test_siblings_of_a_reply_are_replies_to_the_same_comment(site: Site) -> None:
    parent = CommentFactory(thread__site=site)
    first, second = (CommentFactory(thread=parent.thread, parent=parent) for _ in range(2))
    answer = CommentFactory(thread=parent.thread, parent=first)
    around = context.thread_context(first)
    assert (around.earlier, around.later, around.replies) == ([], [second], [answer])


def test_the_first_three_replies_are_returned(site: Site) -> None:
    parent = CommentFactory(thread__site=site)
    replies = [CommentFactory(thread=parent.thread, parent=parent) for _ in range(4)]
    assert context.thread_context(parent).replies == replies[:3]


def test_the_comments_around_are_loaded_with_site_thread_and_author(
    site: Site, django_assert_num_queries
) -> None:
    thread = ThreadFactory(site=site)
    comments = [CommentFactory(thread=thread) for _ in range(2)]
    (other,) = context.thread_context(comments[0]).later
    with django_assert_num_queries(0):
        assert (other.site, other.thread, other.author) == (site, thread, comments[1].author)


def from_where(site: Site, address: str = "a" * 64, network: str = "n" * 64) -> Comment:
    return CommentFactory(thread__site=site, address_digest=address, network_digest=network)


def test_other_comments_of_the_address_and_the_network_are_counted(site: Site) -> None:
    comment = from_where(site)
    from_where(site)
    from_where(site, address="b" * 64)
    from_where(CommentFactory().site)
    assert context.same_origin(comment) == SameOrigin(same_address=1, same_network=2)


def test_a_comment_without_digests_counts_no_others(site: Site) -> None:
    from_where(site, "", "")
    assert context.same_origin(from_where(site, "", "")) == SameOrigin(0, 0)


def test_the_counts_stop_at_a_limit(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "MAX_COUNT", 2)
    comments = [from_where(site) for _ in range(4)]
    assert context.same_origin(comments[0]) == SameOrigin(2, 2)
