"""Moderators work without barriers, too: axe finds none on any page of the desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.axe import COLOURS, RULES, violations
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
THEMES = pytest.mark.parametrize(
    ("theme", "rules"), [("light", RULES), ("dark", COLOURS)], ids=["light", "dark"]
)


@pytest.fixture(scope="module")
def paths(desk: Desk) -> dict[str, str]:
    return stock(desk)


@THEMES
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barrier(
    paths: dict[str, str], sit_down: Open, name: str, theme: str, rules: list[str]
) -> None:
    assert not violations(sit_down(paths[name], theme=theme), rules)


@THEMES
@pytest.mark.parametrize("reach", SIGNED_OUT, ids=lambda reach: reach.__name__)
def test_signing_in_has_no_barrier(
    paths: dict[str, str],
    sit_down: Open,
    reach: Callable[[Page], None],
    theme: str,
    rules: list[str],
) -> None:
    page = sit_down("/admin/login/", theme=theme, storage_state=None)
    reach(page)
    assert not violations(page, rules)
