"""Examine what the programs need beside themselves: database, clock, broker, classifier."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from celery import current_app
from django.db import DatabaseError, Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext

from comments.databases import replica
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
    """Tell of a database that is away, or older than the code, and of a replica of no use."""
    try:
        reach_database()
    except DatabaseError as failure:
        text = gettext("The database does not answer: %(error)s") % {"error": failure}
        yield error(text, gettext("Look at DATABASE_URL."))
        return
    executor = MigrationExecutor(connection)
    if missing := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        text = gettext("%(number)s migrations are not applied, from %(first)s on.")
        text %= {"number": len(missing), "first": missing[0][0]}
        yield error(text, gettext("Run “manage.py migrate”."))
    if replica.is_set():
        yield from _replica()


def _replica() -> Iterator[Diagnosis]:
    advice = gettext("Look at REPLICA_URL.")
    try:
        state = replica.ask()
    except Error as failure:
        text = gettext(
            "The replica does not answer, and the database is read in its place: %(error)s"
        )
        yield warning(text % {"error": failure}, advice)
        return
    if not state.is_ours:
        yield error(gettext("REPLICA_URL leads to no replica of the database."), advice)
    elif state.lag is None or state.lag > replica.MOST_LAG:
        text = gettext("The replica is more than %(seconds)s seconds behind.")
        advice = gettext("Look at pg_stat_replication in the database, and at the replica’s log.")
        yield warning(text % {"seconds": f"{replica.MOST_LAG:.0f}"}, advice)


def clocks(now: datetime) -> Iterator[Diagnosis]:
    """Tell of clocks that differ: of the database's machine, and of the workers'."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            (theirs,) = cursor.fetchone()
        yield from _differs(gettext("The database’s clock"), theirs - now, abs(theirs - now))
    if last := heartbeat.last():
        # It was recorded before now: only a clock that is ahead shows.
        yield from _differs(gettext("The clock of a worker"), last - now, last - now)


def _differs(whose: str, difference: timedelta, size: timedelta) -> Iterator[Diagnosis]:
    if size > SKEW:
        text = (
            gettext("%(clock)s is %(seconds)s seconds ahead of this machine’s.")
            if difference > timedelta()
            else gettext("%(clock)s is %(seconds)s seconds behind this machine’s.")
        )
        text %= {"clock": whose, "seconds": f"{size.total_seconds():.0f}"}
        advice = gettext(
            "Run an NTP client on both; codes and tokens are refused where clocks differ."
        )
        yield error(text, advice)


def broker(now: datetime) -> Iterator[Diagnosis]:
    """Tell of a broker that is away."""
    try:
        reach_broker()
    except OSError as failure:
        text = gettext("The broker does not answer (%(error)s): comments are stored and wait.")
        advice = gettext("Look at REDIS_URL, and whether Redis runs.")
        yield error(text % {"error": failure}, advice)


def classifier_is_there(now: datetime) -> Iterator[Diagnosis]:
    """Tell of a classifier that is missing, and of what sites learned on top of an older one."""
    try:
        used = classifier.classifier().version
    except classifier.ClassifierAway as away:
        text = gettext("There is no classifier (%(error)s): every comment is held for a person.")
        advice = gettext("Install what requirements.txt names, or unset CLASSIFIER_DIR.")
        yield error(text % {"error": away}, advice)
        return
    learned = SiteClassifier.objects.filter(state=LearningState.STANDING)
    outdated = learned.exclude(base_version=used).select_related("site")
    for row in outdated:
        text = gettext(
            "What was learned at %(site)s belongs to an older classifier, and is not used."
        )
        advice = gettext("Run “manage.py learn %(slug)s”, or wait for the next round.")
        yield warning(text % {"site": row.site}, advice % {"slug": row.site.slug})
