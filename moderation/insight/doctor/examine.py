"""Examine an installation, part by part."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext, gettext_noop

from moderation.insight.doctor import people, programs, sending, services, setup, sites
from moderation.insight.doctor.diagnosis import Diagnosis, Level, error

Examination = Callable[[datetime], Iterable[Diagnosis]]
# In the order in which an operator would mend them.
EXAMINATIONS: Mapping[str, Examination] = {
    gettext_noop("Settings"): setup.settings_are_right,
    gettext_noop("Database"): services.database,
    gettext_noop("Clock"): services.clocks,
    gettext_noop("Broker"): services.broker,
    gettext_noop("Beat and workers"): programs.periodic_work,
    gettext_noop("Queues of the workers"): programs.queues,
    gettext_noop("Classifier"): services.classifier_is_there,
    gettext_noop("Mail"): sending.mail,
    gettext_noop("Webhooks"): sending.webhooks,
    gettext_noop("Sites"): sites.connections,
    gettext_noop("Second factors"): people.second_factors,
    gettext_noop("Backups"): setup.backups,
    gettext_noop("Disk"): setup.disk,
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
        Examined(gettext(subject), _found(examination, now))
        for subject, examination in EXAMINATIONS.items()
    ]


def _found(examination: Examination, now: datetime) -> list[Diagnosis]:
    try:
        return list(examination(now))
    except Exception as failure:
        text = gettext("This can't be examined: %(error)s")
        return [error(text % {"error": f"{type(failure).__name__}: {failure}"})]
