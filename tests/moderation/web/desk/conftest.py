"""Fixtures of the moderators' desk."""

import pytest
from django.test import Client

from comments.models import Comment, Role, Site, Status
from moderation.rules.verdicts import Category, Reason, Verdict
from tests.factories import (
    AuthorFactory,
    CommentFactory,
    DecisionFactory,
    ReviewableFactory,
    ThreadFactory,
)
from tests.moderation.web.desk.desk import EMAIL, member


@pytest.fixture
def held(site: Site) -> Comment:
    """A comment that the rules held for its score and its links."""
    comment = CommentFactory(
        thread=ThreadFactory(site=site),
        author=AuthorFactory(site=site, email=EMAIL),
        status=Status.HELD,
        network_digest="f" * 64,
    )
    grounds = [
        {
            "verdict": "HOLD",
            "check": "classifier",
            "reason": "score",
            "category": "TOXICITY",
            "line": "TOXICITY 0.94, held from 0.50",
        },
        {
            "verdict": "HOLD",
            "check": "links",
            "reason": "too_many_links",
            "category": "",
            "line": "too_many_links",
        },
    ]
    decision = DecisionFactory(comment=comment, verdict=Verdict.HOLD, grounds=grounds)
    decision.findings.create(
        check_name="classifier",
        reason=Reason.SCORE,
        category=Category.TOXICITY,
        score=0.94,
        classifier_version="fake-1",
    )
    decision.findings.create(check_name="links", reason=Reason.TOO_MANY_LINKS)
    return ReviewableFactory(comment=comment).comment


@pytest.fixture
def desk(site: Site) -> Client:
    """A moderator of the site."""
    return member(Role.MODERATOR, site)
