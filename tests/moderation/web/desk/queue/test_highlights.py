"""The buttons that pin and feature a comment."""

import pytest
from django.urls import reverse

from comments.models import Comment, Role, Site, Status
from tests.factories import CommentFactory, ThreadFactory
from tests.moderation.web.desk.desk import member, read


@pytest.fixture
def comment(site: Site) -> Comment:
    return CommentFactory(thread=ThreadFactory(site=site))


def page_of(comment: Comment) -> str:
    return reverse("admin:comments_comment_change", args=[comment.pk])


def press(comment: Comment, act: str, role: Role = Role.MODERATOR) -> int:
    address = reverse("admin:moderation_highlight", args=[comment.pk])
    return member(role, comment.site).post(address, {"act": act}).status_code


def test_a_moderator_pins_and_features_and_takes_both_back(comment: Comment) -> None:
    press(comment, "pin")
    press(comment, "feature")
    comment.refresh_from_db()
    assert (comment.is_pinned, comment.featured) == (True, True)
    shown = read(member(Role.MODERATOR, comment.site), page_of(comment))
    assert "Take down from the top" in shown
    assert "Feature no longer" in shown
    press(comment, "unpin")
    press(comment, "unfeature")
    comment.refresh_from_db()
    assert (comment.is_pinned, comment.featured) == (False, False)


def test_a_reply_has_no_button_to_pin_it(comment: Comment) -> None:
    reply = CommentFactory(thread=comment.thread, parent=comment)
    shown = read(member(Role.MODERATOR, comment.site), page_of(reply))
    assert "Pin to the top" not in shown
    assert "Feature" in shown


def test_what_is_not_public_has_no_buttons(comment: Comment) -> None:
    Comment.objects.update(status=Status.HELD)
    assert "Pin to the top" not in read(member(Role.MODERATOR, comment.site), page_of(comment))
    press(comment, "pin")
    comment.refresh_from_db()
    assert comment.pinned_at is None


def test_viewers_may_not(comment: Comment) -> None:
    assert press(comment, "pin", Role.VIEWER) == 404
    assert "Pin to the top" not in read(member(Role.VIEWER, comment.site), page_of(comment))


@pytest.mark.parametrize("act", ["", "delete", "pinned"])
def test_there_are_no_other_buttons(comment: Comment, act: str) -> None:
    assert press(comment, act) == 404
