"""A reply of the site's staff from the desk: published below the comment, with the badge."""

from typing import Any

import pytest
from django.test import Client

from comments.models import Comment, Role, Site, Status, Thread
from moderation.models import Reviewable, Screening
from tests.factories import CommentFactory, MembershipFactory, ThreadFactory
from tests.moderation.web.desk.desk import QUEUE, act, member, page_of, read, signed_in, wait_in


@pytest.fixture
def waiting(site: Site) -> Comment:
    return wait_in(site, body="Does the boat run?\n\nAnd **when**?")


def press(client: Client, comment: Comment, text: str = "It does.", **more: Any) -> Any:
    data = {"revision": comment.revision, "status": comment.status, "text": text, **more}
    return act(client, "reply", comment.pk, **data)


def answer_to(comment: Comment) -> Comment:
    return Comment.objects.get(parent=comment)


def test_a_reply_stands_below_the_comment_which_it_approves(site: Site, waiting: Comment) -> None:
    user = MembershipFactory(site=site, user__first_name="Berit").user
    press(signed_in(user), waiting)
    waiting.refresh_from_db()
    answer = answer_to(waiting)
    assert (waiting.status, answer.status) == (Status.APPROVED, Status.APPROVED)
    assert (answer.body, answer.author_name, answer.badge_kind) == ("It does.", "Berit", "staff")
    assert (answer.thread, Thread.objects.count()) == (waiting.thread, 1)
    assert not Reviewable.objects.open().exists()
    assert not Screening.objects.exists()


def test_without_a_name_the_reply_is_the_sites_and_shows_no_address(
    desk: Client, waiting: Comment
) -> None:
    press(desk, waiting)
    assert answer_to(waiting).author_name == waiting.site.name


def test_a_quotation_is_word_for_word(desk: Client, waiting: Comment) -> None:
    press(desk, waiting, quote="1")
    quoted = "> Does the boat run?\n> \n> And **when**?\n\nIt does."
    assert answer_to(waiting).body == quoted


def test_a_reported_comment_that_is_public_stays_in_the_queue(desk: Client, site: Site) -> None:
    public = CommentFactory(thread=ThreadFactory(site=site))
    press(desk, public)
    assert answer_to(public).status == Status.APPROVED
    assert public.decisions.count() == 0


def test_nothing_is_published_below_a_text_that_was_changed_meanwhile(
    desk: Client, waiting: Comment
) -> None:
    Comment.objects.filter(pk=waiting.pk).update(revision=2)
    press(desk, waiting)
    assert not Comment.objects.filter(parent=waiting).exists()
    assert Comment.objects.get(pk=waiting.pk).status == Status.HELD


def test_what_can_not_be_replied_to_is_left_as_it_is(desk: Client, waiting: Comment) -> None:
    Site.objects.update(max_depth=0)
    press(desk, waiting)
    assert Comment.objects.get(pk=waiting.pk).status == Status.HELD
    assert "reply one level up" in read(desk, page_of(waiting))


def test_strangers_and_viewers_do_not_reply_and_nobody_without_a_word(
    desk: Client, site: Site, waiting: Comment
) -> None:
    for client in (member(Role.VIEWER, site), member(Role.OWNER)):
        assert press(client, waiting).status_code == 404
    assert press(desk, waiting, text=" ").status_code == 404
    assert ">Reply</a>" not in read(member(Role.VIEWER, site), QUEUE)
