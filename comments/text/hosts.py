"""Hosts of links in one form, and lists of them as they go round the net."""

import re
from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

import idna

LONGEST = 253
# What filters of browsers write around a host (`||host^$third-party`), or before one (`*.host`).
_MARKS = re.compile(r"^(?:\|\||\*\.)|\^.*$|\$.*$")
_LABEL = re.compile(r"[a-z0-9_][a-z0-9_-]*")


class HostList(NamedTuple):
    """What a list of hosts says: the usable ones, and how many lines are none."""

    hosts: frozenset[str]
    unusable: int


def canonical(host: str) -> str:
    """Return a host in lower case and ASCII (UTS #46), without `www.` and a last dot."""
    host = host.strip().rstrip(".")
    try:
        host = idna.encode(host, uts46=True).decode()
    except UnicodeError:
        host = host.lower()
    return host.removeprefix("www.")


def host_of(url: str) -> str:
    """Return the canonical host of a URL; "" where it has none."""
    try:
        return canonical(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def parents(host: str) -> Iterator[str]:
    """Yield a host and the domains above it, without the top one: `a.b.example`, `b.example`."""
    labels = host.split(".")
    for start in range(len(labels) - 1):
        yield ".".join(labels[start:])


def read(lines: Iterable[str]) -> HostList:
    """Read a list of hosts: one on a line, as a hosts file, as URLs, or as a browser's filter.

    What stands after `#` is a comment, and so is a line with `!` in front. A name without a dot is
    no host: a whole top-level domain is never meant.
    """
    stripped = (line.partition("#")[0].strip() for line in lines)
    found = [_host_in(line) for line in stripped if line and not line.startswith("!")]
    return HostList(frozenset(filter(None, found)), found.count(""))


def _host_in(line: str) -> str:
    words = line.split()
    # A hosts file: an address, then the name that it is given to.
    word = words[1] if len(words) == 2 and _is_address(words[0]) else line
    word = _MARKS.sub("", word)
    host = host_of(word) if "://" in word else canonical(word)
    return host if _is_host(host) else ""


def _is_host(text: str) -> bool:
    labels = text.split(".")
    return (
        1 < len(labels) <= len(text) <= LONGEST
        and all(map(_LABEL.fullmatch, labels))
        and labels[-1][0].isalpha()
    )


def _is_address(word: str) -> bool:
    try:
        ip_address(word)
    except ValueError:
        return False
    return True
