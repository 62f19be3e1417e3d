"""`flood SLUG [--on | --off]`: say whether flood mode is on at a site, and switch it."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from moderation.insight import floods
from moderation.management.command import OperatorCommand, find_site
from moderation.models.audit import SystemActor


class Command(OperatorCommand):
    help = "In flood mode what new authors write waits, and forms ask for a proof of work."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        switch = parser.add_mutually_exclusive_group()
        switch.add_argument("--on", action="store_true", help="switch it on, for a day at least")
        switch.add_argument("--off", action="store_true", help="switch it off")

    def run(self, **options: Any) -> Mapping[str, Any]:
        site, now = find_site(options["slug"]), timezone.now()
        if options["on"]:
            floods.begin(site, by=SystemActor.COMMAND_LINE, now=now)
        if options["off"]:
            floods.end(site, by=SystemActor.COMMAND_LINE, now=now)
        site = find_site(options["slug"])
        return {"site": site.slug, "on": site.in_flood, "since": site.flood_since}

    def describe(self, result: Mapping[str, Any]) -> str:
        if not result["on"]:
            return f"Flood mode is off at {result['site']}."
        return f"Flood mode is on at {result['site']} since {result['since']:%Y-%m-%d %H:%M} UTC."
