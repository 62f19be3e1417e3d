"""Forms of other websites are told from our own, and from the site's."""

import pytest
from django.test import RequestFactory

from comments.http import origins

SITE = ["https://gazette.example"]


@pytest.fixture(autouse=True)
def at_home(settings) -> None:
    settings.PUBLIC_URL = "https://comments.example"
    settings.ALLOWED_HOSTS = ["*"]


def is_foreign(method: str = "post", *, no_referrer: bool = False, **headers: str) -> bool:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    send = getattr(RequestFactory(), method)
    request = send("/", headers=names, HTTP_HOST="inside.example:8000")
    return origins.is_foreign(request, allowed=SITE, no_referrer=no_referrer)


@pytest.mark.parametrize(
    "origin",
    [
        "https://comments.example",
        "https://gazette.example",
        "http://inside.example:8000",
        "https://inside.example:8000",
    ],
)
def test_our_own_pages_and_the_sites_may_send(origin: str) -> None:
    assert not is_foreign(Origin=origin)
    assert not is_foreign(Origin=origin, Sec_Fetch_Site="cross-site")


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://comments.example",
        "https://comments.example:444",
        "https://comments.example.evil.example",
        "https://evil.example/https://comments.example",
        "https://comments.example@evil.example",
        "http://gazette.example",
        "https://sub.gazette.example",
        "http://inside.example",
        "moz-extension://inside.example:8000",
        "file://",
        "nonsense",
        "https://[",
        "https://comments.example:99999",
        "null",
    ],
)
def test_no_other_origin_may(origin: str) -> None:
    assert is_foreign(Origin=origin)
    assert is_foreign(Origin=origin, Sec_Fetch_Site="cross-site")


@pytest.mark.parametrize(
    ("fetched_from", "expected"),
    [
        ("same-origin", False),
        ("none", False),
        ("same-site", True),
        ("cross-site", True),
        ("x", True),
    ],
)
def test_without_an_origin_the_browser_says_where_it_comes_from(
    fetched_from: str, expected: bool
) -> None:
    assert is_foreign(Sec_Fetch_Site=fetched_from) == expected
    assert is_foreign(Sec_Fetch_Site=fetched_from, Origin="null") == expected


@pytest.mark.parametrize(
    ("referrer", "expected"),
    [
        ("https://comments.example/x", False),
        ("https://gazette.example/a", False),
        ("https://e.x/", True),
    ],
)
def test_of_an_old_browser_the_referrer_is_looked_at(referrer: str, expected: bool) -> None:
    assert is_foreign(Referer=referrer) == expected


def test_what_says_nothing_is_left_to_the_form_token() -> None:
    assert not is_foreign()


def test_a_page_without_referrer_has_no_origin_in_old_browsers() -> None:
    assert not is_foreign(Origin="null", no_referrer=True)
    assert is_foreign(Origin="null", Sec_Fetch_Site="cross-site", no_referrer=True)


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_reading_is_free(method: str) -> None:
    assert not is_foreign(method, Origin="https://evil.example")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_all_that_changes_something_is_looked_at(method: str) -> None:
    assert is_foreign(method, Origin="https://evil.example")
