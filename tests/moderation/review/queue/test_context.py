"""What stands around a comment, and what else came from where it came from."""

import pytest

from comments.models import Comment, Site, Status
from moderation.review.queue import context
from moderation.review.queue.context import SameOrigin
from tests.factories import CommentFactory, ThreadFactory

pytestmark = pytest.mark.django_db


def test_the_three_nearest_public_ones_on_each_side_are_shown_in_their_order(site: Site) -> None:
    thread = ThreadFactory(site=site)
    comments = [CommentFactory(thread=thread) for _ in range(9)]
    around = context.thread_context(comments[4])
    assert (around.earlier, around.later) == (comments[1:4], comments[5:8])


def test_what_is_not_public_or_elsewhere_is_not_shown(site: Site) -> None:
    thread = ThreadFactory(site=site)
    for _ in range(2):
        comment = CommentFactory(thread=thread, status=Status.SPAM)
        CommentFactory(thread=ThreadFactory(site=site))
    around = context.thread_context(comment)
    assert (around.earlier, around.later, around.replies) == ([], [], [])


def test_beside_a_reply_stand_the_replies_to_the_same_comment(site: Site) -> None:
    parent = CommentFactory(thread__site=site)
    first, second = (CommentFactory(thread=parent.thread, parent=parent) for _ in range(2))
    answer = CommentFactory(thread=parent.thread, parent=first)
    around = context.thread_context(first)
    assert (around.earlier, around.later, around.replies) == ([], [second], [answer])


def test_the_first_three_replies_are_shown(site: Site) -> None:
    parent = CommentFactory(thread__site=site)
    replies = [CommentFactory(thread=parent.thread, parent=parent) for _ in range(4)]
    assert context.thread_context(parent).replies == replies[:3]


def from_where(site: Site, address: str = "a" * 64, network: str = "n" * 64) -> Comment:
    return CommentFactory(thread__site=site, address_digest=address, network_digest=network)


def test_others_of_the_same_address_and_network_at_the_site_are_counted(site: Site) -> None:
    comment = from_where(site)
    from_where(site)
    from_where(site, address="b" * 64)
    from_where(CommentFactory().site)
    assert context.same_origin(comment) == SameOrigin(same_address=1, same_network=2)


def test_of_unknown_origin_there_is_nothing_to_count(site: Site) -> None:
    from_where(site, "", "")
    assert context.same_origin(from_where(site, "", "")) == SameOrigin(0, 0)


def test_it_is_counted_up_to_a_limit(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "MAX_COUNT", 2)
    comments = [from_where(site) for _ in range(4)]
    assert context.same_origin(comments[0]) == SameOrigin(2, 2)
