"""Encrypt email addresses at rest, look them up by keyed digests, and mask them.

Addresses are encrypted with Fernet (AES-128-CBC with HMAC-SHA256) under the first of `EMAIL_KEYS`;
the others still decrypt. Digests are HMAC-SHA256 under keys derived from the same list, so that a
lookup finds rows written under any of them.
"""

import hashlib
import hmac
import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

# Servers like to repeat whom they refuse, plain or in JSON.
ADDRESS = re.compile(r"(?<![^\s<>,;:\"'@])[^\s<>,;:\"'@]++@[^\s<>,;:\"'@]++")


def normalise_email(email: str) -> str:
    """Return an address in the form for comparison: trimmed, lower case."""
    return email.strip().lower()


def encrypt(email: str) -> str:
    """Return an address (or any text) as a Fernet token under the newest key."""
    return _cipher().encrypt(email.encode()).decode()


def decrypt(token: str) -> str:
    """Return the plaintext of a token that `encrypt` made.

    Raises cryptography.fernet.InvalidToken when none of EMAIL_KEYS decrypts it.
    """
    return _cipher().decrypt(token.encode()).decode()


def reencrypt(token: str) -> str:
    """Return a token encrypted again under the newest key. Raises InvalidToken as `decrypt`."""
    return _cipher().rotate(token.encode()).decode()


def email_digest(email: str) -> str:
    """Return the digest of an email address under the newest key: 64 hexadecimal digits."""
    return email_digests(email)[0]


def email_digests(email: str) -> list[str]:
    """Return the digests of an email address under every key, the newest first."""
    return _digests("email", normalise_email(email))


def secret_fingerprint(secret: str) -> str:
    """Return the SHA-256 of a secret of ours, which is never stored in the clear."""
    return hashlib.sha256(secret.encode("utf-8", "backslashreplace")).hexdigest()


def secret_digests(fingerprint: str) -> list[str]:
    """Return the digests of a secret by its fingerprint under every key, the newest first."""
    return _digests("secret", fingerprint)


def address_digest(address: str) -> str:
    """Return the digest of an IP address, of the /64 for IPv6; "" for an invalid address."""
    return _network_digest(address, v4_prefix=32, v6_prefix=64)


def network_digest(address: str) -> str:
    """Return the digest of an IP address's network, /24 or /48; "" for an invalid address."""
    return _network_digest(address, v4_prefix=24, v6_prefix=48)


def visitor_network(address: str) -> str:
    """Return the network that stands for one visitor, /24 or /64; "" for an invalid address."""
    return _network(address, v4_prefix=24, v6_prefix=64)


def mask(email: str) -> str:
    """Return an email address as moderators see it: `j•••@e•••.org`."""
    local, _, domain = email.partition("@")
    name, dot, suffix = domain.rpartition(".")
    return f"{local[:1]}•••@{(name or suffix)[:1]}•••{dot + suffix if name else ''}"


def redact(text: str) -> str:
    """Return a machine's answer with every email address replaced by `[address]`."""
    return ADDRESS.sub("[address]", text)


def _cipher() -> MultiFernet:
    return _cipher_of(tuple(settings.EMAIL_KEYS))


@lru_cache(maxsize=1)
def _cipher_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _digests(purpose: str, value: str) -> list[str]:
    return [
        hmac.new(_digest_key(key, purpose), value.encode(), hashlib.sha256).hexdigest()
        for key in settings.EMAIL_KEYS
    ]


@lru_cache(maxsize=32)
def _digest_key(key: str, purpose: str) -> bytes:
    # One key must not serve two purposes, so the digest's key is derived from the cipher's.
    return hmac.new(key.encode(), f"digest of {purpose}".encode(), hashlib.sha256).digest()


def _network_digest(address: str, *, v4_prefix: int, v6_prefix: int) -> str:
    network = _network(address, v4_prefix=v4_prefix, v6_prefix=v6_prefix)
    return _digests("network", network)[0] if network else ""


# Each request asks several times for the same one. No more addresses are kept in memory.
@lru_cache(maxsize=16)
def _network(address: str, *, v4_prefix: int, v6_prefix: int) -> str:
    try:
        ip = _unmapped(ip_address(address))
    except ValueError:
        return ""
    prefix = v4_prefix if ip.version == 4 else v6_prefix
    return str(ip_network(f"{ip}/{prefix}", strict=False))


def _unmapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address
