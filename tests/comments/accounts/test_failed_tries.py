"""Failed tries make one wait, longer and longer, and never for ever."""

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.accounts import failed_tries
from comments.accounts.failed_tries import Counter, TooManyTries, give_back, take
from comments.models import CacheEntry
from tests.factories import NOW

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
fresh = count()


def counter(*, is_own: bool = False) -> Counter:
    return Counter((f"subject {next(fresh)}",), 3, MINUTE, 8 * MINUTE, is_own)


def fail(tried: Counter, *, times: int = 1, after: timedelta = timedelta()) -> None:
    for _ in range(times):
        take([tried], now=NOW + after)


def wait(tried: Counter, *, after: timedelta = timedelta()) -> timedelta:
    """Return how long the counter waits; zero where it takes a try, which is taken back."""
    try:
        give_back(take([tried], now=NOW + after), now=NOW + after)
    except TooManyTries as error:
        return error.wait
    return timedelta()


def test_some_failures_are_free() -> None:
    tried = counter()
    fail(tried, times=2)
    assert not wait(tried)


def test_every_failure_beyond_them_doubles_the_wait_up_to_the_longest() -> None:
    tried, waits, after = counter(), [], timedelta()
    fail(tried, times=2)
    for _ in range(6):
        fail(tried, after=after)
        waits.append(wait(tried, after=after))
        after += waits[-1]
    assert waits == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 8 * MINUTE, 8 * MINUTE]


@given(failures=st.integers(0, 10**9))
def test_no_number_of_failures_makes_anybody_wait_for_ever(failures: int) -> None:
    assert counter().wait_after(failures) <= 8 * MINUTE


def test_who_knocks_while_waiting_waits_no_longer() -> None:
    tried = counter()
    fail(tried, times=3)
    for second in range(60):
        assert wait(tried, after=timedelta(seconds=second)) == timedelta(seconds=60 - second)
    assert not wait(tried, after=MINUTE)


def test_a_refused_try_counts_nowhere() -> None:
    waiting, other = counter(), counter()
    fail(waiting, times=3)
    for _ in range(5):
        with pytest.raises(TooManyTries):
            take([waiting, other], now=NOW)
    fail(other, times=2)
    assert not wait(other)


def test_a_right_try_clears_ones_own_counter_and_is_uncounted_at_others() -> None:
    own, others = counter(is_own=True), counter()
    for tried in (own, others):
        fail(tried, times=2)
    give_back(take([own, others], now=NOW), now=NOW)
    for tried in (own, others):
        fail(tried)
    assert not wait(own)
    assert wait(others) == MINUTE


def test_a_wait_that_others_earned_meanwhile_stays() -> None:
    tried = counter()
    right = take([tried], now=NOW)
    fail(tried, times=2)
    give_back(right, now=NOW)
    assert wait(tried) == MINUTE


def test_tries_at_once_are_counted_before_they_are_looked_at() -> None:
    tried = counter()
    fail(tried, times=3)
    with pytest.raises(TooManyTries):
        fail(tried)


def test_after_a_day_without_failure_all_is_forgotten() -> None:
    tried = counter()
    fail(tried, times=3)
    later = MINUTE + failed_tries.FORGET + timedelta(seconds=1)
    fail(tried, times=2, after=later)
    assert not wait(tried, after=later)


def test_what_is_stored_names_nobody() -> None:
    take([Counter(("password", "ann@x.example"), 3, MINUTE, MINUTE)], now=NOW)
    assert "ann" not in CacheEntry.objects.get().key
