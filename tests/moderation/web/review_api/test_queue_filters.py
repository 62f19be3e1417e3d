"""The queue, narrowed: each filter keeps what it names, and nothing else."""

from datetime import timedelta

import pytest

from comments.models import Comment, Role, Site, Status
from moderation.decisions.decide import decide_one
from moderation.decisions.proposals import Proposal, QueueEntry
from moderation.models import (
    DecisionSource,
    Finding,
    QueueReason,
    Report,
    ReportReason,
    Reviewable,
)
from moderation.rules.verdicts import Reason, Verdict
from tests.conftest import Api, signed_in
from tests.factories import (
    NOW,
    CommentFactory,
    MembershipFactory,
    ReviewableFactory,
    ScreeningFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def plain(site: Site) -> Comment:
    """A comment that no filter is for."""
    return held(site, body="Nothing to see here.")


def held(site: Site, *, body: str = "Hello", **more: object) -> Comment:
    return ReviewableFactory(
        comment__thread__site=site, comment__status=Status.HELD, comment__body=body, **more
    ).comment


def found(review: Api, **filters: object) -> list[str]:
    answer = review.get("queue", filters)
    assert answer.status_code == 200, answer.content
    return [row["comment"]["id"] for row in answer.json()["results"]]


def held_for(site: Site, *reasons: Reason) -> Comment:
    """Have the rules hold a comment for what was found in it."""
    comment: Comment = ScreeningFactory(comment__thread__site=site).comment
    findings = [Finding(check_name="links", reason=reason) for reason in reasons]
    decide_one(
        Proposal(
            comment_id=comment.pk,
            revision=1,
            verdict=Verdict.HOLD,
            source=DecisionSource.AUTOMATION,
            findings=findings,
            queue_entry=QueueEntry(why=QueueReason.SCREENED),
        ),
        now=NOW,
    )
    return comment


def test_by_thread_and_by_author(review: Api, site: Site, plain: Comment) -> None:
    comment = held(site)
    assert found(review, thread=comment.thread_id) == [str(comment.pk)]
    assert found(review, author=comment.author_id) == [str(comment.pk)]


def test_by_what_was_found(review: Api, site: Site, plain: Comment) -> None:
    comment = held_for(site, Reason.HELD_WORD)
    assert found(review, reason="held_word") == [str(comment.pk)]
    assert found(review, reason="has_links") == []


def test_by_several_at_once(review: Api, site: Site, plain: Comment) -> None:
    comment = held_for(site, Reason.HELD_WORD, Reason.HAS_LINKS)
    held_for(site, Reason.HELD_WORD)
    assert found(review, reason="held_word", links="true") == [str(comment.pk)]


def test_by_the_language_of_the_text(review: Api, site: Site, plain: Comment) -> None:
    comment = CommentFactory(
        thread__site=site, status=Status.HELD, body="Das ist doch Quatsch, was hier steht."
    )
    Reviewable.of(comment, why="HELD", now=NOW).save()
    assert found(review, language="de") == [str(comment.pk)]
    assert review.get("queue/counts").json()["languages"] == {"de": 1}


def test_a_finding_about_an_older_text_does_not_count(review: Api, site: Site) -> None:
    comment = held_for(site, Reason.HELD_WORD)
    Comment.objects.filter(pk=comment.pk).update(revision=2, status=Status.APPROVED)
    held_again = Proposal(
        comment_id=comment.pk, revision=2, verdict=Verdict.HOLD, source=DecisionSource.READERS
    )
    decide_one(held_again, now=NOW)
    assert found(review) == [str(comment.pk)]
    assert found(review, reason="held_word") == []


def test_what_was_found_is_known_where_readers_report_it_later(review: Api, site: Site) -> None:
    comment = held_for(site, Reason.HELD_WORD)
    Reviewable.objects.all().delete()
    Comment.objects.filter(pk=comment.pk).update(status=Status.APPROVED)
    held_again = Proposal(
        comment_id=comment.pk, revision=1, verdict=Verdict.HOLD, source=DecisionSource.READERS
    )
    decide_one(held_again, now=NOW)
    assert found(review, reason="held_word") == [str(comment.pk)]


def test_those_with_links(review: Api, site: Site, plain: Comment) -> None:
    comment = held_for(site, Reason.TOO_MANY_LINKS)
    assert found(review, links="true") == [str(comment.pk)]


def test_those_reported(review: Api, site: Site, plain: Comment) -> None:
    comment = held(site)
    Report.objects.create(
        comment=comment, revision=1, reason=ReportReason.SPAM, reporter="d", created_at=NOW
    )
    assert found(review, reported="true") == [str(comment.pk)]


@pytest.mark.parametrize(
    "words", ["crooked", "CROOKED politicians", "politicians crooked", "poli", "Café"]
)
def test_by_words_of_the_text(review: Api, site: Site, plain: Comment, words: str) -> None:
    comment = held(site, body="All of these crooked politicians meet in one café.")
    assert found(review, q=words) == [str(comment.pk)]


@pytest.mark.parametrize("words", ["rook", '"', "'; DROP TABLE x; --", "*", "NEAR(", "a:b", "\\"])
def test_words_that_are_not_there_find_nothing(review: Api, plain: Comment, words: str) -> None:
    assert found(review, q=words) == []


def test_a_changed_text_is_found_by_its_new_words(review: Api, plain: Comment) -> None:
    plain.body = "Everything is different."
    plain.save()
    assert found(review, q="different") == [str(plain.pk)]
    assert found(review, q="nothing") == []


def test_those_that_colleagues_hold(review: Api, site: Site, plain: Comment) -> None:
    comment = held(site)
    colleague = MembershipFactory(site=site).user
    Reviewable.objects.filter(comment=comment).update(
        claimed_by=colleague, claimed_until=NOW + timedelta(days=999)
    )
    assert found(review, claimed="others") == [str(comment.pk)]
    assert found(review, claimed="none") == [str(plain.pk)]


def test_what_waited_for_long_comes_before_what_is_only_a_little_worse(
    review: Api, site: Site
) -> None:
    fresh = held(site, priority=0.6)
    old = held(site, priority=0.5, opened_at=NOW - timedelta(days=2))
    urgent = held(site, priority=1.0)
    assert found(review) == [str(c.pk) for c in (urgent, old, fresh)]


def test_how_much_waits_is_counted(review: Api, site: Site) -> None:
    held(site, category="INSULT")
    held(site, why="REPORTED")
    ReviewableFactory()
    assert review.get("queue/counts").json() == {
        "total": 2,
        "mine": 0,
        "sites": {site.slug: 2},
        "why": {"SCREENED": 1, "REPORTED": 1},
        "categories": {"INSULT": 1},
        "languages": {},
        "escalated": 0,
        "holders": [],
    }


def test_an_escalated_comment_is_the_owners(review: Api, site: Site) -> None:
    comment = held(site)
    owner = signed_in(MembershipFactory(site=site, role=Role.OWNER).user)
    assert review.post(f"comments/{comment.pk}/escalate", {"why": "The mayor"}).status_code == 204
    assert found(review, escalated="true") == [str(comment.pk)]
    assert review.post("queue/claim", {}).json()["results"] == []
    assert len(owner.post("queue/claim", {}).json()["results"]) == 1


def test_what_does_not_wait_can_not_be_escalated(review: Api, site: Site) -> None:
    comment = held(site)
    Reviewable.objects.update(closed_at=NOW)
    assert review.post(f"comments/{comment.pk}/escalate").status_code == 409
