"""Whatever fails, nothing that was promised is lost; `make chaos` is the long run of it."""

from pathlib import Path

from tests.chaos.disk import POSTGRES, small_disk
from tests.chaos.faults import FAULTS, fill_the_disk, lose_the_classifier
from tests.chaos.run import run
from tests.services.processes import postgres_server


def test_whatever_fails_meanwhile_every_promise_is_kept(tmp_path: Path) -> None:
    # What was held for want of a classifier waits for minutes before it is looked at again.
    faults = {name: fault for name, fault in FAULTS.items() if fault is not lose_the_classifier}
    with (
        small_disk(500) as disk,
        postgres_server(disk=disk and disk.folder, settings=POSTGRES) as server,
    ):
        outcome = run(
            tmp_path,
            server,
            number=100,
            pace=20,
            machines=1,
            lasts=1.0,
            seed=1,
            faults=faults,
            disk=disk,
        )
    tried = {name for name, fault in faults.items() if disk or fault is not fill_the_disk}
    assert set(outcome.faults) == tried
    assert {name: wrong for name, wrong in outcome.problems.items() if wrong} == {}
    done = outcome.promises
    assert all([done.edits, done.votes.total(), done.reports.total(), done.decisions])
