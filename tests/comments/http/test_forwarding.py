"""What a proxy says of a request is believed when it comes from a trusted proxy, and else never."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from comments.http import forwarding
from comments.http.forwarding import client_address, only_from_proxies

PROXY, STRANGER = "10.0.0.7", "203.0.113.9"
FORWARDED = {
    "X-Forwarded-For": "198.51.100.1",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "Forwarded": "for=198.51.100.1;proto=https;host=evil.example",
    "X-Real-Ip": "198.51.100.1",
    "X-Forwarded-Port": "443",
}


@pytest.fixture(autouse=True)
def proxies(settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8", "2001:db8:1::/48"]


def received(address: str, **headers: str) -> HttpRequest:
    """Return a request as the views see it."""
    seen: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    headers = {"Host": "testserver", **headers}
    request = RequestFactory(headers=headers).get("/", REMOTE_ADDR=address)
    assert request.headers  # Something asked for them before.
    only_from_proxies(view)(request)
    return seen[0]


def test_a_stranger_is_believed_nothing() -> None:
    request = received(STRANGER, **FORWARDED)
    assert client_address(request) == STRANGER
    assert not request.is_secure()
    assert request.get_host() == "testserver"
    assert not set(FORWARDED) & set(request.headers)


def test_a_proxy_is_believed_about_address_and_scheme_alone() -> None:
    request = received(PROXY, **FORWARDED)
    assert client_address(request) == "198.51.100.1"
    assert request.is_secure()
    assert request.get_host() == "testserver"
    assert set(FORWARDED) & set(request.headers) == {"X-Forwarded-For", "X-Forwarded-Proto"}


def test_a_request_remembers_that_it_was_forwarded() -> None:
    assert not forwarding.was_forwarded(received(STRANGER))
    for name, value in {**FORWARDED, "Via": "1.1 proxy"}.items():
        assert forwarding.was_forwarded(received(STRANGER, **{name: value}))


@pytest.mark.parametrize(
    ("hops", "address"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("6.6.6.6, 198.51.100.1, 10.0.0.8", "198.51.100.1"),
        ("10.0.0.9, 10.0.0.8", "10.0.0.9"),
        ("198.51.100.1:4711", "198.51.100.1"),
        ("[2001:db8:2::1]:4711", "2001:db8:2::1"),
        ("2001:db8:2::1, 2001:db8:1::7", "2001:db8:2::1"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("198.51.100.1, unknown", ""),
        ("_hidden", ""),
        ("unknown:4711", ""),
        ("[unknown]", ""),
        ("", ""),
        (",", ""),
        ('"[2001:db8:2::1]:4711"', "2001:db8:2::1"),
        ('"198.51.100.1"', "198.51.100.1"),
        ("fe80::1%eth0", "fe80::1"),
        ("198.51.100.1,", ""),
    ],
)
def test_the_caller_is_the_last_hop_that_is_no_proxy(hops: str, address: str) -> None:
    assert client_address(received(PROXY, **{"X-Forwarded-For": hops})) == address


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("for=198.51.100.1", "198.51.100.1"),
        ("For=198.51.100.1;proto=https;by=203.0.113.43", "198.51.100.1"),
        ('for="198.51.100.1:4711"', "198.51.100.1"),
        ('for="[2001:db8:2::1]:4711"', "2001:db8:2::1"),
        ("for=6.6.6.6, for=198.51.100.1", "198.51.100.1"),
        ("for=198.51.100.1, for=10.0.0.8", "198.51.100.1"),
        ('for="6.6.6.6, for=198.51.100.1', "198.51.100.1"),
        ("proto=https", ""),
        ("for=unknown", ""),
        ("for=_hidden;by=_proxy", ""),
        ('for="_hidden:4711"', ""),
    ],
)
def test_the_header_of_rfc_7239_is_read_where_it_is_the_proxys(
    forwarded: str, address: str, settings: Any
) -> None:
    settings.PROXY_HEADER = "FORWARDED"
    request = received(PROXY, **{"Forwarded": forwarded, "X-Forwarded-For": "6.6.6.6"})
    assert client_address(request) == address
    assert request.is_secure() == ("proto=https" in forwarded)


@pytest.mark.parametrize("header", ["X-Real-Ip", "X-Forwarded-Proto", "Via", "Forwarded"])
def test_where_the_proxy_names_no_address_the_caller_is_nobody(header: str) -> None:
    assert client_address(received(PROXY, **{header: "198.51.100.1"})) == ""


def test_a_caller_beside_the_proxy_has_its_address() -> None:
    assert client_address(received(PROXY)) == PROXY


def test_the_operator_is_told_once_what_the_header_looks_like(
    caplog: pytest.LogCaptureFixture,
) -> None:
    forwarding._told.clear()
    for number in range(3):
        hops = f"2001:db8::{number}:port, _secret{number}"
        client_address(received(PROXY, **{"X-Forwarded-For": hops}))
    (message,) = caplog.messages
    assert "X-Forwarded-For, which looks like N:N::N:X, _X" in message
    assert "db8" not in message


def test_an_address_of_version_4_counts_in_either_spelling() -> None:
    request = received(f"::ffff:{PROXY}", **{"X-Forwarded-For": "198.51.100.1"})
    assert client_address(request) == "198.51.100.1"


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=255)))
def test_no_header_makes_the_address_anything_but_one_or_nobodys(hops: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=hops)
    address = client_address(request)
    assert address == "" or forwarding._address(address) is not None


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["X-Forwarded-Proto", "Forwarded"])
def test_https_is_not_claimed_by_strangers(name: str, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    claimed = Client(REMOTE_ADDR=STRANGER, headers={name: FORWARDED[name]})
    assert claimed.get("/sign-in/").status_code == 301
    assert claimed.get("/api/v1/sites/gazette/comments?thread=x").status_code == 301


@pytest.mark.django_db
def test_cached_pages_are_not_mixed_up_by_a_header(settings: Any, site: Any) -> None:
    path = f"/api/v1/sites/{site.slug}/comments?thread=x&limit=1"
    plain = Client(REMOTE_ADDR=STRANGER).get(path)
    spoofed = Client(REMOTE_ADDR=STRANGER, headers=FORWARDED).get(path)
    assert plain.content == spoofed.content
