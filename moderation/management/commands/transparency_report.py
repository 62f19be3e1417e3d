"""`transparency_report SLUG YEAR`: print a site's yearly transparency report."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from comments.http import csv
from moderation.insight import transparency
from moderation.management.command import CommandError, OperatorCommand, find_site


class Command(OperatorCommand):
    help = "Print a site's transparency report for a year (EU Digital Services Act)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument("year", type=int)
        parser.add_argument("--csv", action="store_true", help="Print a table for spreadsheets.")

    def run(self, **options: Any) -> Mapping[str, Any]:
        self.as_csv = options["csv"]
        if not 2000 <= options["year"] <= 9998:
            raise CommandError(f"{options['year']} is no year to report on.")
        return transparency.report(find_site(options["slug"]), options["year"])

    def describe(self, result: Mapping[str, Any]) -> str:
        rows = transparency.rows(result)
        if self.as_csv:
            return "".join(csv.lines(transparency.HEADER, rows)).rstrip()
        lines = [(f"{part}: {measure}".replace("_", " "), value) for part, measure, value in rows]
        width = max(len(name) for name, _ in lines)
        return "\n".join(f"{name:<{width}}  {'–' if v is None else v}" for name, v in lines)
