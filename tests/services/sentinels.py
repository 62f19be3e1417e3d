"""Redis with Sentinel: a master, two replicas, and three Sentinels, which fail over in seconds."""

import signal
from pathlib import Path
from typing import Any

from redis import Redis
from redis.sentinel import Sentinel

from tests.services.processes import Process, free_port, listens, program, wait_for

MASTER, PASSWORD, SENTINEL_PASSWORD = "gazette-redis", "of redis: /@,", "of sentinels"
REPLICAS, SENTINELS = 2, 3
SERVER = """
port {port}
bind 127.0.0.1
dir {folder}
save ""
requirepass "{password}"
masterauth "{password}"
repl-diskless-sync-delay 0
"""
SENTINEL = """
port {port}
bind 127.0.0.1
dir {folder}
requirepass "{sentinel_password}"
sentinel monitor {name} 127.0.0.1 {master} 2
sentinel auth-pass {name} "{password}"
sentinel down-after-milliseconds {name} 500
sentinel failover-timeout {name} 2000
"""


class FailingOver:
    """A master and its replicas, watched by three Sentinels; `url` is the setting of ours."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._servers: dict[int, Process] = {}
        self._others: list[Process] = []
        self._lost: set[int] = set()
        first, *ports = (free_port() for _ in range(1 + REPLICAS + SENTINELS))
        replicas, watching = ports[:REPLICAS], ports[REPLICAS:]
        self._start_server(first)
        for port in replicas:
            self._start_server(port, f"replicaof 127.0.0.1 {first}")
        for port in watching:
            text = SENTINEL.format(
                port=port,
                folder=folder,
                name=MASTER,
                master=first,
                password=PASSWORD,
                sentinel_password=SENTINEL_PASSWORD,
            )
            self._others.append(self._start(port, text, "--sentinel"))
        hosts = ",".join(f"127.0.0.1:{port}" for port in watching)
        self.url = (
            f"redis+sentinel://:of%20redis%3A%20%2F%40%2C@{hosts}/{MASTER}/1"
            "?sentinel_password=of%20sentinels"
        )
        self._known = Sentinel(
            [("127.0.0.1", port) for port in watching],
            sentinel_kwargs={"password": SENTINEL_PASSWORD},
            password=PASSWORD,
            db=1,
        )
        self.master = self._client()
        wait_for(self._can_fail_over, seconds=20, what="the Sentinels")

    def lose_master(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Kill the master, or stop it with another signal; nobody knows yet."""
        port = int(self._known.discover_master(MASTER)[1])
        self._lost.add(port)
        self._servers[port].send(how)

    def wait_for_failover(self) -> None:
        """Wait until all Sentinels name another master, which another one follows where it can."""
        wait_for(self._has_failed_over, seconds=20, what="the failover")
        self.master = self._client()
        left = len(self._servers) - len(self._lost)
        wait_for(lambda: self._followers() == left - 1, seconds=20, what="the replicas")

    def kill(self) -> None:
        """End everything."""
        for process in (*self._others, *self._servers.values()):
            process.kill()

    def _start_server(self, port: int, more: str = "") -> None:
        text = SERVER.format(port=port, folder=self.folder, password=PASSWORD) + more
        self._servers[port] = self._start(port, text)

    def _start(self, port: int, configuration: str, *options: str) -> Process:
        file = self.folder / f"{port}.conf"
        file.write_text(configuration)
        command = [program("redis-server"), str(file), *options]
        process = Process(command, {}, self.folder / f"{port}.log")
        wait_for(lambda: listens(port), seconds=10, what="Redis")
        return process

    def _states(self) -> list[dict[str, Any]]:
        return [one.sentinel_master(MASTER) for one in self._known.sentinels]

    def _followers(self) -> int:
        return int(self.master.info("replication")["connected_slaves"])

    def _can_fail_over(self) -> bool:
        """Return whether all Sentinels know one another and the replicas, which follow."""
        known = {(one["num-other-sentinels"], one["num-slaves"]) for one in self._states()}
        return known == {(SENTINELS - 1, REPLICAS)} and self._followers() == REPLICAS

    def _has_failed_over(self) -> bool:
        ports = {one["port"] for one in self._states()}
        return len(ports) == 1 and not ports & self._lost

    def _client(self) -> Redis:
        return self._known.master_for(MASTER)
