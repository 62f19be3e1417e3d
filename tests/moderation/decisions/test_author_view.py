"""Where a comment stands, as its author is told."""

import pytest

from comments.models import Comment, Site, Status, User
from moderation.decisions import author_view
from moderation.decisions.decide import decide_one
from moderation.decisions.revise import revise
from moderation.models import Appeal
from moderation.rules.verdicts import Verdict
from tests.decided import rule
from tests.factories import NOW, CommentFactory, DecisionFactory
from tests.moderation.decisions.conftest import LATER

pytestmark = pytest.mark.django_db


def view(comment: Comment) -> author_view.AuthorView:
    comment.refresh_from_db()
    return author_view.for_comment(comment, now=LATER)


@pytest.mark.parametrize(
    ("status", "is_refused"),
    [
        (Status.REJECTED, True),
        (Status.SPAM, True),
        (Status.APPROVED, False),
        (Status.HELD, False),
        (Status.DELETED, False),
        (Status.PENDING, False),
    ],
)
def test_a_comment_that_was_refused_can_be_appealed_for(
    site: Site, status: Status, is_refused: bool
) -> None:
    comment = CommentFactory(thread__site=site, status=status)
    DecisionFactory(comment=comment, verdict=Verdict.REJECT)
    assert (view(comment).is_refused, view(comment).is_appealable) == (is_refused, is_refused)


def test_without_a_decision_there_is_nothing_to_appeal_against(site: Site) -> None:
    comment = CommentFactory(thread__site=site, status=Status.REJECTED)
    assert (view(comment).is_refused, view(comment).is_appealable) == (True, False)


def test_an_appeal_is_made_once(refused: Comment, appeal: Appeal) -> None:
    assert view(refused).appeal == appeal
    assert not view(refused).is_appealable


def test_an_appeal_that_waits_or_was_granted_was_not_upheld(
    refused: Comment, appeal: Appeal, moderator: User
) -> None:
    assert not view(refused).was_upheld
    decide_one(rule(refused, Verdict.APPROVE, moderator), now=NOW)
    assert not view(refused).was_upheld


def test_an_appeal_that_was_dismissed_was_upheld(
    refused: Comment, appeal: Appeal, moderator: User
) -> None:
    decide_one(rule(refused, Verdict.REJECT, moderator), now=NOW)
    assert view(refused).was_upheld


def test_without_an_appeal_nothing_was_upheld(refused: Comment) -> None:
    assert not view(refused).was_upheld


def test_the_decision_is_the_one_that_counts_for_the_present_text(
    refused: Comment, moderator: User
) -> None:
    decision = decide_one(rule(refused, Verdict.SPAM, moderator), now=NOW)
    DecisionFactory()
    assert view(refused).decision == decision
    revise(refused, body="Another text.", now=NOW)
    assert view(refused).decision is None


def test_another_comments_appeal_is_not_shown(refused: Comment, appeal: Appeal, site: Site) -> None:
    assert view(CommentFactory(thread__site=site, status=Status.SPAM)).appeal is None


def test_whether_the_author_may_still_edit_depends_on_the_time(site: Site) -> None:
    comment = CommentFactory(thread__site=site)
    assert author_view.for_comment(comment, now=NOW).is_editable is comment.is_editable(NOW)
    late = NOW.replace(year=2040)
    assert author_view.for_comment(comment, now=late).is_editable is False
