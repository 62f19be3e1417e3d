"""`calibrate SLUG`: print the thresholds that hold the same share of comments as now."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from comments.models import Site
from moderation.management.command import CommandError, OperatorCommand, find_site
from moderation.screening.classifier import ClassifierAway
from moderation.screening.policy import calibration
from moderation.screening.policy.calibration import Calibration
from moderation.screening.policy.time_budget import AlreadyRunning, TimeBudget

MOST_SECONDS = 50


class Command(OperatorCommand):
    help = "Tell which thresholds hold as large a share of a site's comments as is held now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the site")
        parser.add_argument(
            "--rate",
            type=float,
            metavar="PERCENT",
            help="the share of comments that is held now; without it, that of the site here",
        )
        parser.add_argument(
            "--texts",
            type=Path,
            metavar="FILE",
            help="score these comments, one a line, in place of those kept here; needs --rate",
        )

    def run(self, **options: Any) -> Mapping[str, Any]:
        site, percent = find_site(options["slug"]), options["rate"]
        if percent is not None and not 0 <= percent <= 100:
            raise CommandError("--rate is a share in percent, 0 to 100.")
        rate = None if percent is None else percent / 100
        try:
            result = _calibrate(site, options["texts"], rate)
        except (ClassifierAway, AlreadyRunning) as error:
            raise CommandError(f"There is no classifier: {error}") from None
        return {
            "texts": result.texts,
            "rate": result.rate,
            "categories": {
                curve.category: {
                    "hold_at": curve.hold_at,
                    "held": curve.held,
                    "matching": curve.matching,
                }
                for curve in result.curves
            },
        }

    def describe(self, result: Mapping[str, Any]) -> str:
        if not result["texts"]:
            return "No comments to tell by: give some with --texts FILE --rate PERCENT."
        head = (
            f"{result['texts']} comments; to hold {result['rate']:.1%} of them for one category:\n"
            f"{'category':16} {'hold from':>10}   {'now from':>10} {'which holds':>12}"
        )
        return "\n".join([head, *(_line(*item) for item in result["categories"].items())])


def _calibrate(site: Site, texts: Path | None, rate: float | None) -> Calibration:
    if texts is None:
        # Nobody's page waits for it.
        return calibration.of_site(site, rate=rate, budget=TimeBudget(MOST_SECONDS))
    if rate is None:
        raise CommandError("With --texts, say with --rate which share of them was held.")
    lines = texts.read_text(encoding="utf-8", errors="replace").splitlines()
    return calibration.of_texts([line for line in lines if line.strip()], site=site, rate=rate)


def _line(category: str, curve: Mapping[str, float | None]) -> str:
    matching, now = _score(curve["matching"]), _score(curve["hold_at"])
    return f"{category:16} {matching:>10}   {now:>10} {curve['held'] or 0.0:>12.1%}"


def _score(score: float | None) -> str:
    return "–" if score is None else f"{score:.4f}"
