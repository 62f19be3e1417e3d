"""A migration changes nothing that the release before relies on, and locks nothing for long.

The first migration of an app creates its tables, and is not looked at; nor is one that is given its
reasons in ARGUED.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED

from tests.migrations import with_tables

APPS = ("comments", "moderation")
# (app, migration): why it may do what is refused otherwise.
ARGUED: dict[tuple[str, str], str] = {}
HELD_FAST = (
    "old code can't delete what it refers to, for it deletes no row of it: db_constraint=False"
)


def problems(operation: Operation, *, created: set[str]) -> Iterator[str]:
    """Yield why old code, or a large table, could not bear an operation."""
    match operation:
        case migrations.CreateModel():
            created.add(operation.name_lower)
            for name, field in operation.fields:
                if _holds_fast(field, created):
                    yield f"{operation.name}.{name}: {HELD_FAST}"
        case AddIndexConcurrently():
            pass
        case migrations.AddField(field=field) if not _can_be_left_out(field):
            yield f"{operation.name}: old code inserts rows without it: null=True, or db_default"
        case migrations.AddField(field=field) if field.db_index or field.unique:
            yield f"{operation.name}: its index locks the table: AddIndexConcurrently"
        case migrations.AddField(field=field) if _holds_fast(field, created):
            yield f"{operation.name}: {HELD_FAST}"
        case migrations.AddField() | migrations.AlterModelOptions():
            pass
        case migrations.AddIndex() | migrations.AddConstraint():
            if operation.model_name_lower not in created:
                yield f"{operation.describe()}: it locks the table while it reads all of it"
        case _:
            yield f"{operation.describe()}: nobody has thought of what old code makes of it"


def _can_be_left_out(field: "models.Field[object, object]") -> bool:
    return field.many_to_many or field.null or field.db_default is not NOT_PROVIDED


def _holds_fast(field: "models.Field[object, object]", created: set[str]) -> bool:
    """Return whether the database keeps a row of an older table while a new row refers to it."""
    match field:
        case models.ForeignKey(db_constraint=True) | models.ManyToManyField():
            target = field.remote_field.model
        case _:
            return False
    name = target if isinstance(target, str) else target._meta.label
    return name.rpartition(".")[2].lower() not in created


@pytest.fixture
def loader(settings: Any) -> MigrationLoader:
    """Tests make tables without migrations, and so there seem to be none."""
    settings.MIGRATION_MODULES = {}
    return MigrationLoader(None, ignore_no_migrations=True)


def test_no_migration_stops_old_code_or_locks_a_large_table(loader: MigrationLoader) -> None:
    assert {(app, "0001_initial") for app in APPS} <= set(loader.disk_migrations)
    found = [
        f"{app}.{name}: {problem}"
        for (app, name), migration in sorted(loader.disk_migrations.items())
        if app in APPS and not name.startswith("0001_") and (app, name) not in ARGUED
        for created in [set[str]()]
        for operation in migration.operations
        for problem in problems(operation, created=created)
    ]
    assert found == []


@pytest.mark.parametrize("app", APPS)
def test_tables_are_created_with_their_indexes(loader: MigrationLoader, app: str) -> None:
    """To add them one by one takes seconds: `make migrations` puts them together."""
    first = loader.disk_migrations[app, "0001_initial"]
    assert with_tables(list(first.operations)) == first.operations


ID = ("id", models.BigAutoField(primary_key=True))
OF_COMMENT = ("comments.Comment", models.CASCADE)
INDEX = models.Index(fields=["body"], name="by_body")


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("comment", "mood", models.TextField(null=True)),
        migrations.AddField("comment", "mood", models.TextField(db_default="")),
        migrations.CreateModel("Mood", [ID]),
        migrations.CreateModel(
            "Mood", [ID, ("of", models.ForeignKey(*OF_COMMENT, db_constraint=False))]
        ),
        AddIndexConcurrently("comment", INDEX),
    ],
)
def test_what_old_code_does_not_notice_is_allowed(operation: Operation) -> None:
    assert list(problems(operation, created=set())) == []


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("comment", "mood", models.TextField(default="")),
        migrations.AddField("comment", "mood", models.TextField(null=True, db_index=True)),
        migrations.RemoveField("comment", "body"),
        migrations.RenameField("comment", "body", "text"),
        migrations.AlterField("comment", "body", models.CharField(max_length=9)),
        migrations.DeleteModel("Comment"),
        migrations.RenameModel("Comment", "Reply"),
        migrations.AddIndex("comment", INDEX),
        migrations.CreateModel("Mood", [ID, ("of", models.ForeignKey(*OF_COMMENT))]),
        migrations.AddField("comment", "moods", models.ManyToManyField("moderation.Label")),
        migrations.RunSQL("UPDATE comments_comment SET body = body"),
    ],
)
def test_what_would_stop_it_or_lock_a_large_table_is_refused(operation: Operation) -> None:
    assert len(list(problems(operation, created=set()))) == 1


def test_a_new_table_may_have_any_index() -> None:
    created = set[str]()
    new = migrations.CreateModel("Mood", [ID])
    assert list(problems(new, created=created)) == []
    assert list(problems(migrations.AddIndex("mood", INDEX), created=created)) == []


def test_new_tables_may_refer_to_each_other() -> None:
    created = set[str]()
    of = models.ForeignKey("comments.Mood", models.CASCADE)
    new = [migrations.CreateModel("Mood", [ID]), migrations.CreateModel("Swing", [ID, ("of", of)])]
    assert [problem for one in new for problem in problems(one, created=created)] == []
