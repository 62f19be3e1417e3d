"""One run: start, post while faults happen, wait until it is calm, and ask what must be true."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.chaos import invariants
from tests.chaos.disk import Disk
from tests.chaos.driver import Driver, Promises
from tests.chaos.faults import FAULTS, Fault, Faults, fill_the_disk, lose_the_classifier
from tests.chaos.installation import Installation
from tests.services.processes import PostgresServer

# Seconds in which everything must be decided once it is calm, and for which is waited to say how
# long it took.
CALM, LONGEST_DECISION = 60, 240
IN_TIME = f"all is decided within {CALM} seconds of calm"
# In which events and mails must be out, once they are due.
LONGEST_DELIVERY = 180
# And in which the classifier must have seen what was held for want of it.
LONGEST_AWAY = 240


@dataclass(frozen=True)
class Outcome:
    """What a run was like, and what was wrong after it."""

    promises: Promises
    faults: Counter[str]
    killed: Counter[str]
    seconds: float
    # Comments that had no decision after the last fault.
    undecided: int
    # Seconds until all was decided, until the world outside had heard of it, and until the
    # classifier had seen what was held for want of it.
    until_decided: float
    until_delivered: float
    until_looked_again: float
    repeated: int
    events: int
    mails: int
    decisions: int
    problems: dict[str, list[str]]


def run(
    folder: Path,
    server: PostgresServer,
    *,
    number: int,
    pace: float,
    machines: int,
    lasts: float,
    seed: int,
    faults: Mapping[str, Fault] = FAULTS,
    disk: Disk | None = None,
) -> Outcome:
    """Run the whole of it, and return what came out; without a `disk` of its own, none gets full.

    What is wrong has a line of its own where not all is decided within CALM seconds.
    """
    there = Installation(folder, server, machines=machines, disk=disk)
    if not disk:
        faults = {name: fault for name, fault in faults.items() if fault is not fill_the_disk}
    try:
        there.start()
        token, _ = there.connect()
        driver = Driver(there, number=number, pace=pace)
        driver.post_first()
        wait_until_none(invariants.undecided, there, LONGEST_DELIVERY)
        trouble = Faults(there, faults, seed=seed, lasts=lasts)
        begun = time.monotonic()
        trouble.start()
        driver.run(token)
        trouble.end()
        seconds = time.monotonic() - begun
        undecided = there.number(invariants.UNSETTLED)
        until_decided = wait_until_none(invariants.undecided, there, LONGEST_DECISION)
        until_delivered = deliver_all(there)
        until_looked_again = (
            wait_until_none(invariants.held_for_classifier, there, LONGEST_AWAY)
            if lose_the_classifier in faults.values()
            else 0.0
        )
        # What that decided has events, too.
        wait_until_none(invariants.undelivered, there, LONGEST_DELIVERY)
        late = [f"after {until_decided:.0f} s"] if until_decided > CALM else []
        problems = {IN_TIME: late, **invariants.checks(there, driver.promises)}
        return Outcome(
            driver.promises,
            trouble.made,
            there.killed,
            seconds,
            undecided,
            until_decided,
            until_delivered,
            until_looked_again,
            repeated=sum(n - 1 for n in there.mail.taken.values()),
            events=there.number("SELECT count(*) FROM moderation_event"),
            mails=there.number("SELECT count(*) FROM moderation_mail"),
            decisions=there.number("SELECT count(*) FROM moderation_decision"),
            problems=problems,
        )
    finally:
        there.stop()


def wait_until_none(ask: Callable[[Installation], int], there: Installation, most: float) -> float:
    """Wait until a number is 0, for so many seconds at most; return how long it took."""
    begun = time.monotonic()
    while ask(there) and time.monotonic() < begun + most:
        time.sleep(0.5)
    return time.monotonic() - begun


def deliver_all(there: Installation) -> float:
    """Make due what waits for its next attempt, and wait for its end; return the seconds of it."""
    # By then it has ended, or its worker was killed: a mail server has 15 seconds to answer.
    wait_until_none(invariants.under_way, there, 20)
    invariants.make_due(there)
    return wait_until_none(invariants.undelivered, there, LONGEST_DELIVERY)
