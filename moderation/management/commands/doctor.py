"""`doctor`: say in words what is wrong with this installation; exit with 1 if something fails."""

import sys
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from moderation.insight.doctor.diagnosis import Level
from moderation.insight.doctor.examine import examine
from moderation.management.command import OperatorCommand

SIGNS = {"ok": "✓", "warning": "!", "error": "✗"}


class Command(OperatorCommand):
    help = "Examine settings, programs, mail, sites, backups; exit with 1 if something fails."

    def handle(self, *args: Any, **options: Any) -> None:
        self._fails = False
        super().handle(*args, **options)
        if self._fails:
            sys.exit(1)

    def run(self, **options: Any) -> Mapping[str, Any]:
        examined = examine(now=timezone.now())
        self._fails = any(part.level == Level.ERROR for part in examined)
        return {
            part.subject: {"level": part.level, "found": [d._asdict() for d in part.found]}
            for part in examined
        }

    def describe(self, result: Mapping[str, Any]) -> str:
        lines = []
        for subject, part in result.items():
            lines.append(f"{SIGNS[part['level']]} {subject}")
            for found in part["found"]:
                lines.append(f"    {found['text']}")
                lines += [f"    → {found['advice']}"] if found["advice"] else []
        return "\n".join(lines)
