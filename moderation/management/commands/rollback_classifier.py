"""`rollback_classifier SLUG`: return to the classifier that scored at a site before."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from moderation.management.command import CommandError, OperatorCommand, find_site
from moderation.models.audit import SystemActor
from moderation.screening.learning import promotion


class Command(OperatorCommand):
    help = "Return to the classifier that scored before; what waits is screened again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the site")

    def run(self, **options: Any) -> Mapping[str, Any]:
        site = find_site(options["slug"])
        try:
            previous = promotion.roll_back(site, by=SystemActor.COMMAND_LINE, now=timezone.now())
        except promotion.NothingToRollBack as error:
            raise CommandError(str(error)) from None
        return {"number": previous.number if previous else None}

    def describe(self, result: Mapping[str, Any]) -> str:
        number = result["number"]
        return f"Classifier {number} scores again." if number else "The shipped one scores again."
