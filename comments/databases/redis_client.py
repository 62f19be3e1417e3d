"""Clients of Redis: of one server, or of whichever server the Sentinels call the master.

An address of Sentinels, the form of https://limits.readthedocs.io/en/stable/storage.html:

    redis+sentinel://:PASSWORD@sentinel1:26379,sentinel2:26379/name-of-the-master/0

What stands before the `@` is for Redis; Sentinels have `?sentinel_password=`, or none.
"""

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from redis import Redis

# With TLS or without, to Redis and to the Sentinels alike.
SCHEMES = ("redis+sentinel", TLS := "rediss+sentinel")
OPTIONS = {
    *("sentinel_username", "sentinel_password"),
    *("ssl_ca_certs", "ssl_certfile", "ssl_keyfile"),
}
PORT = 26379
MASTER = re.compile(r"[\w.-]+", re.ASCII)
DATABASE = re.compile(r"[0-9]{1,4}")
# A host, or an address of IPv6 in brackets, and maybe a port.
ADDRESS = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^:\[\]]+))(?::([0-9]{1,5}))?")
# A reader waits meanwhile.
IMPATIENT: dict[str, Any] = {"socket_connect_timeout": 0.2, "socket_timeout": 0.5}


class Sentinels(NamedTuple):
    """Sentinels with the name by which they know the master, and how to log in to both."""

    addresses: list[tuple[str, int]]
    master: str
    database: int
    login: dict[str, str]
    sentinel_login: dict[str, str]
    ssl: dict[str, Any] | None

    def sentinel_options(self) -> dict[str, Any]:
        """Return what a client of the Sentinels is made with: of those away, the next is asked."""
        # It comes with an extra.
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        return {**IMPATIENT, **self.sentinel_login, **self._tls(), "retry": Retry(NoBackoff(), 0)}

    def client(self) -> "Redis":
        """Return a client that asks the Sentinels for the master with each new connection."""
        from redis.sentinel import Sentinel

        options = {**IMPATIENT, **self.login, **self._tls(), "db": self.database}
        known: Any = Sentinel  # It is without types.
        asked = known(self.addresses, sentinel_kwargs=self.sentinel_options(), **options)
        master: Redis = asked.master_for(self.master)
        return master

    def broker_url(self) -> str:
        """Return the address that kombu takes: one of each Sentinel, with the login of Redis."""
        login = ":".join(quote(self.login.get(name, ""), "") for name in ("username", "password"))
        at = f"{login}@" if self.login else ""
        hosts = (f"[{host}]" if ":" in host else host for host, _ in self.addresses)
        ports = (port for _, port in self.addresses)
        return ";".join(
            f"sentinel://{at}{host}:{port}/{self.database}"
            for host, port in zip(hosts, ports, strict=True)
        )

    def _tls(self) -> dict[str, Any]:
        return {} if self.ssl is None else {"ssl": True, **self.ssl}


def sentinels(url: str) -> Sentinels | None:
    """Return the Sentinels of an address; None where it is of one server.

    Raises ValueError, without repeating what may be a password.
    """
    scheme, _, rest = url.partition("://")
    if scheme.lower() not in SCHEMES:
        return None
    rest, _, query = rest.partition("?")
    netloc, _, path = rest.partition("/")
    login, _, hosts = netloc.rpartition("@")
    username, _, password = login.partition(":")
    master, _, database = path.strip("/").partition("/")
    if not MASTER.fullmatch(master):
        raise ValueError("has no name of a master after the Sentinels")
    if not DATABASE.fullmatch(database or "0"):
        raise ValueError("has a database that is no number")
    options = _options(query)
    ssl = {name: value for name, value in options.items() if name.startswith("ssl_")}
    has_tls = scheme.lower() == TLS
    if ssl and not has_tls:
        raise ValueError("has certificates without TLS, which rediss+sentinel:// has")
    return Sentinels(
        [_address(host) for host in hosts.split(",")],
        master,
        int(database or 0),
        _login(username=unquote(username), password=unquote(password)),
        _login(
            username=options.get("sentinel_username"), password=options.get("sentinel_password")
        ),
        ssl if has_tls else None,
    )


def _address(text: str) -> tuple[str, int]:
    parts = ADDRESS.fullmatch(text)
    if not parts or not 0 < int(parts[3] or PORT) < 65536:
        raise ValueError("has a Sentinel that is neither a host nor host:port")
    return parts[1] or parts[2], int(parts[3] or PORT)


def _options(query: str) -> dict[str, str]:
    # A plus stands for itself, as it does before the `@`.
    pairs = (text.partition("=") for text in query.split("&") if text)
    options = {name: unquote(value) for name, _, value in pairs}
    if not options.keys() <= OPTIONS:
        raise ValueError(f"has an option that is none of {', '.join(sorted(OPTIONS))}")
    return options


def _login(**login: str | None) -> dict[str, str]:
    return {name: value for name, value in login.items() if value}


def client(url: str) -> "Redis":
    """Return a client of Redis that waits for nothing for long."""
    from redis import Redis

    named = sentinels(url)
    return named.client() if named else Redis.from_url(url, **IMPATIENT)
