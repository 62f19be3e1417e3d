"""Make the one migration of each app anew (`make migrations`), as long as there is no release 1.0.

`makemigrations` creates each table and then adds its indexes and constraints one by one, and to
apply so many operations takes seconds: Django renders the models again for each. Here a table is
created with all of them whose columns it has from the start.
"""

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import migrations
from django.db.migrations.operations.base import Operation
from django.db.migrations.writer import MigrationWriter

ROOT = Path(__file__).parent.parent
APPS = ("comments", "moderation")
NAME = "0001_initial"


def main() -> None:
    """Write the migration of each app."""
    django.setup()
    paths = {app: ROOT / app / "migrations" / f"{NAME}.py" for app in APPS}
    for path in paths.values():
        path.unlink(missing_ok=True)
    call_command("makemigrations", *APPS, verbosity=0)
    for app, path in paths.items():
        migration = import_module(f"{app}.migrations.{NAME}").Migration(NAME, app)
        migration.operations = with_tables(migration.operations)
        path.write_text(
            MigrationWriter(migration, include_header=False).as_string(), encoding="utf-8"
        )


def with_tables(operations: list[Operation]) -> list[Operation]:
    """Return the operations, with indexes and constraints in those that create their tables."""
    tables: dict[str, migrations.CreateModel] = {}
    left: list[Operation] = []
    for operation in operations:
        if isinstance(operation, migrations.CreateModel):
            tables[operation.name_lower] = operation
        elif isinstance(operation, migrations.AddIndex | migrations.AddConstraint):
            table = tables.get(operation.model_name_lower)
            if table and _include(table, operation):
                continue
        left.append(operation)
    return left


def _include(
    table: migrations.CreateModel, operation: migrations.AddIndex | migrations.AddConstraint
) -> bool:
    """Create an index or a constraint with its table, if that has all of its columns."""
    name, one = (
        ("indexes", operation.index)
        if isinstance(operation, migrations.AddIndex)
        else ("constraints", operation.constraint)
    )
    present = {field for field, _ in table.fields}
    if not _columns(one) <= present:
        return False
    table.options.setdefault(name, []).append(one)
    return True


def _columns(one: Any) -> set[str]:
    """Return the names of the fields that an index or a constraint is on, or under which."""
    fields = {name.removeprefix("-") for name in getattr(one, "fields", ())}
    condition = getattr(one, "condition", None)
    return fields | (
        {name.partition("__")[0] for name in _asked(condition)} if condition else set()
    )


def _asked(condition: Any) -> list[str]:
    names = []
    for child in condition.children:
        names += [child[0]] if isinstance(child, tuple) else _asked(child)
    return names


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main()
