"""`backup FILE`: write the whole database to a file, while it is in use."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone

from moderation.insight.doctor import setup
from moderation.management.backups import dump
from moderation.management.command import CommandError, OperatorCommand


class Command(OperatorCommand):
    help = "Write the whole database to a file; EMAIL_KEYS is not in it, and opens its addresses."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, help="such as backup.jsonl.gz")

    def run(self, **options: Any) -> Mapping[str, Any]:
        path, now = options["file"], timezone.now()
        if path.exists():
            raise CommandError(f"{path} is there already.")
        count = dump.write(path, now=now)
        setup.record_backup(now=now)
        return {"file": str(path), "rows": count, "bytes": path.stat().st_size}

    def describe(self, result: Mapping[str, Any]) -> str:
        return (
            f"{result['file']}: {result['rows']} rows, {result['bytes']} bytes. "
            "Keep EMAIL_KEYS elsewhere: without it nobody can read the addresses."
        )
