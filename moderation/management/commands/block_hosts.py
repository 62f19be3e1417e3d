"""`block_hosts NAME FILE`: hold comments that link to a host of a list."""

import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from comments.text import hosts
from moderation.management.command import CommandError, OperatorCommand
from moderation.models import BlockedHost


class Command(OperatorCommand):
    help = "Hold comments that link to a host of a list, at every site. Again: replaces the list."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("name", help="what the list is called here")
        parser.add_argument("file", help="hosts, one on a line, or a hosts file; - for stdin")

    def run(self, **options: Any) -> Mapping[str, Any]:
        name, file = options["name"], options["file"]
        longest = BlockedHost._meta.get_field("list_name").max_length or 0
        if len(name) > longest:
            raise CommandError(f"The name is longer than {longest} characters.")
        found = hosts.read(_text(file).splitlines())
        if found.unusable and not found.hosts:
            raise CommandError(f"{file} has no host: {found.unusable} lines are none.")
        before = BlockedHost.objects.replace(name, found.hosts)
        return {"hosts": len(found.hosts), "before": before, "unusable": found.unusable}

    def describe(self, result: Mapping[str, Any]) -> str:
        counted = f"The list has {result['hosts']} hosts now, {result['before']} before."
        return (
            f"{counted} {result['unusable']} lines are no hosts." if result["unusable"] else counted
        )


def _text(file: str) -> str:
    return sys.stdin.read() if file == "-" else Path(file).read_text(errors="replace")
