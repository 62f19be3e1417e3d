"""Kinds of addresses: of the service, of its database, broker and mail server, of a provider.

No message repeats an address that may hold a password.
"""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import environ

from comments.databases.redis_client import SCHEMES, Sentinels, sentinels
from config.environment.reader import Kind
from config.environment.values import is_host

POSTGRESQL = ("postgres", "postgresql")
DATABASES = (*POSTGRESQL, "sqlite")
# By which mail is sent, with their usual ports; and by which it is only kept or shown.
PORTS = {"smtp": 25, "smtps": 587, "smtp+tls": 587, "smtp+ssl": 465}
KEEPING = ("filemail", "consolemail", "memorymail")


def split(text: str, schemes: Collection[str], *, needs_host: bool = True) -> SplitResult:
    """Return the parts of an address; raise ValueError for a wrong scheme, host or port."""
    if re.search(r"[\s\\]", text):
        raise ValueError("has a space or a backslash in it")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"is no address: {error}") from None
    if parts.scheme not in schemes or "://" not in text:
        raise ValueError(f"does not start with {' or '.join(f'{name}://' for name in schemes)}")
    if needs_host and not is_host(parts.hostname or ""):
        raise ValueError("has no right host name")
    if port == 0:
        raise ValueError("has the port 0")
    return parts


def is_local(host: str | None) -> bool:
    """Return whether a host is this machine."""
    return host in ("localhost", "::1") or bool(re.fullmatch(r"127(\.[0-9]+){3}", host or ""))


def public(text: str) -> str:
    """Return where the service is reached: scheme, host, port and the path below which it is."""
    parts = split(text, ("http", "https"))
    if parts.username or parts.password:
        raise ValueError("has a user in it")
    if parts.query or parts.fragment:
        raise ValueError(f"is {text!r}, which has more than scheme, host, port and path")
    if not re.fullmatch(r"(/[\w.~-]+)*/?", parts.path, re.ASCII):
        raise ValueError(f"is {text!r}, whose path has more than letters, digits and . ~ _ -")
    return text.rstrip("/")


def database(text: str) -> dict[str, Any]:
    """Return the address of a database as Django's dictionary."""
    if text == "sqlite://:memory:":
        return dict(environ.Env.db_url_config(text))
    parts = split(text, DATABASES, needs_host=False)
    name = parts.path.strip("/")
    if parts.scheme == "sqlite":
        if parts.netloc or not name or not Path(parts.path[1:]).parent.is_dir():
            raise ValueError("names no file in a folder that is there")
    elif not name or (not _is_socket(parts) and not is_host(parts.hostname or "")):
        raise ValueError("has no host, or no name of a database")
    return dict(environ.Env.db_url_config(text))


def replica(text: str) -> dict[str, Any]:
    """Return the address of a replica, which PostgreSQL alone has, as Django's dictionary."""
    split(text, POSTGRESQL, needs_host=False)
    return database(text)


def _is_socket(parts: SplitResult) -> bool:
    """Return whether a server is reached by a socket: `postgres://user@%2Frun%2Fpostgresql/name`."""
    return (parts.hostname or "").lower().startswith("%2f")


def broker(text: str) -> str:
    """Return the address of a Redis server, or of Sentinels that know which one is the master."""
    if named := sentinels(text):
        return _of_sentinels(text, named)
    parts = split(text, ("redis", "rediss", *SCHEMES))
    number = parse_qs(parts.query).get("db", [parts.path.strip("/") or "0"])[0]
    if not re.fullmatch(r"[0-9]{1,4}", number):
        raise ValueError("has a database that is no number")
    return text


def _of_sentinels(text: str, named: Sentinels) -> str:
    if re.search(r"[\s\\]", text):
        raise ValueError("has a space or a backslash in it")
    if not all(is_host(host) for host, _ in named.addresses):
        raise ValueError("has a Sentinel without a right host name")
    if not all(Path(file).is_file() for file in (named.ssl or {}).values()):
        raise ValueError("names a certificate or key that is not there")
    return text


def mail(text: str) -> dict[str, Any]:
    """Return the address of a mail server as Django's settings, or of where mail is kept."""
    scheme = split(text, (*PORTS, *KEEPING), needs_host=text.startswith("smtp")).scheme
    if scheme == "filemail" and not urlsplit(text).path.strip("/"):
        raise ValueError("has no folder")
    parsed: dict[str, Any] = environ.Env.email_url_config(text)
    return parsed | {"EMAIL_PORT": parsed["EMAIL_PORT"] or PORTS.get(scheme, 25)}


def issuer(text: str) -> str:
    """Return the address of an OpenID Connect provider, without a slash at its end."""
    parts = split(text, ("https", "http"))
    if parts.username or parts.query or parts.fragment:
        raise ValueError("has more than scheme, host, port and path")
    return text.rstrip("/")


def password_of(text: str) -> str:
    """Return the password in an address, or an empty text."""
    try:
        return unquote(urlsplit(text).password or "")
    except ValueError:
        return ""


def reports(text: str) -> str:
    """Return where errors are reported to: a DSN of Sentry, with its public key and its project."""
    parts = split(text, ("https", "http"))
    if not parts.username or not re.fullmatch(r"(/[\w.~-]+)*/[0-9]+", parts.path, re.ASCII):
        raise ValueError("lacks the key before the host, or the number of a project at its end")
    return text


def collector(text: str) -> str:
    """Return where traces are sent to: OTLP over HTTP."""
    parts = split(text, ("https", "http"))
    if parts.query or parts.fragment:
        raise ValueError("has a query or a fragment")
    return text


PUBLIC_URL = Kind(public, "https://comments.example.com")
DATABASE_URL = Kind(database, "postgres://user:password@127.0.0.1:5432/leave_a_reply")
REPLICA_URL = Kind(replica, "postgres://user:password@10.0.0.2:5432/leave_a_reply")
REDIS_URL = Kind(
    broker,
    "redis://127.0.0.1:6379/0, or REDIS_URL=redis+sentinel://:password@"
    "10.0.0.1:26379,10.0.0.2:26379,10.0.0.3:26379/mymaster/0 with Sentinels",
)
EMAIL_URL = Kind(mail, "smtp+tls://user:password@mail.example.com:587")
OIDC_ISSUER = Kind(issuer, "https://login.example.com")
SENTRY_DSN = Kind(reports, "https://0123456789abcdef@sentry.example.com/1")
OTLP_ENDPOINT = Kind(collector, "http://127.0.0.1:4318")
