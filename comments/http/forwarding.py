"""Headers in which a proxy says from whom a request comes, and the address of the caller.

Anybody can send them, so they count only when a request comes from one of TRUSTED_PROXIES, and of
those that name addresses PROXY_HEADER alone: a proxy passes on the other as a client sent it.
"""

import logging
from collections.abc import Callable
from functools import cache, lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import re2
from cachetools import TTLCache
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from comments.privacy.form_tokens import Visitor

# What is believed of a trusted proxy, by PROXY_HEADER. The scheme is in RFC 7239's header, too.
BELIEVED = {
    "X-FORWARDED-FOR": ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"),
    "FORWARDED": ("HTTP_FORWARDED",),
}
# What may not be believed. A proxy passes on Host; these come through it as a client sent them.
IGNORED = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_SERVER",
    "HTTP_X_FORWARDED_SSL",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_FORWARDED_SCHEME",
    "HTTP_X_FORWARDED_PROTOCOL",
    "HTTP_X_FORWARDED_BY",
    "HTTP_X_SCHEME",
    "HTTP_X_URL_SCHEME",
    "HTTP_FRONT_END_HTTPS",
    "HTTP_X_REAL_IP",
    "HTTP_X_CLIENT_IP",
    "HTTP_X_CLUSTER_CLIENT_IP",
    "HTTP_TRUE_CLIENT_IP",
    "HTTP_CF_CONNECTING_IP",
    "HTTP_FASTLY_CLIENT_IP",
    "HTTP_CLIENT_IP",
    "HTTP_X_ORIGINAL_URL",
    "HTTP_X_REWRITE_URL",
    "HTTP_SCRIPT_NAME",
    "HTTP_PATH_INFO",
    "HTTP_REMOTE_USER",
)
# Proxies name themselves here, whether or not they are ours.
NAMES_A_PROXY = ("HTTP_VIA",)
WAS_FORWARDED = "comments.was_forwarded"
Address = IPv4Address | IPv6Address
logger = logging.getLogger(__name__)
# An address that can't be read is told once in so many seconds, by each process.
TELL_AGAIN = 3600
LONGEST_SHAPE = 100
_NUMBER = re2.compile("(?i)[0-9a-f]*[0-9][0-9a-f]*")
_WORD = re2.compile(r"[\pL\pN]+")


def only_from_proxies(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Return the middleware that takes these headers away from all but trusted proxies.

    It stands before all others, so that nothing reads what a stranger made up.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        meta = request.META
        meta[WAS_FORWARDED] = any(name in meta for name in (*IGNORED, *NAMES_A_PROXY))
        is_proxy = _comes_from_a_proxy(request)
        believed = BELIEVED[settings.PROXY_HEADER] if is_proxy else ()
        for name in IGNORED:
            if name not in believed:
                meta.pop(name, None)
        if is_proxy and (scheme := _parameter(meta.get("HTTP_FORWARDED", ""), "proto")):
            meta["HTTP_X_FORWARDED_PROTO"] = scheme
        # Django keeps the headers of a request once they were asked for.
        request.__dict__.pop("headers", None)
        return get_response(request)

    return middleware


def was_forwarded(request: HttpRequest) -> bool:
    """Return whether any proxy stood between the caller and us, trusted or not."""
    return bool(request.META.get(WAS_FORWARDED, True))


def client_address(request: HttpRequest) -> str:
    """Return the IP address that a request came from; "" when nobody says it.

    Reads PROXY_HEADER from the right and stops at the first address that is not one of
    TRUSTED_PROXIES; everything further left is hearsay. What a proxy writes that is no address
    (`unknown`, `_hidden`) is nobody's, and so is a request of whose sender it says nothing: readers
    must not share the limits, votes and bans of one address. See
    docs/decisions/0101-nobodys-address.md.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    hops = _hops(request)
    if _is_trusted(address) and not hops and request.META.get(WAS_FORWARDED):
        address = ""
    while hops and _is_trusted(address):
        address = str(_address(hops.pop()) or "")
    if not address:
        _tell_operator(request)
    return address


def visitor(request: HttpRequest) -> Visitor:
    """Return who sends a request, as far as form tokens are bound to it."""
    return Visitor(client_address(request), request.headers.get("User-Agent", ""))


def _comes_from_a_proxy(request: HttpRequest) -> bool:
    return _is_trusted(str(request.META.get("REMOTE_ADDR", "")))


def _is_trusted(text: str) -> bool:
    address = _address(text)
    return address is not None and any(
        address in network for network in _networks(tuple(settings.TRUSTED_PROXIES))
    )


def _hops(request: HttpRequest) -> list[str]:
    """Return the senders that proxies name, the nearest last; none where no header has any."""
    if forwarded := request.META.get("HTTP_FORWARDED", ""):
        return [_parameter(element, "for") for element in forwarded.split(",")]
    listed = request.META.get("HTTP_X_FORWARDED_FOR", "")
    return listed.split(",") if listed.strip(" ,") else []


def _parameter(forwarded: str, name: str) -> str:
    """Return a parameter of the last element of a `Forwarded` header (RFC 7239); "" for none.

    Commas count in quotes, too: a quote that a client leaves open must not swallow what the proxy
    adds.
    """
    for pair in forwarded.rpartition(",")[2].split(";"):
        key, _, value = pair.partition("=")
        if key.strip().lower() == name:
            return value.strip().strip('"').lower()
    return ""


# Each request asks several times for the same ones. No more addresses are kept in memory.
@lru_cache(maxsize=16)
def _address(text: str) -> Address | None:
    """Return the address of a hop, which some proxies write with a port: `[2001:db8::1]:4711`."""
    text = text.strip().strip('"').strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def _tell_operator(request: HttpRequest) -> None:
    """Log, once in a while, what the header with the caller's address looks like, without it."""
    if _told.get("shape"):
        return
    name = settings.PROXY_HEADER.title()
    value = str(request.META.get(f"HTTP_{settings.PROXY_HEADER.replace('-', '_')}", ""))
    _told["shape"] = shape = _shape(value) if value.strip(" ,") else "(missing)"
    logger.warning(
        "No reader's address can be read from %s, which looks like %s. Such readers are told apart "
        "by nothing: see PROXY_HEADER and TRUSTED_PROXIES.",
        name,
        shape,
    )


def _shape(value: str) -> str:
    """Return a header's value with its numbers and words blotted out, but for RFC 7239's own."""
    known = ("for", "by", "proto", "host", "unknown", "N")
    blotted = _NUMBER.sub("N", value[:LONGEST_SHAPE])
    return str(_WORD.sub(lambda word: word[0] if word[0] in known else "X", blotted))


@cache
def _networks(texts: tuple[str, ...]) -> list[IPv4Network | IPv6Network]:
    return [ip_network(text, strict=False) for text in texts]


_told: TTLCache[str, str] = TTLCache(maxsize=1, ttl=TELL_AGAIN)
