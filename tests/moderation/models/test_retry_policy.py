"""Backoff: never before the schedule, a bounded share after it, and an end."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.models import AkismetCheck, Alarm, Delivery, Inquiry, Mail
from moderation.models.retry_policy import RetryPolicy, seconds

LEASE = timedelta(seconds=60)
policies = st.builds(
    RetryPolicy,
    delays=st.lists(st.integers(1, 10**6), min_size=1, max_size=12).map(lambda d: seconds(*d)),
    lease=st.just(LEASE),
    jitter=st.floats(0, 1),
)


@given(policies, st.data())
def test_a_retry_is_never_before_its_delay_and_at_most_the_jitter_after_it(
    policy: RetryPolicy, data: st.DataObject
) -> None:
    delay = policy.delay(data.draw(st.integers(1, len(policy.delays))))
    assert delay is not None
    wait = policy.with_jitter(delay)
    assert delay <= wait <= delay * (1 + policy.jitter) + timedelta(microseconds=1)


@given(policies)
def test_it_is_given_up_when_the_attempt_after_the_last_delay_fails(policy: RetryPolicy) -> None:
    attempts = len(policy.delays)
    assert [policy.delay(n) for n in range(1, attempts + 1)] == list(policy.delays)
    assert policy.delay(attempts + 1) is None


def test_what_failed_together_is_not_retried_together() -> None:
    policy = RetryPolicy(delays=seconds(300), lease=LEASE, jitter=0.1)
    assert len({policy.with_jitter(policy.delays[0]) for _ in range(20)}) > 1


def test_without_jitter_the_schedule_is_exact() -> None:
    policy = RetryPolicy(delays=seconds(300), lease=LEASE)
    assert policy.with_jitter(policy.delays[0]) == timedelta(seconds=300)


@pytest.mark.parametrize(
    ("model", "delays", "jitter"),
    [
        (Delivery, (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400), 0.1),
        (Mail, (30, 300, 1800, 7200, 21_600, 43_200, 86_400, 86_400), 0.2),
        (AkismetCheck, (60, 600, 3600, 21_600, 86_400), 0),
        (Inquiry, (2, 10, 60, 300), 0),
        (Alarm, (30, 300, 1800, 7200, 21_600), 0),
    ],
)
def test_the_schedules_that_the_documentation_promises(
    model: type, delays: tuple[int, ...], jitter: float
) -> None:
    assert model.retry_policy.delays == seconds(*delays)
    assert model.retry_policy.jitter == jitter
