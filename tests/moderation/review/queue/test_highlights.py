"""Pinned comments stand above all others; featured ones are marked."""

import pytest

from comments.models import Comment, Site, Status, User
from moderation.models import AuditAction, AuditEntry
from moderation.review.queue import highlights
from moderation.review.queue.highlights import MOST_PINNED, NotPublic, NotTopLevel, TooManyPinned
from tests.conftest import Api
from tests.factories import NOW, CommentFactory, MembershipFactory, ThreadFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(site: Site) -> User:
    return MembershipFactory(site=site).user


@pytest.fixture
def comments(site: Site) -> list[Comment]:
    """Seven comments of one thread, the newest last."""
    thread = ThreadFactory(site=site)
    return [CommentFactory(thread=thread) for _ in range(7)]


def pin(comment: Comment, moderator: User, *, pinned: bool = True) -> None:
    highlights.pin(comment, pinned=pinned, by=moderator, now=NOW)


def listed(reader: Api, comment: Comment, **query: object) -> list[str]:
    """Return the ids of the comments on all pages, in their order."""
    answer = reader.get("comments", {"thread": comment.thread.key, "limit": 3, **query}).json()
    found = [row["id"] for row in answer["results"]]
    while answer["next"]:
        answer = reader.get(f"comments?{answer['next'].partition('?')[2]}").json()
        found += [row["id"] for row in answer["results"]]
    return found


def test_a_pinned_comment_comes_first_and_once(
    reader: Api, comments: list[Comment], moderator: User
) -> None:
    pin(comments[2], moderator)
    order = [comments[2], *reversed(comments[3:]), *reversed(comments[:2])]
    assert listed(reader, comments[0]) == [str(comment.pk) for comment in order]


def test_other_orders_are_what_they_say(
    reader: Api, comments: list[Comment], moderator: User
) -> None:
    pin(comments[2], moderator)
    assert listed(reader, comments[0], sort="oldest") == [str(c.pk) for c in comments]


def test_going_back_to_the_first_page_shows_it_again(
    reader: Api, comments: list[Comment], moderator: User
) -> None:
    pin(comments[0], moderator)
    query = {"thread": comments[0].thread.key, "limit": 3}
    first = reader.get("comments", query).json()
    second = reader.get(f"comments?{first['next'].partition('?')[2]}").json()
    back = reader.get(f"comments?{second['previous'].partition('?')[2]}").json()
    assert [row["id"] for row in back["results"]] == [row["id"] for row in first["results"]]
    assert [row["pinned"] for row in second["results"]] == [False] * 3


def test_a_link_to_a_pinned_branch_leads_to_the_first_page(
    reader: Api, comments: list[Comment], moderator: User
) -> None:
    reply = CommentFactory(thread=comments[0].thread, parent=comments[0])
    pin(comments[0], moderator)
    query = {"thread": comments[0].thread.key, "limit": 3, "around": str(reply.pk)}
    answer = reader.get("comments", query).json()
    assert answer["results"][0]["replies"][0]["id"] == str(reply.pk)
    assert answer["previous"] is None


def test_readers_see_what_is_pinned_and_featured_at_once(
    reader: Api, comments: list[Comment], moderator: User
) -> None:
    listed(reader, comments[0])
    pin(comments[0], moderator)
    highlights.feature(comments[0], featured=True, by=moderator, now=NOW)
    row = reader.get("comments", {"thread": comments[0].thread.key}).json()["results"][0]
    assert (row["id"], row["pinned"], row["featured"]) == (str(comments[0].pk), True, True)


def test_it_is_taken_down_again(reader: Api, comments: list[Comment], moderator: User) -> None:
    pin(comments[0], moderator)
    pin(comments[0], moderator, pinned=False)
    assert listed(reader, comments[0])[-1] == str(comments[0].pk)


def test_what_is_no_longer_public_is_pinned_no_longer(
    reader: Api, comments: list[Comment], moderator: User
) -> None:
    pin(comments[0], moderator)
    CommentFactory(thread=comments[0].thread, parent=comments[0])
    Comment.objects.filter(pk=comments[0].pk).update(status=Status.REJECTED, featured=True)
    answer = reader.get("comments", {"thread": comments[0].thread.key}).json()
    (row,) = [row for row in answer["results"] if row["id"] == str(comments[0].pk)]
    assert row is answer["results"][-1]
    assert (row["pinned"], row["featured"], row["author_badge"]) == (False, False, None)


def test_a_thread_has_few_of_them(comments: list[Comment], moderator: User) -> None:
    for comment in comments[:MOST_PINNED]:
        pin(comment, moderator)
    with pytest.raises(TooManyPinned):
        pin(comments[MOST_PINNED], moderator)


def test_a_reply_is_not_pinned(comments: list[Comment], moderator: User) -> None:
    with pytest.raises(NotTopLevel):
        pin(CommentFactory(thread=comments[0].thread, parent=comments[0]), moderator)


@pytest.mark.parametrize("status", [Status.HELD, Status.SPAM, Status.DELETED])
def test_what_is_not_public_is_neither_pinned_nor_featured(
    site: Site, moderator: User, status: Status
) -> None:
    comment = CommentFactory(thread=ThreadFactory(site=site), status=status)
    with pytest.raises(NotPublic):
        pin(comment, moderator)
    with pytest.raises(NotPublic):
        highlights.feature(comment, featured=True, by=moderator, now=NOW)


def test_each_change_is_in_the_audit_log_and_repeating_it_is_none(
    comments: list[Comment], moderator: User
) -> None:
    for _ in range(2):
        pin(comments[0], moderator)
        highlights.feature(comments[0], featured=True, by=moderator, now=NOW)
    pin(comments[0], moderator, pinned=False)
    highlights.feature(comments[0], featured=False, by=moderator, now=NOW)
    entries = AuditEntry.objects.filter(subject=str(comments[0].pk)).order_by("pk")
    assert [entry.act for entry in entries] == [
        AuditAction.PINNED,
        AuditAction.FEATURED,
        AuditAction.UNPINNED,
        AuditAction.UNFEATURED,
    ]
