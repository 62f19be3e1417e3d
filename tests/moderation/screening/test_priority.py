"""How soon a person should look: scores, reports by who made them, and the author's record."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.models import Comment, Site, Status
from comments.models.author import AuthorRecord
from moderation.models import DecisionSource, QueueReason, Report, ReportReason, Reviewable
from moderation.review.people.reports import report
from moderation.rules.verdicts import Verdict
from moderation.screening.priority import risk
from tests.factories import NOW, CommentFactory, DecisionFactory, PolicyFactory, ThreadFactory

scores = st.floats(0, 1)
records = st.dictionaries(st.sampled_from(["approved", "rejected", "spam"]), st.integers(0, 10**6))


def public(site: Site) -> Comment:
    return CommentFactory(thread=ThreadFactory(site=site), author=None)


def complain(comment: Comment, reader: str) -> Report:
    return report(comment, reason=ReportReason.ABUSE, text="", address=reader, now=NOW)


def ruled(comment: Comment, verdict: Verdict, status: Status) -> None:
    DecisionFactory(comment=comment, verdict=verdict, source=DecisionSource.MODERATOR)
    Comment.objects.filter(pk=comment.pk).update(status=status)


@given(scores, st.lists(st.floats(0, 2), max_size=200), records)
def test_it_lies_between_0_and_1(score: float, reports: list[float], record: AuthorRecord) -> None:
    assert 0 <= risk(score, reports=reports, record=record) <= 1


@given(scores, st.lists(st.floats(0, 2), max_size=5), records)
def test_a_report_never_lowers_it(score: float, reports: list[float], record: AuthorRecord) -> None:
    more = risk(score, reports=[*reports, 1.0], record=record)
    assert more >= risk(score, reports=reports, record=record)


def test_an_author_with_a_good_record_is_less_urgent_than_one_with_a_bad_one() -> None:
    good, unknown, bad = ({"approved": 20}, {}, {"approved": 1, "spam": 5})
    assert risk(0.6, record=good) < risk(0.6, record=unknown) < risk(0.6, record=bad)


def test_a_score_alone_is_the_risk() -> None:
    assert risk(0.7) == pytest.approx(0.7)


@pytest.mark.django_db
def test_who_was_right_before_counts_for_more_than_who_was_not(site: Site) -> None:
    right, wrong = public(site), public(site)
    complain(right, "198.51.100.1")
    complain(wrong, "203.0.113.1")
    ruled(right, Verdict.REJECT, Status.REJECTED)
    ruled(wrong, Verdict.APPROVE, Status.APPROVED)
    places = []
    for reader in ("198.51.100.1", "192.0.2.1", "203.0.113.1"):
        complain(public(site), reader)
        places.append(Reviewable.objects.open().latest("id").priority)
    assert places[0] > places[1] > places[2]


@pytest.mark.django_db
def test_a_first_report_brings_a_public_comment_into_the_queue(site: Site) -> None:
    PolicyFactory(site=site, reports_to_hold=3)
    comment = public(site)
    complain(comment, "192.0.2.1")
    waiting = Reviewable.objects.open().get()
    assert (waiting.comment, waiting.why) == (comment, QueueReason.REPORTED)
    assert Comment.objects.get().status == Status.APPROVED


@pytest.mark.django_db
def test_the_more_complain_the_further_up(site: Site) -> None:
    PolicyFactory(site=site, reports_to_hold=3)
    comment, places = public(site), []
    for reader in ("192.0.2.1", "198.51.100.1", "203.0.113.1"):
        complain(comment, reader)
        places.append(Reviewable.objects.open().get().rank)
    assert places == sorted(places)
    assert places[0] < places[1] < places[2]
    assert Comment.objects.get().status == Status.HELD


@pytest.mark.django_db
def test_what_a_moderator_has_decided_about_is_not_brought_back(site: Site) -> None:
    comment = public(site)
    ruled(comment, Verdict.APPROVE, Status.APPROVED)
    complain(comment, "192.0.2.1")
    assert not Reviewable.objects.open().exists()
