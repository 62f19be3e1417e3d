"""`export_comments SLUG FILE`: write all comments of a site to a file."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone

from comments.formats import export_formats
from comments.models import Site
from moderation.management.command import OperatorCommand, find_site
from moderation.models import AuditAction, AuditRecord, SystemActor
from moderation.notifications import disclosure


def _address_reader(site: Site) -> disclosure.AddressReader:
    record = AuditRecord(AuditAction.ADDRESSES_EXPORTED, site.pk)
    return disclosure.disclose(record, by=SystemActor.COMMAND_LINE, now=timezone.now())


class Command(OperatorCommand):
    help = "Export comments, to be imported here or elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the site")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--format", choices=list(export_formats.EXPORT_FORMATS), default="native"
        )
        parser.add_argument(
            "--with-addresses",
            action="store_true",
            help="with email addresses in plain text: keep the file as safe as they deserve",
        )

    def run(self, **options: Any) -> Mapping[str, Any]:
        site = find_site(options["slug"])
        reader = _address_reader(site) if options["with_addresses"] else None
        lines = export_formats.export(site, options["format"], address_of=reader)
        with options["file"].open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(lines)
        return {
            "file": str(options["file"]),
            "format": options["format"],
            "bytes": options["file"].stat().st_size,
        }

    def describe(self, result: Mapping[str, Any]) -> str:
        return f"{result['file']}: {result['bytes']} bytes."
