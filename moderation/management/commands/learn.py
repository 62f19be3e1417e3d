"""`learn SLUG`: fit a classifier to a site's decisions, and use it where it proves to be better."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from moderation.management.command import CommandError, OperatorCommand, find_site
from moderation.screening.classifier import ClassifierAway
from moderation.screening.learning import candidates


class Command(OperatorCommand):
    help = "Learn from a site's decisions now; whether it is used is for the gate and the policy."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the site")

    def run(self, **options: Any) -> Mapping[str, Any]:
        try:
            learned = candidates.learn(find_site(options["slug"]), now=timezone.now())
        except (candidates.NothingToLearn, ClassifierAway) as error:
            raise CommandError(str(error)) from None
        return {
            "number": learned.number,
            "state": learned.state,
            "texts": learned.texts,
            "gate": learned.gate,
        }

    def describe(self, result: Mapping[str, Any]) -> str:
        gate = result["gate"]
        errors = {name: sum(gate[name].values()) for name in ("standing", "candidate")}
        lines = [
            f"Classifier {result['number']} learned from {result['texts']} texts.",
            f"On {gate['texts']} newer decisions it makes {errors['candidate']} errors, "
            f"where {errors['standing']} are made now.",
        ]
        if gate["refusals"]:
            return "\n".join([*lines, f"It is not used: {'; '.join(gate['refusals'])}."])
        return "\n".join([*lines, f"It has passed. State: {result['state'].lower()}."])
