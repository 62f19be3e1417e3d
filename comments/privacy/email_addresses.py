"""Addresses: encrypted at rest, found by keyed digests, shown masked.

Email addresses are encrypted with Fernet (AES-128-CBC with HMAC-SHA256) under the first of
`EMAIL_KEYS`; the others still decrypt. Digests are HMAC-SHA256 under keys derived from the same
list, so that a look-up finds rows written under any of them.
"""

import hashlib
import hmac
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def normalise_email(email: str) -> str:
    """Return an address as it is compared: trimmed, lower case."""
    return email.strip().lower()


def encrypt(email: str) -> str:
    """Return an address encrypted under the newest key."""
    return _box().encrypt(email.encode()).decode()


def decrypt(token: str) -> str:
    """Return the address in a token made by `encrypt`.

    Raises cryptography.fernet.InvalidToken when none of EMAIL_KEYS made it.
    """
    return _box().decrypt(token.encode()).decode()


def reencrypt(token: str) -> str:
    """Return the token encrypted anew under the newest key."""
    return _box().rotate(token.encode()).decode()


def email_digest(email: str) -> str:
    """Return the digest under which an address is stored: hexadecimal, 64 characters."""
    return email_digests(email)[0]


def email_digests(email: str) -> list[str]:
    """Return the digests of an address under every key, the newest first."""
    return _digests("email", normalise_email(email))


def address_digest(address: str) -> str:
    """Return the digest of an IP address; of an IPv6 address, that of its /64. "" for none."""
    return _network_digest(address, v4_prefix=32, v6_prefix=64)


def network_digest(address: str) -> str:
    """Return the digest of the network of an IP address, its /24 or /48. "" for none."""
    return _network_digest(address, v4_prefix=24, v6_prefix=48)


def mask(email: str) -> str:
    """Return an address as moderators see it: `j•••@e•••.org`."""
    local, _, domain = email.partition("@")
    name, dot, suffix = domain.rpartition(".")
    return f"{local[:1]}•••@{(name or suffix)[:1]}•••{dot + suffix if name else ''}"


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.EMAIL_KEYS])


def _digests(purpose: str, value: str) -> list[str]:
    return [
        hmac.new(_digest_key(key, purpose), value.encode(), hashlib.sha256).hexdigest()
        for key in settings.EMAIL_KEYS
    ]


def _digest_key(key: str, purpose: str) -> bytes:
    # One key must not serve two ends: the key of the digest is derived from that of the cipher.
    return hmac.new(key.encode(), f"digest of {purpose}".encode(), hashlib.sha256).digest()


def _network_digest(address: str, *, v4_prefix: int, v6_prefix: int) -> str:
    try:
        parsed = _unmapped(ip_address(address))
    except ValueError:
        return ""
    prefix = v4_prefix if parsed.version == 4 else v6_prefix
    network = ip_network(f"{parsed}/{prefix}", strict=False)
    return _digests("network", str(network))[0]


def _unmapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address
