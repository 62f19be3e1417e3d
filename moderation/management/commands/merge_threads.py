"""`merge_threads SLUG [--dry-run]`: merge the threads of a site that are one page."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from comments.threads import same_pages
from moderation.management.command import OperatorCommand, find_site


class Command(OperatorCommand):
    help = "Merge threads that are one page by the site's settings, such as with http and https."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be merged")

    def run(self, **options: Any) -> Mapping[str, Any]:
        mergers = same_pages.regroup(find_site(options["slug"]), dry_run=options["dry_run"])
        return {
            "merged": [{"thread": each.thread.key, "into": each.into.key} for each in mergers],
            "dry_run": options["dry_run"],
        }

    def describe(self, result: Mapping[str, Any]) -> str:
        lines = [f"{each['thread']} → {each['into']}" for each in result["merged"]]
        would = "would be" if result["dry_run"] else "were"
        return "\n".join([*lines, f"{len(lines)} threads {would} merged into others."])
