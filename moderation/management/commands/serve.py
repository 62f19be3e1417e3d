"""`serve`: run web, workers and beat as one command, for one machine."""

import os
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from moderation.management import ports
from moderation.management.supervisor import Process, Supervisor

WORKER = "celery --quiet -A config worker --loglevel WARNING --without-gossip --without-mingle"
# A pool of processes, since only those can be ended when a task takes too long.
POOL = "--pool prefork --concurrency"


def commands(bind: str) -> dict[str, str]:
    """Return the module and arguments of each process; each queue has a worker of its own."""
    return {
        "web": f"gunicorn config.wsgi --config {settings.BASE_DIR}/gunicorn.conf.py"
        f" --bind {bind} --workers 2 --log-level warning",
        "screening": f"{WORKER} {POOL} 1 --queues screening --hostname screening",
        "outgoing": f"{WORKER} {POOL} 1 --queues outgoing --hostname outgoing",
        # A new process for each file: the memory that one took is free afterwards. A site has one
        # at a time, so that a long import holds one of the two, and others have their turn.
        "transfers": f"{WORKER} {POOL} 2 --max-tasks-per-child 1 --queues transfers"
        " --hostname transfers",
        # Not in a worker, which would go on without it when it dies, and do no periodic work.
        "beat": "celery --quiet -A config beat --loglevel WARNING",
    }


class Command(BaseCommand):
    help = "Run web, workers and beat until Ctrl-C; what dies is started again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bind", default=f"127.0.0.1:{settings.PORT}", metavar="HOST:PORT")

    def handle(self, *args: Any, **options: Any) -> None:
        ports.ensure_free(options["bind"])
        os.chdir(settings.BASE_DIR)
        processes = [
            Process(name, [*_python(), *command.split()], _environment())
            for name, command in commands(options["bind"]).items()
        ]
        self.stdout.write(f"{settings.PUBLIC_URL}/ is up. Ctrl-C stops it.")
        self.stdout.flush()
        sys.exit(Supervisor(processes, clock=time.monotonic).run())


def _python() -> list[str]:
    """Return how a module is run that ends when this process does."""
    return [sys.executable, "-m", "moderation.management.lifeline", str(os.getpid())]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1"}
