"""`compare SLUG`: compare our verdicts with those of a site's present service."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from moderation.management.command import CommandError, OperatorCommand, find_site
from moderation.screening import shadow_comparison
from moderation.screening.shadow_comparison import AccuracyRecord, Agreement


class Command(OperatorCommand):
    help = "Compare what came with shadow keys: what the present service said, and what we say."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the site")
        parser.add_argument(
            "--their-threshold",
            type=float,
            default=shadow_comparison.DEFAULT_THRESHOLD,
            metavar="SCORE",
            help="from which score of theirs the site acts, where they tell scores only (0 to 1)",
        )

    def run(self, **options: Any) -> Mapping[str, Any]:
        threshold = options["their_threshold"]
        if not 0 <= threshold <= 1:
            raise CommandError("--their-threshold is a score from 0 to 1.")
        agreements = shadow_comparison.agreements(
            find_site(options["slug"]), their_threshold=threshold
        )
        return {"categories": [_as_json(agreement) for agreement in agreements]}

    def describe(self, result: Mapping[str, Any]) -> str:
        if not result["categories"]:
            return "Nothing came with a shadow key yet. `create_key … --mode shadow` makes one."
        return "\n\n".join(_as_text(agreement) for agreement in result["categories"])


def _as_json(agreement: Agreement) -> dict[str, Any]:
    return {
        "category": agreement.category,
        "compared": agreement.compared,
        "both": agreement.both,
        "only_ours": agreement.only_ours,
        "only_theirs": agreement.only_theirs,
        "neither": agreement.neither,
        "not_told": agreement.unanswered,
        "agreement": agreement.agreement,
        "judged": agreement.judged,
        "ours": _accuracy(agreement.ours),
        "theirs": _accuracy(agreement.theirs),
        "matching_threshold": agreement.matching_threshold,
    }


def _accuracy(record: AccuracyRecord) -> dict[str, float | None]:
    return {"precision": record.precision, "recall": record.recall}


def _as_text(row: Mapping[str, Any]) -> str:
    lines = [
        f"{row['category']}: {row['compared']} compared, {_percent(row['agreement'])} alike",
        f"  both flagged {row['both']}, only we {row['only_ours']}, "
        f"only they {row['only_theirs']}, nobody {row['neither']}",
    ]
    for who in ("ours", "theirs"):
        if row["judged"]:
            precision, recall = (_percent(row[who][name]) for name in ("precision", "recall"))
            measured = f"precision {precision}, recall {recall}"
            lines.append(f"  {who}: {measured}, by {row['judged']} words of people")
    if row["matching_threshold"] is not None:
        lines.append(f"  we flag as much as they do from {row['matching_threshold']:.4f} on")
    return "\n".join(lines)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"
