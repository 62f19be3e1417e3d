"""Networks of readers, and how many of each count."""

import pytest

from comments.privacy.networks import Share, network_name, weigh

SHARE = Share(ipv6=2, ipv4=3)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1::1", "2001:db8:1:ffff::1"),
        ("198.51.100.1", "198.51.100.255"),
        ("198.51.100.1", "::ffff:198.51.100.7"),
    ],
)
def test_a_48_and_a_24_are_one_network(one: str, other: str) -> None:
    assert network_name(one) == network_name(other)
    assert one not in network_name(one)
    assert "198.51" not in network_name(one)


def test_other_networks_have_other_names_and_no_address_has_none() -> None:
    assert network_name("2001:db8:1::1") != network_name("2001:db8:2::1")
    assert network_name("198.51.100.1") != network_name("198.51.101.1")
    assert network_name("nonsense") == ""


def test_the_heaviest_readers_of_a_network_count() -> None:
    readers = [(network_name("2001:db8::1"), weight) for weight in (0.5, 2.0, 1.0)]
    assert weigh(readers, SHARE) == [2.0, 1.0]


def test_the_shares_are_those_of_the_version() -> None:
    v4, v6 = network_name("198.51.100.1"), network_name("2001:db8::1")
    assert weigh([(v4, 1.0)] * 9 + [(v6, 1.0)] * 9, SHARE) == [1.0] * 5


def test_readers_without_a_network_all_count() -> None:
    assert weigh([("", 1.0)] * 4, SHARE) == [1.0] * 4
