"""Which IP addresses belong to public hosts: outgoing requests may reach no others (SSRF)."""

from ipaddress import IPv4Address, IPv6Address, ip_network

# IPv6 networks that carry an IPv4 address in their last 32 bits (RFC 6052, RFC 4291).
TRANSLATED = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("::/96"))
# The only IPv6 space that is allocated to hosts (IANA, global unicast).
GLOBAL_UNICAST = ip_network("2000::/3")
# Networks of a special purpose that `ipaddress` calls global (IANA registries, RFC 6890).
SPECIAL = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.175.48.0/24",
        "2001::/23",
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether an address is a public host's; one that carries another is judged by that."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address.teredo:
            inner = address.teredo[1]
        if any(address in network for network in TRANSLATED):
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner:
            return is_public(inner)
        if address not in GLOBAL_UNICAST:
            return False
    is_special = any(address in network for network in SPECIAL)
    return address.is_global and not address.is_multicast and not is_special
