"""Say what an import has brought, or what it would bring."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models import Status
from moderation.intake.transfers import sentences

COUNTS = {
    Status.PENDING: _("%(number)s pending"),
    Status.APPROVED: _("%(number)s approved"),
    Status.HELD: _("%(number)s held"),
    Status.REJECTED: _("%(number)s rejected"),
    Status.SPAM: _("%(number)s spam"),
    Status.DELETED: _("%(number)s deleted"),
}


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
    return f" ({', '.join(_count(name, number) for name, number in ordered)})" if ordered else ""


def _count(name: str, number: int) -> str:
    """Return how many comments have a status, or were left out for a reason: "3 held"."""
    if name in COUNTS:
        return COUNTS[Status(name)] % {"number": f"{number:,}"}
    return f"{number:,} {sentences.in_words(name)}"
