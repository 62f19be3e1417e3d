"""`import_comments SLUG FILE`: import the comments of another system."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from comments.formats import formats
from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.items import ImportProgress
from moderation.intake.transfers import importer
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
        parser.add_argument("--dry-run", action="store_true", help="read it all, keep nothing")

    def run(self, **options: Any) -> Mapping[str, Any]:
        site, source = find_site(options["slug"]), ImportFile(options["file"], options["base_url"])
        try:
            if not source.path.is_file():
                raise UnreadableFile(f"There is no file {source.path}.")
            name, reader = formats.detect_format(source, options["format"])
            steps = importer.import_items(
                reader.read(source),
                site=site,
                source=name,
                now=timezone.now(),
                dry_run=options["dry_run"],
            )
            *_, progress = _with_progress_bar(steps, share=lambda: reader.fraction_read(source))
        except (UnreadableFile, OSError) as error:
            raise CommandError(str(error)) from None
        if progress.created and not options["dry_run"]:
            tasks.enqueue_sweep()
        return {
            "format": name,
            "created": progress.created,
            "skipped": progress.skipped,
            "threads": progress.threads,
            "problems": [f"{problem.location}: {problem.message}" for problem in progress.problems],
            "problem_count": progress.problem_count,
        }

    def describe(self, result: Mapping[str, Any]) -> str:
        lines = [
            f"{result['created']} comments on {result['threads']} new pages; "
            f"{result['skipped']} were there; {result['problem_count']} problems."
        ]
        return "\n".join([*lines, *result["problems"]])


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
        task = bar.add_task("Importing", total=1.0)
        for progress in steps:
            done = f"{progress.created} imported, {progress.skipped} were there"
            bar.update(task, description=done, completed=share())
            yield progress
        bar.update(task, completed=1.0)
