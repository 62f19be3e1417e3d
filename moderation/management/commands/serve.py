"""`serve`: run web, workers and beat as one command, for one machine."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from honcho.manager import Manager


class Command(BaseCommand):
    help = "Run web, worker and beat until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bind", default=f"127.0.0.1:{settings.PORT}", metavar="HOST:PORT")

    def handle(self, *args: Any, **options: Any) -> None:
        manager = Manager()
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        python = f"exec {sys.executable} -m"
        worker = (
            "celery --quiet -A config worker --pool solo --loglevel WARNING"
            " --without-gossip --without-mingle"
        )
        commands = {
            "web": f"gunicorn config.wsgi --bind {options['bind']} --workers 2 --threads 4"
            " --preload --limit-request-line 8190 --log-level warning --no-control-socket",
            "worker": f"{worker} --beat --queues screening --hostname worker",
            # Tasks that wait for other machines have their own worker: screening must not wait.
            "outgoing": f"{worker} --queues outgoing --hostname outgoing",
        }
        for name, command in commands.items():
            manager.add_process(
                name, f"{python} {command}", cwd=str(settings.BASE_DIR), env=environment
            )
        self.stdout.write(f"{settings.PUBLIC_URL}/ is up. Ctrl-C stops it.")
        manager.loop()
        sys.exit(manager.returncode)
