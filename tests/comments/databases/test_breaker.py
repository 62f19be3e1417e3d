"""What failed is left alone for a while, and tried again by one thread."""

import pytest

from comments.databases.breaker import Breaker


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the time in seconds, in a list of one."""
    now = [0.0]
    monkeypatch.setattr("comments.databases.breaker.time.monotonic", lambda: now[0])
    return now


def test_what_has_not_failed_is_tried_each_time(clock: list[float]) -> None:
    breaker = Breaker(10)
    assert [breaker.permits() for _ in range(3)] == [True] * 3


def test_what_failed_is_left_alone_for_a_while(clock: list[float]) -> None:
    breaker = Breaker(10)
    breaker.fail()
    clock[0] = 9.9
    assert not breaker.permits()
    clock[0] = 10.1
    assert breaker.permits()


def test_only_one_tries_whether_it_is_back_and_the_others_do_not_wait(clock: list[float]) -> None:
    breaker = Breaker(10)
    breaker.fail()
    clock[0] = 10.1
    assert [breaker.permits() for _ in range(3)] == [True, False, False]


def test_what_is_back_is_tried_each_time(clock: list[float]) -> None:
    breaker = Breaker(10)
    breaker.fail()
    breaker.succeed()
    assert breaker.permits()


def test_the_first_failure_and_the_first_success_are_told_apart_from_more_of_them() -> None:
    breaker = Breaker(10)
    assert not breaker.succeed()
    assert [breaker.fail(), breaker.fail()] == [True, False]
    assert [breaker.succeed(), breaker.succeed()] == [True, False]
