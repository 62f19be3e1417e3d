"""Whatever fails, nothing that was promised is lost; `make chaos` is the long run of it."""

from pathlib import Path

from tests.chaos.faults import FAULTS, lose_the_classifier
from tests.chaos.run import run
from tests.services.processes import postgres_server

# Seconds. How fast what was killed starts again is up to what else runs on the machine.
PATIENCE = 240


def test_whatever_fails_meanwhile_every_promise_is_kept(tmp_path: Path) -> None:
    # What was held for want of a classifier waits for minutes before it is looked at again.
    faults = {name: fault for name, fault in FAULTS.items() if fault is not lose_the_classifier}
    with postgres_server() as server:
        outcome = run(
            tmp_path,
            server,
            number=100,
            pace=20,
            machines=1,
            lasts=1.0,
            seed=1,
            faults=faults,
            calm=PATIENCE,
        )
    assert set(outcome.faults) == set(faults)
    assert {name: wrong for name, wrong in outcome.problems.items() if wrong} == {}
