"""`fill`: a site with a million synthetic comments, to see how an installation behaves then."""

from argparse import ArgumentParser
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from comments.models import Comment, Site
from moderation.management.command import CommandError, OperatorCommand
from moderation.management.filling.indexes import without_indexes
from moderation.management.filling.insertion import insert
from moderation.management.filling.rows import MODELS, Filler

PREFIX = "filled"
BATCH = 10_000
YEARS = 2 * timedelta(days=365)


class Command(OperatorCommand):
    help = "Make a site with many synthetic comments: for measurements, never beside real ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--comments", type=int, default=1_000_000, help="How many.")
        parser.add_argument(
            "--waiting", type=float, default=0.02, help="The share that waits for a moderator."
        )
        parser.add_argument("--seed", type=int, default=1, help="The same seed, the same comments.")
        parser.add_argument(
            "--beside-others", action="store_true", help="Also where there are other sites."
        )

    def run(self, **options: Any) -> Mapping[str, Any]:
        """Fill a new site, and have the database take stock of it."""
        number, waiting = options["comments"], options["waiting"]
        if number < 1 or not 0 <= waiting <= 1:
            raise CommandError("Give at least one comment, and a share between 0 and 1.")
        if not options["beside_others"]:
            _require_no_others()
        site = _new_site()
        now = timezone.now()
        filler = Filler(
            site, number=number, waiting=waiting, seed=options["seed"], start=now - YEARS, end=now
        )
        with _insertion():
            for rows in filler.batches(BATCH):
                with transaction.atomic():
                    for model, several in rows.items():
                        insert(model, several)
        take_stock()
        return {"site": site.slug, "comments": number, "threads": site.threads.count()}

    def describe(self, result: Mapping[str, Any]) -> str:
        return "{comments} comments on {threads} pages of the site “{site}”.".format(**result)


def _insertion() -> AbstractContextManager[None]:
    """Return the context for inserting: what is there already stays readable meanwhile."""
    return nullcontext() if Comment.objects.exists() else without_indexes(MODELS)


def take_stock() -> None:
    """Have the database count what is in its tables, by which it plans its statements."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _require_no_others() -> None:
    """Raise CommandError where there are sites that this command has not made."""
    if other := Site.objects.exclude(slug__startswith=PREFIX).first():
        raise CommandError(
            f"There is a site “{other.slug}” here. Made-up comments belong into a database of "
            "their own; with --beside-others they are made all the same."
        )


def _new_site() -> Site:
    number = Site.objects.filter(slug__startswith=PREFIX).count() + 1
    slug = PREFIX if number == 1 else f"{PREFIX}-{number}"
    return Site.objects.create(slug=slug, name="Filled", origins=["https://filled.example"])
