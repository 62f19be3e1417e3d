"""Examine what the programs need beside themselves: database, clock, broker, classifier."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from celery import current_app
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from moderation.insight import heartbeat
from moderation.insight.doctor.diagnosis import Diagnosis, error, warning
from moderation.models import LearningState, SiteClassifier
from moderation.screening import classifier

# Codes of second factors and tokens of sites are good for half a minute, leases for longer.
SKEW = timedelta(seconds=10)


def reach_database() -> None:
    """Ask the database for nothing; raise DatabaseError where it does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def reach_broker() -> None:
    """Connect to the broker; raise OSError where that fails."""
    with current_app.connection_for_write(connect_timeout=1) as broker:
        try:
            broker.ensure_connection(max_retries=1, timeout=1)
        except broker.connection_errors as failure:
            raise OSError(str(failure)) from failure


def database(now: datetime) -> Iterator[Diagnosis]:
    """Tell of a database that is away, or older or newer than the code."""
    try:
        reach_database()
    except DatabaseError as failure:
        yield error(f"The database does not answer: {failure}", "Look at DATABASE_URL.")
        return
    executor = MigrationExecutor(connection)
    if missing := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        text = f"{len(missing)} migrations are not applied, from {missing[0][0]} on."
        yield error(text, "Run “manage.py migrate”.")


def clocks(now: datetime) -> Iterator[Diagnosis]:
    """Tell of clocks that differ: of the database's machine, and of the workers'."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            (theirs,) = cursor.fetchone()
        yield from _differs("The database’s clock", theirs - now, abs(theirs - now))
    if last := heartbeat.last():
        # It was recorded before now: only a clock that is ahead shows.
        yield from _differs("The clock of a worker", last - now, last - now)


def _differs(whose: str, difference: timedelta, size: timedelta) -> Iterator[Diagnosis]:
    if size > SKEW:
        way = "ahead of" if difference > timedelta() else "behind"
        text = f"{whose} is {size.total_seconds():.0f} seconds {way} this machine’s."
        advice = "Run an NTP client on both; codes and tokens are refused where clocks differ."
        yield error(text, advice)


def broker(now: datetime) -> Iterator[Diagnosis]:
    """Tell of a broker that is away."""
    try:
        reach_broker()
    except OSError as failure:
        text = f"The broker does not answer ({failure}): comments are stored and wait."
        yield error(text, "Look at REDIS_URL, and whether Redis runs.")


def classifier_is_there(now: datetime) -> Iterator[Diagnosis]:
    """Tell of a classifier that is missing, and of what sites learned on top of an older one."""
    try:
        used = classifier.classifier().version
    except classifier.ClassifierAway as away:
        text = f"There is no classifier ({away}): every comment is held for a person."
        yield error(text, "Install what requirements.txt names, or unset CLASSIFIER_DIR.")
        return
    learned = SiteClassifier.objects.filter(state=LearningState.STANDING)
    outdated = learned.exclude(base_version=used).select_related("site")
    for row in outdated:
        text = f"What was learned at {row.site} belongs to an older classifier, and is not used."
        yield warning(text, f"Run “manage.py learn {row.site.slug}”, or wait for the next round.")
