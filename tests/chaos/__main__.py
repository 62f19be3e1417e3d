"""`make chaos`: ten thousand comments from two machines while faults happen; prints a table."""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from tests.chaos.disk import POSTGRES, small_disk
from tests.chaos.faults import FAULTS
from tests.chaos.run import Outcome, run
from tests.services.processes import ROOT, postgres_server

# Megabytes of the disk of PostgreSQL.
DISK = 1500


def main() -> int:
    """Run, print the table, and write it to build/chaos.md; 1 where something was wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--comments", type=int, default=10_000)
    parser.add_argument("--pace", type=float, default=25.0, help="Comments a second, at most.")
    parser.add_argument("--machines", type=int, default=2)
    parser.add_argument("--fault-seconds", type=float, default=8.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--logs", type=Path, help="A folder to keep the logs in.")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        small_disk(DISK) as disk,
        postgres_server(disk=disk and disk.folder, settings=POSTGRES) as server,
    ):
        outcome = run(
            Path(folder),
            server,
            number=options.comments,
            pace=options.pace,
            machines=options.machines,
            lasts=options.fault_seconds,
            seed=options.seed,
            disk=disk,
        )
        if options.logs:
            keep_logs(Path(folder), options.logs)
    text = table(outcome)
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "chaos.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 1 if any(outcome.problems.values()) else 0


def keep_logs(folder: Path, where: Path) -> None:
    """Copy what the machines logged."""
    where.mkdir(parents=True, exist_ok=True)
    for log in folder.glob("log*"):
        shutil.copy(log, where)


def table(outcome: Outcome) -> str:
    """Return what happened and what was wrong, in Markdown."""
    times = sorted(outcome.promises.seconds)
    promises = outcome.promises
    rows = [
        "| what happened | |",
        "|---|---:|",
        f"| comments answered with 201 | {len(promises.comments):,} |",
        f"| edits, votes, reports, decisions by a moderator | {promises.edits:,}, "
        f"{promises.votes.total():,}, {promises.reports.total():,}, {len(promises.decisions):,} |",
        f"| decisions in all, events, mails | {outcome.decisions:,}, {outcome.events:,}, "
        f"{outcome.mails:,} |",
        f"| seconds of it | {outcome.seconds:.0f} |",
        f"| comments without a decision after the last fault | {outcome.undecided:,} |",
        f"| seconds from the last fault until all was decided | {outcome.until_decided:.0f} |",
        f"| seconds until all events and mails were out, once due | "
        f"{outcome.until_delivered:.0f} |",
        f"| seconds until the classifier had seen what was held for want of it | "
        f"{outcome.until_looked_again:.0f} |",
        f"| mails that were sent again, under the same Message-ID | {outcome.repeated} |",
        f"| seconds until a post was answered, median, 99 of 100, longest | "
        f"{times[len(times) // 2]:.2f}, {times[len(times) * 99 // 100]:.1f}, {times[-1]:.1f} |",
        f"| tries that failed and were repeated | {promises.failed_tries.total():,} |",
        *(f"| … with {name} | {n:,} |" for name, n in sorted(promises.failed_tries.items())),
        *(f"| {name} | {n} × |" for name, n in sorted(outcome.faults.items())),
        *(f"| {name} | not tried |" for name in sorted(FAULTS.keys() - outcome.faults)),
        *(f"| killed: {name} | {n} × |" for name, n in sorted(outcome.killed.items()) if name),
        "",
        "| what must be true | |",
        "|---|---|",
    ]
    for name, problems in outcome.problems.items():
        several = f"**{len(problems)}**: {', '.join(problems[:3])}"
        rows.append(f"| {name} | {several if problems else 'yes'} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.exit(main())
