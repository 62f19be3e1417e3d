"""A streaming replica that is away, behind, interrupted or none: nobody notices, nothing breaks."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from comments.databases import replica
from tests.services.processes import free_port, pgbouncer, wait_for
from tests.services.replicated import Replicated, replicated_installation
from tests.services.shell import shell


@pytest.fixture(scope="module")
def replicated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicated]:
    with replicated_installation(tmp_path_factory.mktemp("replicated")) as installed:
        yield installed


def test_readers_are_answered_while_it_is_away_and_from_it_when_it_is_back(
    replicated: Replicated,
) -> None:
    comment, body = replicated.publish()
    replicated.replica.stop()
    try:
        assert body in replicated.texts()
        assert replicated.received() > 0
        # Each process finds out by itself.
        wait_for(lambda: replicated.texts() and replicated.ready() == "away", seconds=5, what="it")
        assert replicated.measured()["leave_a_reply_replica_up"] == "0.0"
    finally:
        replicated.replica.start()
    with replicated.lagging():
        replicated.falsify(comment)
        seconds = 2 * replica.PAUSE
        wait_for(lambda: body in replicated.texts(), seconds=seconds, what="a page of the replica")


def test_metrics_tell_how_far_behind_it_is(replicated: Replicated) -> None:
    replicated.publish()
    replicated.follow()
    measured = replicated.measured()
    assert measured["leave_a_reply_replica_up"] == "1.0"
    assert float(measured["leave_a_reply_replica_lag_seconds"]) < replica.MOST_LAG


CONFLICT = """
import json, threading
import psycopg
from django.db import connections
from comments.databases import replica
from comments.databases.router import is_in_snapshot

SLEEPS = "SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)' AND state = 'active'"
places = []

def vacuum():
    with psycopg.connect({replica!r}, autocommit=True) as copy:
        while not copy.execute(SLEEPS).fetchone():
            pass
    with psycopg.connect({primary!r}, autocommit=True) as primary:
        primary.execute("CREATE TABLE gone AS SELECT 1 AS n")
        primary.execute("DELETE FROM gone")
        primary.execute("VACUUM gone")
        primary.execute("DROP TABLE gone")

def read():
    places.append("replica" if is_in_snapshot() else "primary")
    if is_in_snapshot():
        threading.Thread(target=vacuum).start()
        with connections["replica"].cursor() as cursor:
            cursor.execute("SELECT pg_sleep(600)")

replica.read_caught_up(read)
print(json.dumps([places, replica.breaker.is_open]))
"""


def test_a_query_that_is_cancelled_by_what_is_replayed_is_answered_by_the_primary(
    replicated: Replicated,
) -> None:
    replicated.publish()
    replicated.follow()
    setting = "ALTER SYSTEM {} max_standby_streaming_delay {}"
    replicated.ask_replica(setting.format("SET", "= 0"), "SELECT pg_reload_conf()")
    try:
        code = CONFLICT.format(replica=replicated.replica.address, primary=replicated.database)
        with shell(replicated.environment) as runs:
            assert json.loads(runs.run(code)) == [["replica", "primary"], False]
    finally:
        replicated.ask_replica(
            "ALTER SYSTEM RESET max_standby_streaming_delay", "SELECT pg_reload_conf()"
        )


PLACE = """
from comments.databases import replica
from comments.databases.router import is_in_snapshot

print(replica.read_caught_up(is_in_snapshot))
"""


def test_figures_are_read_from_the_primary_where_the_replica_does_not_catch_up(
    replicated: Replicated,
) -> None:
    with shell(replicated.environment) as runs:
        assert runs.run(PLACE).strip() == "True"
        with replicated.lagging():
            replicated.publish()
            assert runs.run(PLACE).strip() == "False"


WRITES = """
from contextlib import nullcontext
from django.db import Error, transaction
from comments.databases.router import snapshot
from comments.models import Site

def write(around):
    try:
        with around:
            Site.objects.using("replica").update(name="Written")
    except Error as error:
        print(type(error.__cause__).__name__)

write(transaction.atomic(using="replica"))
write(nullcontext())
with snapshot():
    Site.objects.update(name="Renamed")
print(Site.objects.get().name)
"""
REFUSED = "ReadOnlySqlTransaction"


def posing(replicated: Replicated) -> dict[str, str]:
    """Return an environment whose replica is the primary itself, which could be written to."""
    address = replicated.database.replace("127.0.0.1", "localhost")
    return {**replicated.environment, "REPLICA_URL": address}


@pytest.mark.parametrize("is_posing", [True, False])
def test_nothing_is_ever_written_through_it(replicated: Replicated, is_posing: bool) -> None:
    environment = posing(replicated) if is_posing else replicated.environment
    with shell(environment) as runs:
        assert runs.run(WRITES).split() == [REFUSED, REFUSED, "Renamed"]


def test_a_pooler_may_stand_before_it(replicated: Replicated, tmp_path: Path) -> None:
    pooler, address = pgbouncer(tmp_path, replicated.replica.address, size=2)
    pooled = {"REPLICA_URL": address, "DATABASE_POOLER": "true"}
    replicated.publish()
    replicated.follow()
    try:
        with shell({**replicated.environment, **pooled}) as runs:
            assert runs.run(PLACE).strip() == "True"
            assert runs.run(WRITES).split() == [REFUSED, REFUSED, "Renamed"]
    finally:
        pooler.stop()


EXAMINE = """
from django.utils import timezone
from comments.databases import replica
from comments.databases.router import is_in_snapshot
from moderation.insight.doctor import services

print(replica.read_caught_up(is_in_snapshot))
for diagnosis in services.database(timezone.now()):
    print(f"{diagnosis.level}: {diagnosis.text}")
"""


def test_the_doctor_has_nothing_to_say_of_one_that_follows(replicated: Replicated) -> None:
    replicated.publish()
    replicated.follow()
    with shell(replicated.environment) as runs:
        assert runs.run(EXAMINE).splitlines() == ["True"]


def test_a_server_that_is_no_replica_is_not_read_and_the_doctor_says_so(
    replicated: Replicated,
) -> None:
    with shell(posing(replicated)) as runs:
        read, told = runs.run(EXAMINE).splitlines()
    assert read == "False"
    assert told == "error: REPLICA_URL leads to no replica of the database."


def test_the_doctor_tells_of_one_that_is_away(replicated: Replicated) -> None:
    nowhere = f"postgres://test@127.0.0.1:{free_port()}/postgres"
    with shell({**replicated.environment, "REPLICA_URL": nowhere}) as runs:
        read, told, *_ = runs.run(EXAMINE).splitlines()
    assert read == "False"
    assert told.startswith("warning: The replica does not answer, and the database is read")
