"""Networks of readers, and how many readers of one network count.

Whoever has an IPv6 /48 has 65,536 of the /64 by which readers are told apart, and a rented IPv4 /24
has 256 addresses. But a mobile carrier puts many people behind either, so a few of them count.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from ipaddress import ip_address
from typing import NamedTuple
from uuid import uuid4

from comments.privacy import email_addresses

# In the place of a digest, where an address can't be read.
NOBODY = "nobody"


class Share(NamedTuple):
    """How many readers of one network count: of an IPv6 /48, and of an IPv4 /24."""

    ipv6: int
    ipv4: int

    def of(self, network: str) -> float:
        """Return how many count of a `network_name`; all of them where it is "" or erased."""
        return {"6": self.ipv6, "4": self.ipv4}.get(network.partition(":")[0], float("inf"))


class Reader(NamedTuple):
    """Who votes or reports: a digest of 64 characters at most, and the network it counts with."""

    digest: str
    network: str

    @classmethod
    def at(cls, address: str, *, visit: str = "") -> "Reader":
        """Return the reader at an IP address.

        One without an address is nobody else: it is known by a `visit`, such as the token of its
        form, or else not a second time. All of these count as one network does.
        """
        if digest := email_addresses.address_digest(address):
            return cls(digest, network_name(address))
        name = hashlib.sha256(visit.encode()).hexdigest()[:32] if visit else uuid4().hex
        return cls(f"{NOBODY} {name}", f"4:{NOBODY}")


def network_name(address: str) -> str:
    """Return the digest of an IP address's network, behind its version: `6:…`; "" for none."""
    digest = email_addresses.network_digest(address)
    if not digest:
        return ""
    ip = ip_address(address)
    return f"{4 if ip.version == 4 or getattr(ip, 'ipv4_mapped', None) else 6}:{digest}"


def weigh(readers: Iterable[tuple[str, float]], share: Share) -> list[float]:
    """Return the weights that count of (network, weight) pairs: the heaviest of each network."""
    taken: Counter[str] = Counter()
    counted = []
    for network, weight in sorted(readers, key=lambda reader: -reader[1]):
        taken[network] += 1
        if taken[network] <= share.of(network):
            counted.append(weight)
    return counted
