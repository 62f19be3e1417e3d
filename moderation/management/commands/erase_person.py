"""`erase_person SLUG EMAIL`: erase a person's data at a site (GDPR, article 17)."""

from argparse import ArgumentParser, BooleanOptionalAction
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from moderation.management.command import OperatorCommand, find_site
from moderation.models import SystemActor
from moderation.review.people import erasure


class Command(OperatorCommand):
    help = "Erase a person: name, address, network, browser, and the texts if asked for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the site")
        parser.add_argument("email", help="the person's address")
        parser.add_argument(
            "--remove-text",
            action=BooleanOptionalAction,
            help="remove what the person wrote, too; without it, as the site is set up",
        )

    def run(self, **options: Any) -> Mapping[str, Any]:
        site = find_site(options["slug"])
        chosen = options["remove_text"]
        comments = erasure.erase_person(
            site,
            options["email"],
            remove_text=site.remove_erased_texts if chosen is None else chosen,
            by=SystemActor.COMMAND_LINE,
            now=timezone.now(),
        )
        return {"comments": comments}

    def describe(self, result: Mapping[str, Any]) -> str:
        return (
            f"Erased; {result['comments']} comments have no author any more. "
            "Backups made before still have the person in them: see docs/production.md."
        )
