"""Hosts have one form, and lists of them are read as they go round the net."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.text import hosts


@pytest.mark.parametrize(
    ("host", "canonical"),
    [
        ("WWW.Shop.Example", "shop.example"),
        ("shop.example.", "shop.example"),
        ("müller.example", "xn--mller-kva.example"),
        ("xn--mller-kva.example", "xn--mller-kva.example"),
        ("ｓｈｏｐ.example", "shop.example"),
        ("my_shop.example", "my_shop.example"),
    ],
)
def test_every_spelling_of_a_host_is_one(host: str, canonical: str) -> None:
    assert hosts.canonical(host) == canonical


@pytest.mark.parametrize("url", ["https://[", "mailto:a@b.example", "", "/path"])
def test_what_is_no_url_has_no_host(url: str) -> None:
    assert hosts.host_of(url) == ""


def test_the_parents_of_a_host_end_below_the_top_level() -> None:
    assert list(hosts.parents("a.b.example")) == ["a.b.example", "b.example"]


@pytest.mark.parametrize(
    "line",
    [
        "pills.example",
        "  Pills.example  # since May",
        "0.0.0.0 pills.example",
        "::1 pills.example",
        "https://www.pills.example/buy?now",
        "||pills.example^$third-party",
        "*.pills.example",
    ],
)
def test_a_line_of_any_usual_list_names_its_host(line: str) -> None:
    assert hosts.read([line]) == hosts.HostList(frozenset({"pills.example"}), 0)


@pytest.mark.parametrize("line", ["com", "cheap pills", "127.0.0.1", "a..b", "x" * 300 + ".com"])
def test_a_line_that_names_none_is_counted(line: str) -> None:
    assert hosts.read([line]) == hosts.HostList(frozenset(), 1)


@pytest.mark.parametrize("line", ["", "# a list", "! Title: a filter"])
def test_comments_and_empty_lines_are_passed_over(line: str) -> None:
    assert hosts.read([line]) == hosts.HostList(frozenset(), 0)


@given(st.text())
def test_whatever_a_line_has_each_is_a_host_or_counted_or_nothing(line: str) -> None:
    read = hosts.read([line])
    assert len(read.hosts) + read.unusable <= 1
