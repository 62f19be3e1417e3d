"""The blind audit: what is drawn of what the rules settled, how it looks, and what it tells."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from comments.models import Comment, Site, Status, User
from moderation.decisions.decide import decide_one
from moderation.decisions.proposals import decision_request
from moderation.insight import statistics
from moderation.models import Label, QueueReason, Reviewable
from moderation.rules.verdicts import Verdict
from moderation.screening import blind_audit, screen
from tests.factories import NOW, PolicyFactory, WaitingCommentFactory
from tests.moderation.web.desk.conftest import desk
from tests.moderation.web.desk.desk import QUEUE, read

__all__ = ["desk"]
pytestmark = pytest.mark.django_db
# Of these the fake classifier thinks nothing, and something.
PUBLISHED, HELD = "hello there", "a spammy word"


@pytest.fixture(autouse=True)
def lots(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Have each comment draw this number."""
    drawn = {"lot": 0.5}
    monkeypatch.setattr(blind_audit, "lot", lambda comment, purpose: drawn["lot"])
    return drawn


def screened(site: Site, *bodies: str, now: Any = NOW) -> list[Comment]:
    comments = [WaitingCommentFactory(thread__site=site, body=body) for body in bodies]
    screen.screen(now=now)
    for comment in comments:
        comment.refresh_from_db()
    return comments


def entries(site: Site) -> list[tuple[str, bool]]:
    rows = Reviewable.objects.open().filter(site=site).order_by("id")
    return list(rows.values_list("comment__body", "is_blind"))


def decide(comment: Comment, verdict: Verdict, by: User) -> None:
    proposal = decision_request(
        comment_id=comment.pk, revision=comment.revision, verdict=verdict, moderator=by
    )
    decide_one(proposal, now=NOW + timedelta(minutes=1))


def audited(site: Site) -> list[dict[str, Any]]:
    """Return what the figures of today say: ids, by which they count, are of the real time."""
    now = timezone.now()
    found = statistics.compute([site], since=now.date() - timedelta(1), until=now.date(), now=now)
    return found["blind_audit"]


def test_a_published_comment_is_looked_at_and_stays_public(site: Site) -> None:
    (comment,) = screened(site, PUBLISHED)
    assert comment.status == Status.APPROVED
    assert entries(site) == [(PUBLISHED, True)]


def test_what_was_set_aside_is_looked_at_too(site: Site) -> None:
    PolicyFactory(site=site, rejected_words=["pills"])
    (comment,) = screened(site, "cheap pills")
    assert comment.status == Status.REJECTED
    assert entries(site) == [("cheap pills", True)]


def test_its_entry_says_that_the_rules_held_it(site: Site) -> None:
    screened(site, PUBLISHED)
    entry = Reviewable.objects.get()
    assert (entry.why, entry.category) == (QueueReason.SCREENED, "")


@pytest.mark.parametrize(("percent", "lot"), [(0, 0.0), (1, 1.0), (30, 30.5)])
def test_what_is_not_drawn_is_settled_as_ever(
    site: Site, lots: dict[str, float], percent: int, lot: float
) -> None:
    PolicyFactory(site=site, audit_percent=percent)
    lots["lot"] = lot
    screened(site, PUBLISHED)
    assert entries(site) == []


def test_no_more_are_shown_than_a_days(site: Site) -> None:
    screened(site, *(f"{PUBLISHED} {n}" for n in range(blind_audit.MOST_A_DAY + 3)))
    assert len(entries(site)) == blind_audit.MOST_A_DAY
    screened(site, "tomorrow", now=NOW + timedelta(days=1))
    assert ("tomorrow", True) in entries(site)


def test_the_held_look_like_them_while_there_are_some(site: Site) -> None:
    screened(site, HELD)
    assert entries(site) == [(HELD, False)]
    screened(site, PUBLISHED)
    screened(site, f"{HELD} again")
    assert entries(site)[1:] == [(PUBLISHED, True), (f"{HELD} again", True)]


def test_the_lot_of_a_comment_is_always_the_same_and_spread_evenly(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    comments = [Comment(site=site, revision=1) for _ in range(400)]
    first, again = ([blind_audit.lot(c, "draw") for c in comments] for _ in range(2))
    assert first == again
    assert all(0 <= lot < 100 for lot in first)
    assert 120 < sum(lot < 50 for lot in first) < 280


def test_the_card_shows_no_score_and_not_that_it_is_public(site: Site, desk: Client) -> None:
    PolicyFactory(site=site, thresholds={"SPAM": {"hold_at": 1.01, "reject_at": 1.01}})
    screened(site, HELD)
    page = read(desk, QUEUE)
    assert HELD in page
    assert "still public" not in page
    assert ">Approve</button>" in page
    assert "nothing decided yet" in page  # The author's record, without this comment.
    assert 'class="raises"' not in page
    assert " %</li>" not in page


def test_approving_leaves_a_published_comment_and_counts_twice(site: Site, moderator: User) -> None:
    (comment,) = screened(site, PUBLISHED)
    decide(comment, Verdict.APPROVE, moderator)
    comment.refresh_from_db()
    assert comment.status == Status.APPROVED
    assert entries(site) == []
    assert set(Label.objects.values_list("weight", flat=True)) == {2.0}


def test_another_lesson_counts_once(site: Site, moderator: User) -> None:
    (comment,) = screened(site, HELD)
    decide(comment, Verdict.SPAM, moderator)
    assert set(Label.objects.values_list("weight", flat=True)) == {1.0}


def test_the_figures_say_how_often_the_rules_were_wrong(site: Site, moderator: User) -> None:
    missed, *fine = screened(site, *(f"{PUBLISHED} {n}" for n in range(4)))
    decide(missed, Verdict.SPAM, moderator)
    for comment in fine:
        decide(comment, Verdict.APPROVE, moderator)
    rows = audited(site)
    (published,) = [row for row in rows if row["outcome"] == "published"]
    assert (published["looked_at"], published["wrong"]) == (4, 1)
    assert 0 < published["low"] < 0.25 < published["high"] < 1


def test_what_was_seen_with_its_scores_is_not_counted(
    site: Site, moderator: User, lots: dict[str, float]
) -> None:
    lots["lot"] = 99.0
    (comment,) = screened(site, HELD)
    decide(comment, Verdict.APPROVE, moderator)
    rows = audited(site)
    assert [row["looked_at"] for row in rows] == [0, 0, 0]
