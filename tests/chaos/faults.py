"""What goes wrong: each fault begins, lasts for some seconds, and ends."""

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping

from tests.chaos.installation import Installation

Fault = Callable[[Installation, random.Random, float], None]


def kill_processes(there: Installation, pick: random.Random, lasts: float) -> None:
    """Kill -9 web processes and workers, one after another."""
    until = time.monotonic() + lasts
    while time.monotonic() < until:
        there.killed[there.kill_one(pick)] += 1
        time.sleep(pick.uniform(0.3, 1.5))


def stop_redis(there: Installation, pick: random.Random, lasts: float) -> None:
    """Kill Redis, and start an empty one."""
    there.redis.stop(signal.SIGKILL)
    time.sleep(lasts)
    there.start_redis()


def flush_redis(there: Installation, pick: random.Random, lasts: float) -> None:
    """Delete everything in Redis, several times."""
    import redis

    client = redis.Redis(port=there.redis_port)
    for _ in range(5):
        client.flushall()
        time.sleep(lasts / 5)


def restart_postgres(there: Installation, pick: random.Random, lasts: float) -> None:
    """Crash PostgreSQL, and start it again."""
    there.server.stop()
    time.sleep(min(lasts, 2))
    there.server.start()


def fill_the_disk(there: Installation, pick: random.Random, lasts: float) -> None:
    """Leave PostgreSQL no place on its disk, and start it again where it ended for that."""
    assert there.disk
    there.disk.fill()
    time.sleep(lasts)
    there.disk.free()
    if not there.server.is_running():
        there.server.start()


def lose_the_classifier(there: Installation, pick: random.Random, lasts: float) -> None:
    """Take the classifier's files away, and end the workers that have read them."""
    away = there.classifier.with_name("away")
    there.classifier.rename(away)
    there.killed[there.kill_one(pick)] += 1
    time.sleep(lasts)
    away.rename(there.classifier)


def trouble_the_receiver(there: Installation, pick: random.Random, lasts: float) -> None:
    """Have the receiver of webhooks answer late, and half of the time with an error."""
    there.receiver.troubled = True
    time.sleep(lasts)
    there.receiver.troubled = False


def hang_the_mail_server(there: Installation, pick: random.Random, lasts: float) -> None:
    """Have the mail server answer nothing."""
    there.mail.hanging.set()
    time.sleep(lasts)
    there.mail.hanging.clear()


FAULTS: dict[str, Fault] = {
    "processes killed (kill -9)": kill_processes,
    "Redis killed, empty afterwards": stop_redis,
    "Redis flushed": flush_redis,
    "PostgreSQL crashed": restart_postgres,
    "PostgreSQL's disk full": fill_the_disk,
    "the classifier's files away": lose_the_classifier,
    "webhooks' receiver slow, with errors": trouble_the_receiver,
    "mail server hangs": hang_the_mail_server,
}


class Faults(threading.Thread):
    """Makes one fault after another, each at least once, until it is told to end."""

    def __init__(
        self, there: Installation, faults: Mapping[str, Fault], *, seed: int, lasts: float
    ) -> None:
        super().__init__(daemon=True)
        self.faults = faults
        self.there, self.pick, self.lasts = there, random.Random(seed), lasts
        self.made: Counter[str] = Counter()
        self.ending = threading.Event()
        self.error: BaseException | None = None

    def run(self) -> None:
        """Make faults, in rounds of each, in a random order."""
        try:
            while not self.ending.is_set() or len(self.made) < len(self.faults):
                for name in self.pick.sample(list(self.faults), len(self.faults)):
                    if self.ending.is_set() and name in self.made:
                        continue
                    self.faults[name](self.there, self.pick, self.lasts)
                    self.made[name] += 1
        except BaseException as error:
            self.error = error

    def end(self) -> None:
        """End when each fault was made, and wait for that."""
        self.ending.set()
        self.join()
        if self.error:
            raise self.error
