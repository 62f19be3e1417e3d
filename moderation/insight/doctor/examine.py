"""Examine an installation, part by part."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from moderation.insight.doctor import people, programs, sending, services, setup, sites
from moderation.insight.doctor.diagnosis import Diagnosis, Level, error

Examination = Callable[[datetime], Iterable[Diagnosis]]
# In the order in which an operator would mend them.
EXAMINATIONS: Mapping[str, Examination] = {
    "Settings": setup.settings_are_right,
    "Database": services.database,
    "Clock": services.clocks,
    "Broker": services.broker,
    "Beat and workers": programs.periodic_work,
    "Queues of the workers": programs.queues,
    "Classifier": services.classifier_is_there,
    "Mail": sending.mail,
    "Webhooks": sending.webhooks,
    "Sites": sites.connections,
    "Second factors": people.second_factors,
    "Backups": setup.backups,
    "Disk": setup.disk,
}


class Examined(NamedTuple):
    """A part of the installation, and what is wrong with it, if anything is."""

    subject: str
    found: Sequence[Diagnosis]

    @property
    def level(self) -> str:
        """Return how bad it is at worst: "ok", "warning" or "error"."""
        levels = {diagnosis.level for diagnosis in self.found}
        return next((level.value for level in Level if level in levels), "ok")


def examine(*, now: datetime) -> list[Examined]:
    """Return what every examination finds. One that fails says so, and hides no other."""
    return [
        Examined(subject, _found(examination, now)) for subject, examination in EXAMINATIONS.items()
    ]


def _found(examination: Examination, now: datetime) -> list[Diagnosis]:
    try:
        return list(examination(now))
    except Exception as failure:
        return [error(f"This can't be examined: {type(failure).__name__}: {failure}")]
