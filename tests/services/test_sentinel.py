"""Redis with Sentinel: all that uses it follows a failover by itself, and nothing is lost."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from comments.http import rate_limits
from comments.http.rate_limits import use
from moderation.screening import wake_up
from tests.services.conftest import Installation, installed
from tests.services.processes import wait_for
from tests.services.sentinels import REPLICAS, FailingOver
from tests.services.test_rate_limits import NOW, ask


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[FailingOver]:
    servers = FailingOver(tmp_path)
    yield servers
    servers.kill()


@pytest.fixture
def installation(
    redis: FailingOver, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("installation")
    with installed(folder, REDIS_URL=redis.url) as installation:
        yield installation


def post(installation: Installation, *numbers: int) -> None:
    """Post comments, each of which must be accepted."""
    answers = [installation.post(f"A calm remark, number {n}.") for n in numbers]
    assert {status for status, _ in answers} == {201}


def decided(installation: Installation) -> None:
    wait_for(lambda: installation.pending() == 0, seconds=30, what="decisions")


def test_an_installation_follows_one_failover_after_the_other_by_itself(
    redis: FailingOver, installation: Installation
) -> None:
    installation.start_worker(beat=False)
    beat = installation.start_beat()
    post(installation, 1)
    decided(installation)

    for how, numbers in ((signal.SIGKILL, (2, 3, 4)), (signal.SIGSTOP, (5, 6, 7))):
        redis.lose_master(how)
        post(installation, *numbers)
        redis.wait_for_failover()
        # What woke nobody is found by the sweep, which beat sends to the new master.
        decided(installation)

    beat.kill()
    wait_for(lambda: not redis.master.llen("screening"), seconds=10, what="the last sweep")
    post(installation, 8)
    decided(installation)
    assert installation.decisions_per_comment() == {1}
    assert redis.master.keys("LIMITS:*"), "web processes count in the new master"


@pytest.fixture
def _here(redis: FailingOver, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process use the servers."""
    settings.REDIS_URL = redis.url
    monkeypatch.setattr(rate_limits, "REST", 0.0)


@pytest.mark.usefixtures("_here")
def test_limits_and_marks_go_on_at_the_new_master(redis: FailingOver) -> None:
    assert ask(redis.url) == 40
    assert wake_up.is_needed()
    assert redis.master.wait(REPLICAS, 10_000) == REPLICAS
    redis.lose_master()
    assert use("shared", now=NOW, limit=1).allowed, "of this process alone"
    assert not use("shared", now=NOW, limit=1).allowed, "of this process alone"
    redis.wait_for_failover()
    left = [use("shared", now=NOW, limit=50).allowed for _ in range(20)]
    assert sum(left) == 10
    wake_up.clear()
    assert [wake_up.is_needed(), wake_up.is_needed()] == [True, False]
