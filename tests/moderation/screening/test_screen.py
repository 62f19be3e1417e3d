from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.conf import settings

from comments.models import Comment, Status
from moderation.decisions import decide
from moderation.decisions.revise import revise
from moderation.models import Decision, DecisionSource, Policy, Screening
from moderation.rules.verdicts import Reason, Verdict
from moderation.screening import claims, screen, tasks
from tests.factories import NOW, PolicyFactory, SiteFactory, ThreadFactory, WaitingCommentFactory

pytestmark = pytest.mark.django_db
AFTER_LEASE = NOW + timedelta(seconds=settings.SCREENING_LEASE + 1)


def test_it_screens_a_batch_in_a_constant_number_of_queries(
    django_assert_max_num_queries,
) -> None:
    thread = ThreadFactory()
    WaitingCommentFactory.create_batch(40, thread=thread)
    with django_assert_max_num_queries(35):
        assert screen.screen(now=NOW) == 40


def test_a_claimed_comment_is_not_claimed_again() -> None:
    WaitingCommentFactory.create_batch(3)
    first, second = (claims.claim(limit, now=NOW).attempts for limit in (2, 10))
    assert len(first) == 2
    assert len(second) == 1
    assert not first.keys() & second.keys()


def test_what_a_dead_worker_left_is_taken_after_its_lease() -> None:
    comment = WaitingCommentFactory()
    claims.claim(10, now=NOW)
    assert screen.screen(now=NOW) == 0
    assert screen.screen(now=AFTER_LEASE) == 1
    comment.refresh_from_db()
    assert comment.status == Status.APPROVED


def test_what_was_left_is_retried_a_few_at_a_time_and_then_one_by_one() -> None:
    WaitingCommentFactory.create_batch(claims.RETRIED + 2)
    claims.claim(100, now=NOW)
    assert len(claims.claim(100, now=AFTER_LEASE).attempts) == claims.RETRIED
    assert len(claims.claim(100, now=AFTER_LEASE).attempts) == 2
    again = AFTER_LEASE + timedelta(seconds=settings.SCREENING_LEASE + 1)
    assert len(claims.claim(100, now=again).attempts) == 1


def test_a_comment_that_takes_workers_down_is_left_to_a_person() -> None:
    comment = WaitingCommentFactory()
    Screening.objects.update(attempts=screen.MAX_ATTEMPTS, claimed_until=NOW)
    screen.screen(now=NOW + timedelta(seconds=1))
    comment.refresh_from_db()
    assert comment.status == Status.HELD
    assert comment.decisions.get().findings.get().reason == Reason.SCREENING_FAILED


def test_two_workers_with_the_same_comment_decide_once() -> None:
    comment = WaitingCommentFactory()
    proposals = screen.propose([comment], now=NOW)
    again = screen.propose([comment], now=NOW)
    assert isinstance(decide.decide(proposals, now=NOW)[0], Decision)
    assert isinstance(decide.decide(again, now=NOW)[0], decide.AlreadySettled)
    assert comment.decisions.count() == 1


def test_a_text_that_changes_meanwhile_is_screened_anew() -> None:
    comment = WaitingCommentFactory()
    proposals = screen.propose([comment], now=NOW)
    revise(comment, body="vile", now=NOW)
    assert isinstance(decide.decide(proposals, now=NOW)[0], decide.RevisionStale)
    screen.screen(now=NOW)
    comment.refresh_from_db()
    assert comment.status == Status.REJECTED


def test_each_site_is_judged_by_its_own_rules() -> None:
    strict, lax = SiteFactory(), SiteFactory()
    PolicyFactory(site=strict, thresholds={"TOXICITY": {"hold_at": 0.01, "reject_at": 0.9}})
    held = WaitingCommentFactory(thread=ThreadFactory(site=strict))
    published = WaitingCommentFactory(thread=ThreadFactory(site=lax))
    screen.screen(now=NOW)
    assert Comment.objects.get(pk=held.pk).status == Status.HELD
    assert Comment.objects.get(pk=published.pk).status == Status.APPROVED


def test_the_decision_keeps_what_it_was_based_on() -> None:
    comment = WaitingCommentFactory(body="What an idiot.")
    policy = PolicyFactory(site=comment.site)
    screen.screen(now=NOW)
    decision = comment.decisions.get()
    assert decision.source == DecisionSource.AUTOMATION
    assert decision.policy == policy
    assert decision.grounds[0]["line"] == "TOXICITY 0.70, held from 0.50"
    score = decision.findings.get(category="TOXICITY")
    assert (score.score, score.classifier_version) == (0.7, "fake-1")


def test_the_newest_policy_counts() -> None:
    site = SiteFactory()
    PolicyFactory(site=site, revision=1, max_links=9)
    PolicyFactory(site=site, revision=2, max_links=0)
    assert Policy.objects.current(site).max_links == 0


def test_rescreening_looks_again_at_what_the_machine_decided() -> None:
    comment = WaitingCommentFactory(body="What an idiot.")
    screen.screen(now=NOW)
    PolicyFactory(site=comment.site, thresholds={"TOXICITY": {"hold_at": 0.8, "reject_at": 0.9}})
    screen.rescreen([comment.pk])
    screen.screen(now=NOW)
    first, second = comment.decisions.order_by("id")
    assert (first.verdict, second.verdict) == (Verdict.HOLD, Verdict.APPROVE)
    assert second.overrides == first


def test_a_lease_counts_from_its_claim_though_a_sweep_began_long_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    WaitingCommentFactory.create_batch(2)
    claimed, seconds = [], iter([0.0, 20.0, 40.0])
    monkeypatch.setattr(screen, "monotonic", lambda: next(seconds))
    monkeypatch.setattr(screen, "screen", lambda *, now: claimed.append(now) or len(claimed) < 3)
    screen.sweep(now=NOW)
    assert claimed == [NOW, NOW + timedelta(seconds=20), NOW + timedelta(seconds=40)]


@pytest.mark.parametrize("task", [tasks.sweep, partial(tasks.screen_comment, str(uuid4()))])
def test_the_clock_of_the_database_counts(
    task: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    WaitingCommentFactory()
    monkeypatch.setattr(tasks, "database_now", lambda: NOW)
    task()
    assert Decision.objects.get().decided_at == NOW
