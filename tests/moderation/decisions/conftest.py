"""Comments in the states in which decisions meet them."""

from datetime import timedelta

import pytest

from comments.models import Comment, Role, Site, Status, User
from moderation.models import Appeal
from moderation.review.people import appeals
from moderation.rules.verdicts import Verdict
from tests.factories import (
    NOW,
    CommentFactory,
    DecisionFactory,
    MembershipFactory,
    ReviewableFactory,
)

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def held(site: Site) -> Comment:
    """A comment that the rules held, and that waits."""
    comment = CommentFactory(thread__site=site, status=Status.HELD)
    DecisionFactory(comment=comment, verdict=Verdict.HOLD)
    return ReviewableFactory(comment=comment, category="INSULT", priority=0.9).comment


@pytest.fixture
def refused(site: Site) -> Comment:
    """A comment that the rules rejected."""
    comment = CommentFactory(thread__site=site, status=Status.REJECTED)
    DecisionFactory(comment=comment, verdict=Verdict.REJECT, reasoning="It is toxic.")
    return comment


@pytest.fixture
def appeal(refused: Comment) -> Appeal:
    return appeals.submit(refused, text="It was a quotation.", now=NOW)


@pytest.fixture
def colleague(site: Site) -> User:
    return MembershipFactory(site=site, role=Role.MODERATOR).user
