"""Two releases on one database: the present tree, and a copy of it that has one migration more."""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.services.processes import ROOT, Process, free_port, listens, manage, wait_for

# What Python imports is copied, since a module's own folder tells where the tree begins.
COPIED = ("comments", "config", "moderation", "manage.py", "gunicorn.conf.py")
LINKED = ("leave_a_reply", "locale", "ml")
NEXT = "comments/migrations/0002_next_release.py"
MIGRATION = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("comments", "0001_initial")]
    operations = [{operations}]
"""


def next_release(folder: Path, fields: Mapping[str, str]) -> Path:
    """Make a tree in which comments have further fields, by name, and a migration adds them."""
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    model = folder / "comments/models/comment.py"
    above = "    purged_at = models.DateTimeField(null=True)\n"
    source = model.read_text()
    assert above in source
    added = "".join(f"    {name} = {field}\n" for name, field in fields.items())
    model.write_text(source.replace(above, above + added))
    operations = (f'migrations.AddField("comment", "{n}", {f})' for n, f in fields.items())
    (folder / NEXT).write_text(MIGRATION.format(operations=", ".join(operations)))
    return folder


class Release:
    """A web server of two processes, and a worker with beat, that run the code of one tree."""

    def __init__(self, tree: Path, environment: Mapping[str, str], folder: Path) -> None:
        self.tree, self.folder, self.port = tree, folder, free_port()
        self.environment = environment
        self.server = f"http://127.0.0.1:{self.port}"
        self._web: Process | None = None
        self._worker: Process | None = None

    def manage(self, *arguments: str) -> str:
        """Run an operator's command of this release."""
        return manage(self.environment, *arguments, tree=self.tree)

    def start(self) -> None:
        """Start web server and worker, and wait until the first one listens."""
        bind = ["--bind", f"127.0.0.1:{self.port}", "--workers=2", "--threads=4"]
        self._web = self._process("gunicorn", "config.wsgi", *bind)
        worker = ["--beat", "--concurrency", "1", "--hostname", f"{self.folder.name}@%h"]
        self._worker = self._process("celery", "-A", "config", "worker", *worker)
        wait_for(lambda: listens(self.port), seconds=30, what="the web server")

    def stop_worker(self) -> None:
        """End the worker in an orderly way."""
        if self._worker:
            self._worker.stop()

    def stop_web(self) -> None:
        """End the web server in an orderly way: what it has begun it answers."""
        if self._web:
            self._web.stop()

    def _process(self, *command: str) -> Process:
        log = self.folder / "log"
        return Process([sys.executable, "-m", *command], self.environment, log, tree=self.tree)
