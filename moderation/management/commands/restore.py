"""`restore FILE`: read a backup into an empty database."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from moderation.management.backups import load
from moderation.management.command import CommandError, OperatorCommand


class Command(OperatorCommand):
    help = "Read a backup into an empty database, of SQLite or PostgreSQL."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)

    def run(self, **options: Any) -> Mapping[str, Any]:
        try:
            return {"rows": load.read(options["file"])}
        except load.BackupRefused as error:
            raise CommandError(str(error)) from None

    def describe(self, result: Mapping[str, Any]) -> str:
        return f"{result['rows']} rows are back. Who was signed in signs in again."
