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
def test_a_rejected_or_spam_comment_is_appealable(
    site: Site, status: Status, is_refused: bool
) -> None:
    comment = CommentFactory(thread__site=site, status=status)
    DecisionFactory(comment=comment, verdict=Verdict.REJECT)
    assert (view(comment).is_refused, view(comment).is_appealable) == (is_refused, is_refused)


def test_a_refused_comment_without_a_decision_is_not_appealable(site: Site) -> None:
    comment = CommentFactory(thread__site=site, status=Status.REJECTED)
    assert (view(comment).is_refused, view(comment).is_appealable) == (True, False)


def test_an_appealed_comment_is_not_appealable_again(refused: Comment, appeal: Appeal) -> None:
    assert view(refused).appeal == appeal
    assert not view(refused).is_appealable


def test_the_refusal_is_not_upheld_while_the_appeal_is_open_or_was_granted(
    refused: Comment, appeal: Appeal, moderator: User
) -> None:
    assert not view(refused).was_upheld
    decide_one(rule(refused, Verdict.APPROVE, moderator), now=NOW)
    assert not view(refused).was_upheld


def test_the_refusal_is_upheld_once_the_appeal_was_dismissed(
    refused: Comment, appeal: Appeal, moderator: User
) -> None:
    decide_one(rule(refused, Verdict.REJECT, moderator), now=NOW)
    assert view(refused).was_upheld


def test_the_refusal_is_not_upheld_without_an_appeal(refused: Comment) -> None:
    assert not view(refused).was_upheld


def test_the_effective_decision_on_the_current_revision_is_shown(
    refused: Comment, moderator: User
) -> None:
    decision = decide_one(rule(refused, Verdict.SPAM, moderator), now=NOW)
    DecisionFactory()
    assert view(refused).decision == decision
    revise(refused, body="Another text.", now=NOW)
    assert view(refused).decision is None


def test_the_appeal_of_another_comment_is_not_shown(
    refused: Comment, appeal: Appeal, site: Site
) -> None:
    assert view(CommentFactory(thread__site=site, status=Status.SPAM)).appeal is None


def test_a_comment_is_editable_until_the_editing_time_is_over(site: Site) -> None:
    comment = CommentFactory(thread__site=site)
    assert author_view.for_comment(comment, now=NOW).is_editable is comment.is_editable(NOW)
    late = NOW.replace(year=2040)
    assert author_view.for_comment(comment, now=late).is_editable is False
