"""Say what an import has brought, or what it would bring."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext


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
    verb = gettext("Would come in") if outcome.is_dry_run else gettext("Came in")
    skipped = sum(outcome.skipped_because.values())
    parts: tuple[tuple[str, int, Mapping[str, int]], ...] = (
        (gettext("Comments in the file"), outcome.in_file, {}),
        (verb, outcome.created, outcome.statuses),
        (gettext("Left out"), skipped, outcome.skipped_because),
        (gettext("Can't be read"), outcome.problem_count, {}),
        (gettext("New pages"), outcome.threads, {}),
        (gettext("Pages that are here"), outcome.threads_met, {}),
    )
    return " ".join(f"{name}: {number:,}{_detail(counts)}." for name, number, counts in parts)


def _detail(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return (
        f" ({', '.join(f'{count:,} {gettext(name)}' for name, count in ordered)})"
        if ordered
        else ""
    )
