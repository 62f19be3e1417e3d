"""`import_comments SLUG FILE`: import the comments of another system."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from comments.formats import addresses, formats, table
from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.items import ImportProgress
from comments.formats.options import COMMENT_TYPES, TEXT_FORMATS, ImportOptions
from comments.formats.sandbox import reader
from comments.formats.sandbox.reader import ReaderDied, Reading
from comments.models import Site
from moderation.intake.transfers import importer, report
from moderation.intake.transfers.report import Outcome
from moderation.management.command import CommandError, OperatorCommand, find_site
from moderation.screening import tasks


class Command(OperatorCommand):
    help = "Import comments; run again, it skips what is there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the site")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--format", choices=[formats.AUTO, *formats.IMPORT_FORMATS], default=formats.AUTO
        )
        parser.add_argument(
            "--base-url", default="", help="put before addresses that lack a host (Isso)"
        )
        parser.add_argument(
            "--also",
            action="append",
            default=[],
            choices=COMMENT_TYPES,
            help="bring in what WordPress keeps beside its readers' comments, too",
        )
        parser.add_argument(
            "--address-map",
            type=Path,
            metavar="CSV",
            help="old and new addresses of pages, a pair in each line; * at both ends of prefixes",
        )
        parser.add_argument(
            "--https", action="store_true", help="take pages of http for those of https"
        )
        parser.add_argument(
            "--disqus-identifiers",
            action="store_true",
            help="take Disqus's identifiers of pages for your own keys, in place of addresses",
        )
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help=f"where a table has a field ({', '.join(table.COLUMNS)})",
        )
        parser.add_argument(
            "--text-format", choices=TEXT_FORMATS, default="text", help="of a table's texts"
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say what would come in as what, and why the rest would not; keep nothing",
        )

    def run(self, **options: Any) -> Mapping[str, Any]:
        site, chosen = find_site(options["slug"]), _chosen(options)
        source = ImportFile(options["file"], options["base_url"], options=chosen)
        try:
            with reader.opened(source, options["format"]) as reading:
                progress = _import(reading, site, dry_run=options["dry_run"])
        except (UnreadableFile, ReaderDied) as error:
            raise CommandError(str(error)) from None
        if progress.created and not options["dry_run"]:
            tasks.enqueue_sweep()
        return {
            "format": reading.format,
            "dry_run": options["dry_run"],
            "in_file": progress.in_file,
            "created": progress.created,
            "statuses": dict(progress.statuses),
            "skipped": progress.skipped,
            "skipped_because": dict(progress.skipped_because),
            "threads": progress.threads,
            "threads_met": progress.threads_met,
            "meetings": progress.meetings,
            "problems": [f"{problem.location}: {problem.message}" for problem in progress.problems],
            "problem_count": progress.problem_count,
            "note_count": progress.note_count,
        }

    def describe(self, result: Mapping[str, Any]) -> str:
        fields = [name for name in Outcome._fields if name != "is_dry_run"]
        outcome = Outcome(**{name: result[name] for name in fields}, is_dry_run=result["dry_run"])
        meetings = [f"{page} → {thread}" for page, thread in result["meetings"]]
        return "\n".join([report.summary(outcome), *meetings, *result["problems"]])


def _chosen(options: Mapping[str, Any]) -> ImportOptions:
    try:
        lines: list[str] = []
        if path := options["address_map"]:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        return ImportOptions(
            also=tuple(options["also"]),
            address_map=addresses.parse_map(lines),
            https=options["https"],
            identifiers=options["disqus_identifiers"],
            columns=table.parse_columns(options["column"]),
            text_format=options["text_format"],
        )
    except ValueError as error:
        raise CommandError(str(error)) from None


def _import(reading: Reading, site: Site, *, dry_run: bool) -> ImportProgress:
    steps = importer.import_items(
        reading.items(), site=site, source=reading.format, now=timezone.now(), dry_run=dry_run
    )
    *_, progress = _with_progress_bar(steps, share=lambda: reading.fraction)
    return progress


def _with_progress_bar(
    steps: Iterator[ImportProgress], *, share: Callable[[], float]
) -> Iterator[ImportProgress]:
    """Yield the steps, and show a progress bar if standard error is a terminal."""
    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.description}"),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("Reading", total=1.0)
        for progress in steps:
            done = f"{progress.created} of {progress.in_file} come in"
            bar.update(task, description=done, completed=share())
            yield progress
        bar.update(task, completed=1.0)
