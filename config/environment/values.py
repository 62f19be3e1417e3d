"""Kinds of plain values: numbers, choices, hosts, networks, addresses of mail, folders."""

import math
import re
from collections.abc import Callable, Collection
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import TypeVar

from config.environment.reader import Kind

T = TypeVar("T")
TRUE, FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}
LABEL = r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)"
HOST = re.compile(rf"{LABEL}(\.{LABEL})*\.?")
# Networks wider than this are no network of anybody's proxies (bits of the prefix, by version).
WIDEST = {4: 8, 6: 16}


def truth(text: str) -> bool:
    """Return whether a text says yes."""
    if text.lower() not in TRUE | FALSE:
        raise ValueError(f"is {text!r}, which is neither true nor false")
    return text.lower() in TRUE


def whole(least: int, most: int, *, example: int) -> Kind[int]:
    """Return the kind of whole numbers in a range, both ends included."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
            raise ValueError(f"is {text[:40]!r}, which is no whole number")
        if not least <= int(text) <= most:
            raise ValueError(f"is {int(text)}, which is not between {least} and {most}")
        return int(text)

    return Kind(parse, str(example))


def probability(text: str) -> float:
    """Return a number above 0, up to 1."""
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"is {text[:40]!r}, which is no number") from None
    if not math.isfinite(number) or not 0 < number <= 1:
        raise ValueError(f"is {text[:40]!r}, which is not above 0 and at most 1")
    return number


def choice(names: Collection[str]) -> Kind[str]:
    """Return the kind of one of some names in capitals; small letters do as well."""

    def parse(text: str) -> str:
        if text.upper() not in names:
            raise ValueError(f"is {text[:40]!r}, which is none of {', '.join(names)}")
        return text.upper()

    return Kind(parse, next(iter(names)))


def several(parse: Callable[[str], T]) -> Callable[[str], list[T]]:
    """Return a parser of values with commas between; spaces around them don't count."""

    def parse_all(text: str) -> list[T]:
        values = [value.strip() for value in text.split(",")]
        if not any(values):
            raise ValueError("has nothing between its commas")
        return [parse(value) for value in values if value]

    return parse_all


def is_host(text: str) -> bool:
    """Return whether a text is the name of a host, or an address (of IPv6 without brackets)."""
    try:
        ip_address(text)
    except ValueError:
        # What ends in a number but is no address is a mistyped one.
        return (
            len(text) <= 253
            and bool(HOST.fullmatch(text))
            and not text.rstrip(".").rpartition(".")[2].isdigit()
        )
    return "%" not in text


def _unbracketed(text: str) -> str:
    return text[1:-1] if text.startswith("[") and text.endswith("]") else text


def served_host(text: str) -> str:
    """Return a host name to answer for; with a dot in front, subdomains count too."""
    if "://" in text or "/" in text:
        raise ValueError(f"has {text!r}, which is an address; only the name of the host is wanted")
    if text != "*" and not is_host(_unbracketed(text.removeprefix("."))):
        raise ValueError(f"has {text!r}, which is no host name (a port is not part of it)")
    return f"[{text}]" if ":" in text and not text.startswith("[") else text.lower()


def host_with_port(text: str) -> str:
    """Return a host, or `host:port`, in small letters."""
    host, colon, port = text.rpartition(":")
    if is_host(_unbracketed(text)):
        return text.lower()
    right = colon and is_host(_unbracketed(host)) and re.fullmatch(r"[0-9]{1,5}", port)
    if not right or not 0 < int(port) < 65536:
        raise ValueError(f"has {text!r}, which is neither a host nor host:port")
    return text.lower()


def network(text: str) -> str:
    """Return an address or network of proxies, as a network in its usual form."""
    try:
        parsed = ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"has {text!r}, which is no address or network (names won't do)") from None
    if parsed.prefixlen < WIDEST[parsed.version] and not _is_private(parsed):
        raise ValueError(f"has {text!r}, by which strangers would be trusted")
    return str(parsed)


def _is_private(parsed: IPv4Network | IPv6Network) -> bool:
    return parsed.is_private and parsed.prefixlen > 0


def mail_address(text: str) -> str:
    """Return an email address without a name."""
    local, at, domain = text.rpartition("@")
    if not at or not re.fullmatch(r"[^\s@<>(),;:\"\\]{1,64}", local) or not is_host(domain):
        raise ValueError(f"is {text!r}, which is no email address")
    return text


def named_mail_address(text: str) -> str:
    """Return an email address, by itself or as `Name <address>`."""
    name, address = parseaddr(text)
    if not address or (name and "<" not in text):
        raise ValueError(f"is {text!r}, which is no email address")
    mail_address(address)
    return text


def label(text: str) -> str:
    """Return a short text that is shown to people."""
    if len(text) > 100:
        raise ValueError(f"has {len(text)} characters; at most 100 are shown")
    return text


def folder(text: str) -> Path:
    """Return the path of a folder that is there, or can be made; never one that others share."""
    path = Path(text).expanduser().resolve()
    if path.exists() and not path.is_dir():
        raise ValueError(f"is {text!r}, which is a file; a folder is wanted")
    if path in SHARED or path in Path(__file__).parents or (path.exists() and _is_sticky(path)):
        raise ValueError(f"is {text!r}, a folder that holds other things; give it one of its own")
    return path


def _is_sticky(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o1000)


# Folders that belong to the whole machine. Ours is closed to everybody else.
SHARED = {Path("/"), Path.home()} | {
    Path(path) for path in ("/var", "/var/lib", "/srv", "/opt", "/home", "/etc", "/usr", "/root")
}


def existing_folder(text: str) -> str:
    """Return the path of a folder that is there."""
    if not Path(text).is_dir():
        raise ValueError(f"is {text!r}, where there is no folder")
    return text


TEXT = Kind(str, "a text")
TEXTS = Kind(several(str), "one,two")
TRUTH = Kind(truth, "true")
PROBABILITY = Kind(probability, "0.99")
DAYS = whole(1, 36_500, example=30)
SERVED_HOSTS = Kind(several(served_host), "comments.example,www.comments.example")
HOSTS_WITH_PORT = Kind(several(host_with_port), "hooks.internal:8443")
NETWORKS = Kind(several(network), "127.0.0.1,10.0.0.0/8")
MAIL_ADDRESS = Kind(mail_address, "moderator@example.com")
NAMED_MAIL_ADDRESS = Kind(named_mail_address, "comments@example.com")
LABEL_TEXT = Kind(label, "Example's login")
PROXY_HEADER = choice(("X-FORWARDED-FOR", "FORWARDED"))
LOG_LEVEL = choice(("INFO", "DEBUG", "WARNING", "ERROR", "CRITICAL"))
FOLDER = Kind(folder, "/var/lib/leave-a-reply")
EXISTING_FOLDER = Kind(existing_folder, "/var/lib/classifier")
LOG_FORMAT = choice(("TEXT", "JSON"))
