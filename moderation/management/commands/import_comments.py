"""`import_comments SLUG FILE`: take over the comments of another system."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from comments.exchange import formats
from comments.exchange.files import BadFile, Source
from moderation import importing, tasks
from moderation.importing import Progress
from moderation.management.command import CommandError, OperatorCommand, find_site


class Command(OperatorCommand):
    help = "Import comments; run again, it skips what is there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the site")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--format", choices=[formats.AUTO, *formats.READERS], default=formats.AUTO
        )
        parser.add_argument(
            "--base-url", default="", help="put before addresses that lack a host (Isso)"
        )
        parser.add_argument("--dry-run", action="store_true", help="read it all, keep nothing")

    def act(self, **options: Any) -> Mapping[str, Any]:
        site, source = find_site(options["slug"]), Source(options["file"], options["base_url"])
        try:
            if not source.path.is_file():
                raise BadFile(f"There is no file {source.path}.")
            name, read = formats.reader(source, options["format"])
            steps = importing.take(
                read(source),
                site=site,
                source=name,
                now=timezone.now(),
                dry_run=options["dry_run"],
            )
            *_, progress = _shown(steps)
        except (BadFile, OSError, EOFError) as error:
            raise CommandError(str(error)) from None
        if progress.created and not options["dry_run"]:
            tasks.wake_sweep()
        return {
            "format": name,
            "created": progress.created,
            "skipped": progress.skipped,
            "threads": progress.threads,
            "problems": [f"{problem.where}: {problem.what}" for problem in progress.problems],
            "problem_count": progress.problem_count,
        }

    def tell(self, result: Mapping[str, Any]) -> str:
        lines = [
            f"{result['created']} comments on {result['threads']} new pages; "
            f"{result['skipped']} were there; {result['problem_count']} problems."
        ]
        return "\n".join([*lines, *result["problems"]])


def _shown(steps: Iterator[Progress]) -> Iterator[Progress]:
    """Pass on the steps, and show them where a person looks on."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bar(*columns, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("Importing")
        for progress in steps:
            done = f"{progress.created} imported, {progress.skipped} were there"
            bar.update(task, description=done)
            yield progress
