"""Sites whose moderators have decided about texts that the shipped classifier misjudges."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest

from comments.models import Comment, Site, Status, User
from moderation.decisions.decide import decide_one
from moderation.decisions.proposals import decision_request
from moderation.rules.verdicts import Verdict
from moderation.screening import classifier
from tests.factories import NOW, CommentFactory

Teach = Callable[..., list[Comment]]
_numbers = count()


@pytest.fixture(autouse=True)
def no_shipped_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the shipped texts, which the fake classifier does not judge rightly."""
    monkeypatch.setattr(classifier, "regression_rows", tuple)
    monkeypatch.setattr(classifier, "anchor_rows", tuple)


@pytest.fixture
def teach(site: Site, moderator: User) -> Teach:
    """Decide about new comments, the one later than the other, as a moderator."""

    def decide(
        texts: list[str], verdict: Verdict, *, by: User = moderator, day: int = 0
    ) -> list[Comment]:
        decided = []
        for text in texts:
            number = next(_numbers)
            comment = CommentFactory(
                thread__site=site, body=f"{text} {number}x", status=Status.HELD
            )
            proposal = decision_request(
                comment_id=comment.pk, revision=1, verdict=verdict, moderator=by
            )
            decide_one(proposal, now=NOW + timedelta(days=day, seconds=number))
            decided.append(comment)
        return decided

    return decide


@pytest.fixture
def taught(teach: Teach) -> None:
    """Teach that a word which the classifier does not know is spam."""
    for _ in range(60):
        teach(["win at the kasino tonight"], Verdict.SPAM)
        teach(["what a lovely walk tonight"], Verdict.APPROVE)
