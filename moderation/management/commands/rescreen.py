"""`rescreen [--status held]`: screen comments again after a change of rules or classifier."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from comments.models import Comment, Status
from moderation.management.command import OperatorCommand, find_site
from moderation.screening import screen, tasks

CHUNK = 1000


class Command(OperatorCommand):
    help = "Put comments up for another look by the machine; moderators' decisions stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--site", metavar="SLUG", help="only of this site")
        parser.add_argument(
            "--status",
            default=Status.HELD.value,
            choices=[status.value for status in Status if status is not Status.DELETED],
        )

    def run(self, **options: Any) -> Mapping[str, Any]:
        comments = Comment.objects.filter(status=options["status"], purged_at=None)
        if options["site"]:
            comments = comments.filter(site=find_site(options["site"]))
        chunk, total = [], 0
        for pk in comments.order_by("pk").values_list("pk", flat=True).iterator():
            chunk.append(pk)
            if len(chunk) == CHUNK:
                total += screen.rescreen(chunk)
                chunk = []
        total += screen.rescreen(chunk)
        tasks.enqueue_sweep()
        return {"queued": total}

    def describe(self, result: Mapping[str, Any]) -> str:
        return f"{result['queued']} comments will be screened again."
