"""`export_person SLUG EMAIL`: print a person's data at a site as JSON (GDPR, article 15)."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from moderation.management.command import CommandError, OperatorCommand, find_site
from moderation.models import SystemActor
from moderation.review.people import data_export


class Command(OperatorCommand):
    help = "Print everything that a site holds on a person, for that person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the site")
        parser.add_argument("email", help="the person's address")

    def run(self, **options: Any) -> Mapping[str, Any]:
        site = find_site(options["slug"])
        data = data_export.export_person(
            site, options["email"], by=SystemActor.COMMAND_LINE, now=timezone.now()
        )
        if not data:
            raise CommandError(f"“{site.slug}” holds nothing under this address.")
        return data

    def describe(self, result: Mapping[str, Any]) -> str:
        return json.dumps(result, default=str, indent=2, ensure_ascii=False)
