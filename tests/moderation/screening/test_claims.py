"""Leases of comments that are screened, where the database goes away meanwhile."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError
from psycopg import errors

from moderation.models import Screening
from moderation.screening import claims, screen
from tests.factories import NOW, WaitingCommentFactory

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(seconds=1)
AFTER_LEASE = NOW + timedelta(seconds=settings.SCREENING_LEASE + 1)


@pytest.fixture(autouse=True)
def _nothing_interrupted() -> None:
    claims._interrupted.clear()


def wrapped(cause: Exception) -> Exception:
    """Return an error as Django raises it."""
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


def fail_once(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Have the checks meet an error, which ends the task."""

    def fail(*_: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(screen, "find_all", fail)
        with pytest.raises(type(error)):
            screen.screen(now=NOW)


def name_of(error: Exception) -> str:
    return type(error.__cause__ or error).__name__


AWAY = [
    InterfaceError("the connection is closed"),
    wrapped(errors.OperationalError("server closed the connection unexpectedly")),
    wrapped(errors.AdminShutdown("terminating connection")),
    wrapped(errors.DiskFull("could not extend file")),
]
PERHAPS_A_COMMENT = [
    ValueError("a comment that no check can read"),
    wrapped(errors.QueryCanceled("canceling statement due to statement timeout")),
    wrapped(errors.DeadlockDetected("deadlock detected")),
]


@pytest.mark.parametrize("error", AWAY, ids=name_of)
def test_what_waited_while_the_database_was_away_is_screened_at_once(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    WaitingCommentFactory.create_batch(3)
    fail_once(monkeypatch, error)
    assert screen.screen(now=NOW) == 3


def test_a_database_that_goes_away_again_and_again_holds_no_comment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    comment = WaitingCommentFactory()
    for _ in range(screen.MAX_ATTEMPTS + 2):
        fail_once(monkeypatch, AWAY[0])
    screen.screen(now=NOW)
    comment.refresh_from_db()
    assert comment.status == "approved"


@pytest.mark.parametrize("error", PERHAPS_A_COMMENT, ids=name_of)
def test_what_may_be_the_fault_of_a_comment_counts_as_an_attempt(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    WaitingCommentFactory()
    fail_once(monkeypatch, error)
    assert screen.screen(now=NOW) == 0
    assert Screening.objects.get().attempts == 1


def test_what_another_worker_has_claimed_since_stays_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    WaitingCommentFactory()
    fail_once(monkeypatch, AWAY[0])
    interrupted, claims._interrupted[:] = list(claims._interrupted), []
    claims.claim(1, now=AFTER_LEASE)
    claims._interrupted[:] = interrupted
    assert screen.screen(now=AFTER_LEASE) == 0
    assert Screening.objects.get().attempts == 2


def test_a_retried_comment_keeps_its_earlier_attempts_and_is_due_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    comment = WaitingCommentFactory()
    Screening.objects.update(attempts=2, claimed_until=NOW - timedelta(seconds=1))
    fail_once(monkeypatch, AWAY[0])
    claims.claim(1, now=NOW)
    assert Screening.objects.get().attempts == 2
    assert claims.claim(1, now=SOON).attempts == {comment.pk: 3}
