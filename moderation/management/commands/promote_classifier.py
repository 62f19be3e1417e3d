"""`promote_classifier SLUG NUMBER`: have a classifier that was learned at a site score there."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from moderation.management.command import CommandError, OperatorCommand, find_site
from moderation.models import SiteClassifier
from moderation.models.audit import SystemActor
from moderation.screening.learning import promotion


class Command(OperatorCommand):
    help = "Have a learned classifier score; what waits is screened again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the site")
        parser.add_argument("number", type=int, help="as `learn` told it")
        parser.add_argument(
            "--anyway", action="store_true", help="although its gate did not let it pass"
        )

    def run(self, **options: Any) -> Mapping[str, Any]:
        site, number = find_site(options["slug"]), options["number"]
        candidate = SiteClassifier.objects.filter(site=site, number=number).first()
        if candidate is None:
            raise CommandError(f"There is no classifier {number}. `learn {site.slug}` makes one.")
        if candidate.refusals and not options["anyway"]:
            why = "; ".join(candidate.refusals)
            raise CommandError(f"It did not pass: {why}. `--anyway` promotes it all the same.")
        try:
            promotion.promote(candidate, by=SystemActor.COMMAND_LINE, now=timezone.now())
        except promotion.CannotPromote as error:
            raise CommandError(str(error)) from None
        return {"number": number, "state": candidate.state}

    def describe(self, result: Mapping[str, Any]) -> str:
        return f"Classifier {result['number']} scores from now on."
