"""Machines of our own: network namespaces of Linux, joined by a bridge, whose cables can be pulled.

They share files and processes with this machine, and no network with it: what this process asks of
them, it asks through `Host.enter`, or by a socket in a file.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

BRIDGE = "switch"
NETWORK = "10.77.0.{}"


class NoNetwork(Exception):
    """Namespaces, or what makes them, are not to be had here."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            "This test makes machines of its own out of network namespaces, for which it needs "
            "Linux, `ip` (iproute2), and a kernel that lets us make them: it lets root, and others "
            "where user namespaces are allowed (on Ubuntu 24.04: sysctl -w "
            "kernel.apparmor_restrict_unprivileged_userns=0; in Docker: --privileged). "
            f"What was tried: {reason.strip()}"
        )


class Host:
    """A machine in the network, with an address, and a cable of the name of the machine."""

    def __init__(self, name: str, number: int, hub: "Namespace") -> None:
        self.name, self.address, self._hub = name, NETWORK.format(number), hub
        self._namespace = Namespace(hub.enter([]))
        other_end = f"peer name eth0 netns {self._namespace.pid}"
        hub.ip(f"link add name {name} type veth {other_end}")
        hub.ip(f"link set dev {name} master {BRIDGE}")
        self._namespace.ip(f"address add {self.address}/24 dev eth0")
        self._namespace.ip("link set dev eth0 up")
        self._namespace.ip("link set dev lo up")
        self.plug_in()

    def enter(self, command: Sequence[str]) -> list[str]:
        """Return the command that runs another one on this machine."""
        return self._namespace.enter(command)

    def enter_as(self, user: int | None, command: Sequence[str]) -> list[str]:
        """Return the same as a user who is not root there, for programs that refuse to be."""
        return self._namespace.enter_as(user, command)

    def plug_in(self) -> None:
        """Connect it."""
        self._hub.ip(f"link set dev {self.name} up")

    def unplug(self) -> None:
        """Pull its cable: nothing reaches it, and nobody is told."""
        self._hub.ip(f"link set dev {self.name} down")

    def close(self) -> None:
        """Let it end with the last program on it."""
        self._namespace.close()


class Namespace:
    """A network namespace, which lasts as long as a process in it: until we close its input."""

    def __init__(self, within: Sequence[str] = ()) -> None:
        # In a namespace of users of its own anybody may make networks.
        self._as_root = os.geteuid() == 0
        own_users = [] if within or self._as_root else ["--user", "--map-root-user"]
        self._holder = subprocess.Popen(
            [*within, _program("unshare"), *own_users, "--net", "sh", "-c", "echo; exec cat"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self._holder.stdout
        assert self._holder.stderr
        if not self._holder.stdout.readline():
            raise NoNetwork(self._holder.stderr.read().decode())
        self.pid = self._holder.pid

    def enter(self, command: Sequence[str]) -> list[str]:
        """Return the command that runs another one in it."""
        users = [] if self._as_root else ["--user", "--preserve-credentials"]
        return [_program("nsenter"), "--target", str(self.pid), *users, "--net", *command]

    def enter_as(self, user: int | None, command: Sequence[str]) -> list[str]:
        """Return the command that runs another one in it as `user`; None where we are not root."""
        if user is None:
            # We are root in the namespace of users, and nobody in one below it, with our files.
            return self.enter([_program("unshare"), "--user", *command])
        return self.enter(["--setuid", str(user), "--setgid", str(user), *command])

    def ip(self, arguments: str) -> None:
        """Change something of its network; raise NoNetwork where we may not."""
        command = self.enter([_program("ip"), *arguments.split()])
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NoNetwork(f"ip {arguments}: {done.stderr}")

    def close(self) -> None:
        """Let it end with the last program in it."""
        self._holder.communicate()


class Network:
    """A bridge, and the hosts at it."""

    def __init__(self) -> None:
        self._hub = Namespace()
        self._hub.ip(f"link add name {BRIDGE} type bridge")
        self._hub.ip(f"link set dev {BRIDGE} up")
        self._hosts: list[Host] = []

    def host(self, name: str) -> Host:
        """Add a machine."""
        host = Host(name, len(self._hosts) + 1, self._hub)
        self._hosts.append(host)
        return host

    def close(self) -> None:
        """Let all of it end."""
        for host in self._hosts:
            host.close()
        self._hub.close()


@contextmanager
def network() -> Iterator[Network]:
    """Have a network for as long as the context; raise NoNetwork where there can be none."""
    made = Network()
    try:
        yield made
    finally:
        made.close()


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if not found:
        raise NoNetwork(f"{name} is not installed")
    return found
