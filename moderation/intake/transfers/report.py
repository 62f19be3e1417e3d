"""Say what an import has brought, or what it would bring."""

from collections.abc import Mapping
from typing import NamedTuple


class Outcome(NamedTuple):
    """What became of the comments of a file; `is_dry_run` says that nothing was stored.

    `statuses` counts those that come in by status, `skipped_because` those left out by reason.
    """

    in_file: int
    created: int
    statuses: Mapping[str, int]
    threads: int
    skipped_because: Mapping[str, int]
    problem_count: int
    threads_met: int = 0
    is_dry_run: bool = False


def summary(outcome: Outcome) -> str:
    """Return the outcome in a line whose numbers add up."""
    verb = "Would come in" if outcome.is_dry_run else "Came in"
    skipped = sum(outcome.skipped_because.values())
    return (
        f"Comments in the file: {outcome.in_file:,}. "
        f"{verb}: {outcome.created:,}{_detail(outcome.statuses)}. "
        f"Left out: {skipped:,}{_detail(outcome.skipped_because)}. "
        f"Can't be read: {outcome.problem_count:,}. New pages: {outcome.threads:,}. "
        f"Pages that are here: {outcome.threads_met:,}."
    )


def _detail(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return f" ({', '.join(f'{count:,} {name}' for name, count in ordered)})" if ordered else ""
