"""Moderators work without barriers, too: axe finds none on any page of the desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.axe import COLOURS, violations
from tests.browser.desk import Desk, Open
from tests.browser.stocked import SIGNED_OUT, stock

PAGES = [
    "queue",
    "comment",
    "author",
    "new bulk decision",
    "running bulk decision",
    "bulk decision at its end",
    "bulk decisions",
    "appeal",
    "appeals",
    "figures",
    "log",
    "site",
    "scores and thresholds",
    "same pages",
    "refused origins",
    "shared secrets",
    "members",
    "people",
    "person",
    "new webhook",
    "new import",
    "house rules",
    "house rules of all",
    "alarms",
    "alarm",
    "security",
    "new app",
    "new passkey",
    "new password",
    "review tokens",
    "asked who it is",
    "mailed decision",
]


@pytest.fixture(scope="module")
def paths(desk: Desk) -> dict[str, str]:
    return stock(desk)


def assert_no_barrier(page: Page) -> None:
    """Look at a page as it is, and once more at what the other theme changes: its colours."""
    assert not violations(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert not violations(page, COLOURS)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barrier(paths: dict[str, str], sit_down: Open, name: str) -> None:
    assert_no_barrier(sit_down(paths[name]))


@pytest.mark.parametrize("reach", SIGNED_OUT, ids=lambda reach: reach.__name__)
def test_signing_in_has_no_barrier(
    paths: dict[str, str], sit_down: Open, reach: Callable[[Page], None]
) -> None:
    page = sit_down("/admin/login/", storage_state=None)
    reach(page)
    assert_no_barrier(page)
