"""What a person starts and waits for ends in time, and runs once for a site."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from comments.models import Site
from moderation.models import Policy
from moderation.screening.policy import calibration
from moderation.screening.policy.simulation import simulate
from moderation.screening.policy.time_budget import (
    LEASE,
    AlreadyRunning,
    TimeBudget,
    one_at_a_time,
)
from tests.decided import decided
from tests.factories import CommentFactory, SiteFactory, ThreadFactory

pytestmark = pytest.mark.django_db


def ticking(seconds: float) -> TimeBudget:
    """Return a budget whose clock goes on by a second at each look."""
    ticks = iter(range(1000))
    return TimeBudget(seconds, clock=lambda: next(ticks))


def test_a_simulation_stops_in_time_and_says_what_it_left_out(site: Site) -> None:
    for n in range(4):
        decided(site, f"Number {n}.")
    result = simulate(Policy(site=site), site=site, budget=ticking(3))
    assert (result.compared, result.left_out.out_of_time) == (2, 2)


def test_a_calibration_stops_in_time(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "AT_ONCE", 1)
    thread = ThreadFactory(site=site)
    for _ in range(4):
        CommentFactory(thread=thread)
    assert calibration.of_site(site, budget=ticking(3)).texts == 2


def test_one_simulation_runs_for_a_site_at_a_time(site: Site) -> None:
    with one_at_a_time(site, "simulation"):
        with pytest.raises(AlreadyRunning, match="This is running for the site already"):
            simulate(Policy(site=site), site=site)
        other = SiteFactory()
        assert simulate(Policy(site=other), site=other).compared == 0
    assert simulate(Policy(site=site), site=site).compared == 0


def test_one_that_fails_frees_its_place(site: Site) -> None:
    with pytest.raises(RuntimeError), one_at_a_time(site, "simulation"):
        raise RuntimeError
    assert simulate(Policy(site=site), site=site).compared == 0


def test_one_whose_process_died_frees_its_place_after_a_minute(site: Site) -> None:
    now = datetime.now(UTC)
    with time_machine.travel(now):
        one_at_a_time(site, "simulation").__enter__()
    with time_machine.travel(now + timedelta(seconds=LEASE + 1)):
        assert simulate(Policy(site=site), site=site).compared == 0
