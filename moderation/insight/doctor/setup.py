"""Examine what an operator sets, keeps and provides: settings, backups, disk."""

import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.core import checks
from django.core.cache import cache
from django.utils.timesince import timesince
from django.utils.translation import gettext, gettext_noop

from moderation.insight.doctor.diagnosis import Diagnosis, error, warning

BACKUP = "last_backup"
KEPT = timedelta(days=3650)
# A backup is late after so long.
LATE = timedelta(days=8)
# The least that should be free where the data is.
SHARE_FREE, BYTES_FREE = 0.05, 500_000_000

# What Django says in English alone of settings that are ours to make, by the id of its check.
OF_DJANGO: Mapping[str, tuple[str, str]] = {
    "security.W009": (
        gettext_noop("SECRET_KEY is easily guessed: it is short, or has few different characters."),
        gettext_noop("Make another with “python -m config.secrets FOLDER”."),
    ),
    "security.W018": (
        gettext_noop("DEBUG is on: whoever meets an error sees settings and code."),
        gettext_noop("Unset DEBUG."),
    ),
    "security.W020": (
        gettext_noop("ALLOWED_HOSTS is empty: no page is served."),
        gettext_noop("Unset it, or name the hosts under which readers come."),
    ),
    "security.W025": (
        gettext_noop("A key in SECRET_KEY_FALLBACKS is easily guessed."),
        gettext_noop("Remove it once nothing signed with it is in use."),
    ),
}


def settings_are_right(now: datetime) -> Iterator[Diagnosis]:
    """Tell what `manage.py check --deploy` warns of; weak secrets have stopped the start."""
    tags = [checks.Tags.security, checks.Tags.compatibility]
    for message in checks.run_checks(tags=tags, include_deployment_checks=True):
        # What Django says of cookies and redirects follows from HTTPS, of which we speak ourselves.
        follows = str(message.id).startswith("security.W") and not settings.HTTPS
        if message.level >= checks.WARNING and not message.is_silenced() and not follows:
            tell = error if message.level >= checks.ERROR else warning
            own = OF_DJANGO.get(str(message.id))
            text, hint = map(gettext, own) if own else (message.msg, message.hint or "")
            yield tell(text, hint)


def record_backup(*, now: datetime) -> None:
    """Note that a backup was made."""
    cache.set(BACKUP, now.isoformat(), KEPT.total_seconds())


def backups(now: datetime) -> Iterator[Diagnosis]:
    """Tell where `manage.py backup` did not run of late; other programs are not seen."""
    advice = gettext("Run “manage.py backup FILE” daily, or see to it that another program does.")
    noted = cache.get(BACKUP)
    if noted is None:
        yield warning(gettext("No backup was made by “manage.py backup”."), advice)
    elif now - (last := datetime.fromisoformat(noted)) > LATE:
        text = gettext("The last backup was made %(time)s ago.")
        yield warning(text % {"time": timesince(last, now)}, advice)


def disk(now: datetime) -> Iterator[Diagnosis]:
    """Tell where the disk of DATA_DIR is nearly full."""
    usage = shutil.disk_usage(settings.DATA_DIR)
    if usage.free < min(BYTES_FREE, SHARE_FREE * usage.total):
        text = gettext("Only %(number)s MB are free in DATA_DIR.")
        advice = gettext("Make room: without it comments can’t be stored.")
        yield error(text % {"number": f"{usage.free / 1e6:.0f}"}, advice)
