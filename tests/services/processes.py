"""Real servers for tests: started on free ports in a temporary folder, gone afterwards."""

import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.services.copies import made_once
from tests.services.network import Host

ROOT = Path(__file__).parent.parent.parent

PATIENCE = 4


class ServiceMissing(Exception):
    """A program that the tests need is not installed."""


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(ask: Callable[[], Any], *, seconds: float, what: str) -> Any:
    """Return what `ask` returns once it is true; fail when it never is.

    `seconds` is ample on two idle cores. How busy a machine is, is no property of the code: a busy
    one is given PATIENCE times as long.
    """
    deadline = time.monotonic() + PATIENCE * seconds
    while time.monotonic() < deadline:
        if answer := ask():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"waited {PATIENCE * seconds} s in vain for {what}")


def listens(port: int) -> bool:
    """Tell whether somebody listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class PostgresServer:
    """A PostgreSQL server of our own, with an empty database at `address`.

    With `fsync` a commit waits for the disk, as in production. `settings` are further ones. On a
    `host` of a network it is for all of its machines, and for us at `socket_address`. As a
    `replica_of` another one it has what that has, and follows it.
    """

    def __init__(
        self,
        data: str,
        *,
        fsync: bool = False,
        settings: str = "",
        host: Host | None = None,
        replica_of: "PostgresServer | None" = None,
    ) -> None:
        tools = Path(program("initdb", "/usr/lib/postgresql/*/bin/initdb")).resolve().parent
        port, self._user, self._host = free_port(), _not_root(data), host
        self._control = [str(tools / "pg_ctl"), "-D", f"{data}/db", "-w"]
        ip = host.address if host else "127.0.0.1"
        options = f"-p {port} -k {data} -c listen_addresses={ip} -c fsync={fsync} {settings}"
        self.log = Path(data, "log")
        self._start = ["-o", options, "-l", str(self.log), "start"]
        new = ["-D", f"{data}/db", "--no-sync"]
        if replica_of:
            new += ["--dbname", replica_of.address, "--write-recovery-conf", "--checkpoint=fast"]
            _quietly([str(tools / "pg_basebackup"), *new], self._user)
        else:
            new += ["-U", "test", "--auth=trust", "--encoding=UTF8"]
            self._make_files([str(tools / "initdb"), *new], f"{data}/db")
        if host:
            with Path(data, "db", "pg_hba.conf").open("a") as access:
                access.write("host all all samenet trust\n")
        self.address = f"postgres://test@{ip}:{port}/postgres"
        self.socket_address = f"host={data} port={port} user=test dbname=postgres"
        self.start()

    def _make_files(self, initdb: list[str], folder: str) -> None:
        def make(copy: Path) -> None:
            _quietly(initdb, self._user)
            _copy(folder, str(copy))

        copy, is_new = made_once("postgresql", make)
        if not is_new:
            _copy(str(copy), folder)

    def start(self) -> None:
        """Start it, or start it again, and wait until it answers."""
        command = [*self._control, *self._start]
        if self._host:
            _quietly(self._host.enter_as(self._user, command), None)
        else:
            _quietly(command, self._user)

    def is_running(self) -> bool:
        """Return whether it has not ended, whatever it answers."""
        status = [*self._control, "status"]
        done = subprocess.run(status, capture_output=True, check=False, cwd="/", user=self._user)
        return done.returncode == 0

    def stop(self) -> None:
        """Stop it at once, as when its process is killed."""
        _quietly([*self._control, "-m", "immediate", "stop"], self._user)


@contextmanager
def postgres_server(
    *,
    fsync: bool = False,
    disk: Path | None = None,
    settings: str = "",
    host: Host | None = None,
    replica_of: PostgresServer | None = None,
) -> Iterator[PostgresServer]:
    """Run a PostgreSQL server for as long as the context, with its data on a `disk`."""
    with tempfile.TemporaryDirectory(
        prefix="leave-a-reply-", ignore_cleanup_errors=True, dir=disk
    ) as data:
        server = PostgresServer(
            data, fsync=fsync, settings=settings, host=host, replica_of=replica_of
        )
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def postgres(*, fsync: bool = False) -> Iterator[str]:
    """Run a PostgreSQL server of our own; yield the address of its empty database."""
    with postgres_server(fsync=fsync) as server:
        yield server.address


def _not_root(folder: str) -> int | None:
    """Return as whom to run a program that refuses to run as root, giving them the folder."""
    if os.geteuid() != 0:
        return None
    owner = pwd.getpwnam("postgres")
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    return owner.pw_uid


class Process:
    """A program in a process group of its own, so that all of it can be killed."""

    def __init__(
        self, command: list[str], environment: Mapping[str, str], log: Path, *, tree: Path = ROOT
    ) -> None:
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                cwd=tree,
                env={**os.environ, **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.pid = self._process.pid

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Send a signal to the whole group, and wait for its end."""
        try:
            os.killpg(self._process.pid, how)
        except ProcessLookupError:
            return
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)

    def send(self, how: signal.Signals) -> None:
        """Send a signal to the whole group, and wait for nothing."""
        os.killpg(self._process.pid, how)

    def kill(self) -> None:
        """End the whole group at once, where a test is over: an orderly end takes seconds."""
        self.stop(signal.SIGKILL)


def redis(folder: Path, port: int, *, host: Host | None = None) -> Process:
    """Start a Redis server that keeps nothing, for all machines where it is on a `host`."""
    command = [program("redis-server"), "--port", str(port), "--save", "", "--bind"]
    command += [host.address, "--protected-mode", "no"] if host else ["127.0.0.1"]
    log = folder / "redis.log"
    log.unlink(missing_ok=True)
    server = Process(host.enter(command) if host else command, {}, log)
    wait_for(lambda: "Ready to accept" in log.read_text(), seconds=10, what="Redis")
    return server


def pgbouncer(folder: Path, database: str, *, size: int) -> tuple[Process, str]:
    """Start a pooler in transaction mode with so many connections; return it and its address."""
    server, port = urlsplit(database), free_port()
    configuration = folder / "pgbouncer.ini"
    configuration.write_text(
        f"[databases]\npostgres = host=127.0.0.1 port={server.port} user={server.username}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\n"
        f"pool_mode = transaction\ndefault_pool_size = {size}\nunix_socket_dir =\n"
    )
    command = [program("pgbouncer", "/usr/sbin/pgbouncer"), str(configuration)]
    if (user := _not_root(str(folder))) is not None:
        command[1:1] = ["--user", pwd.getpwuid(user).pw_name]
    process = Process(command, {}, folder / "pgbouncer.log")
    wait_for(lambda: listens(port), seconds=10, what="pgbouncer")
    return process, f"postgres://{server.username}@127.0.0.1:{port}/postgres"


def manage(environment: Mapping[str, str], *arguments: str, tree: Path = ROOT) -> str:
    """Run an operator's command and return what it prints."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command,
        cwd=tree,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def program(name: str, *patterns: str) -> str:
    """Return where a program is. Raises ServiceMissing."""
    found = shutil.which(name) or next((p for g in patterns for p in sorted(glob.glob(g))), None)
    if not found:
        raise ServiceMissing(f"{name} is not installed. `make services` installs it where it may.")
    return found


def _copy(folder: str, to: str) -> None:
    """Copy a folder with all owners and permissions."""
    _quietly(["cp", "-a", folder, to], None)


def _quietly(command: list[str], user: int | None) -> None:
    done = subprocess.run(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        cwd="/",
        user=user,
    )
    assert done.returncode == 0, done.stderr
