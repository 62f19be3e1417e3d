from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.models.page_identity import (
    PageRules,
    identities,
    key_identity,
    normal_form,
    page_identity,
)

RULES = PageRules(origins=("https://blog.example", "https://www.blog.example:8443"))
PAGE = "https://blog.example/a"


def same(one: str, other: str, **rules: Any) -> bool:
    chosen = PageRules(**{"origins": RULES.origins, **rules})
    return page_identity(one, chosen) == page_identity(other, chosen)


@pytest.mark.parametrize(
    "url",
    [
        "\n  https://blog.example/a\t",
        "HTTPS://BLOG.example:443/a",
        "https://blog.example/./b/../a",
        "https://blog.example/%61",
        "https://blog.example/a#comment-7",
        "https://blog.example/a?",
        "https://blog.example/a/",
        "http://blog.example/a",
        "https://www.blog.example:8443/a",
        "https://blog.example/a?utm_source=mail&UTM_Campaign=1&fbclid=2&gclid=3&mc_cid=4&_gl=5",
    ],
)
def test_a_page_is_the_same_in_whichever_way_it_is_written(url: str) -> None:
    assert same(url, PAGE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/caf%C3%A9", "/caf%c3%a9"),
        ("/caf%C3%A9", "/café"),
        ("/café", "/cafe\u0301"),
        ("/caf%C3%A9", "/cafe%CC%81"),
        ("/a%7Eb", "/a~b"),
        ("/?q=%7e", "/?q=~"),
    ],
)
def test_encodings_of_one_path_are_one_page(one: str, other: str) -> None:
    assert same(f"https://blog.example{one}", f"https://blog.example{other}")


def test_a_host_is_the_same_in_unicode_and_in_punycode() -> None:
    assert same("https://bücher.example/", "https://xn--bcher-kva.example/")


@pytest.mark.parametrize(
    "url",
    [
        "https://blog.example/b",
        "https://blog.example/A",
        "https://blog.example/a?page=2",
        "https://blog.example/a%2Fb",
        "https://blog.example:444/a",
        "https://other.example/a",
        "https://blog.example/a#/b",
        "https://blog.example/a#!b",
    ],
)
def test_another_page_is_another(url: str) -> None:
    assert not same(url, PAGE)


def test_a_foreign_host_is_not_the_site() -> None:
    assert not same("https://evil.example/a", "https://blog.example/a")


def test_origins_may_have_pages_of_their_own() -> None:
    other = "https://www.blog.example:8443/a"
    assert not same(PAGE, other, origins_apart=True)
    assert same(PAGE, "http://blog.example/a", origins_apart=True)


def test_a_slash_at_the_end_may_matter() -> None:
    assert not same(PAGE, f"{PAGE}/", slash_matters=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("?a=1&b=2", "?b=2&a=1"),
        ("?a=1&b=2", "?a=1&amp;b=2&amp;utm_source=x"),
        ("?q=two+words", "?q=two%20words"),
        ("?a=1&b=2", "?a=1&&b=2&gad_source=1&mibextid=x&replytocom=5"),
    ],
)
def test_parameters_are_the_same_however_they_are_written(one: str, other: str) -> None:
    assert same(PAGE + one, PAGE + other)


@pytest.mark.parametrize(("one", "other"), [("?a=1&a=2", "?a=2&a=1"), ("?q=a%2Bb", "?q=a+b")])
def test_parameters_that_say_something_else_are_another_page(one: str, other: str) -> None:
    assert not same(PAGE + one, PAGE + other)


def test_the_parameters_that_make_a_page_may_be_named() -> None:
    assert same(f"{PAGE}?p=1&sort=up", f"{PAGE}?p=1", parameters=("p",))
    assert not same(f"{PAGE}?p=1", f"{PAGE}?p=2", parameters=("p",))
    assert same(f"{PAGE}?utm_source=x", f"{PAGE}?utm_source=y", parameters=("p",))


def test_a_tracking_parameter_counts_where_it_is_named() -> None:
    assert not same(f"{PAGE}?at_x=1", f"{PAGE}?at_x=2", parameters=("at_x",))


@pytest.mark.parametrize("key", ["post-1", "/a/", "https://blog.example/#/guide", "A b", "a#b"])
def test_a_key_of_the_site_is_taken_as_it_is(key: str) -> None:
    assert key_identity(f"\n {key}\t", RULES) == key


def test_keys_that_differ_in_the_fragment_are_two() -> None:
    guide, install = "https://docs.example/#/guide", "https://docs.example/#/install"
    assert not {*identities(guide, RULES)} & {*identities(install, RULES)}


def test_a_key_that_is_a_pages_url_is_that_page() -> None:
    assert key_identity("http://blog.example/a/", RULES) == page_identity(PAGE, RULES)


def test_a_name_with_a_fragment_is_a_key_first_and_a_page_second() -> None:
    name = f"{PAGE}#section"
    assert identities(name, RULES) == (name, page_identity(PAGE, RULES))


@given(st.text(max_size=60))
def test_no_name_is_too_odd(name: str) -> None:
    assert identities(name, RULES)


@given(
    st.text(st.characters(exclude_characters="#", exclude_categories=["Cs"]), max_size=40),
    st.text(st.characters(exclude_characters="#", exclude_categories=["Cs"]), max_size=40),
)
def test_the_normal_form_is_its_own_normal_form(path: str, query: str) -> None:
    normal = normal_form(f"https://blog.example/{path}?{query}")
    assert normal_form(normal) == normal
