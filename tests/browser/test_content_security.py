"""The strict policy of the desk breaks nothing: Chromium reports no violation, and all works."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.browser.desk import QUEUE, Desk, Open
from tests.browser.stocked import stock

# The pages of the admin that are no pages of our own.
LISTS = [
    "comments/comment", "comments/author", "moderation/report", "moderation/appeal",
    "moderation/ban", "moderation/bulkjob", "moderation/policy", "comments/thread",
    "comments/site", "moderation/mail", "moderation/suppression", "comments/membership",
    "moderation/alarm", "moderation/auditentry", "comments/user", "comments/sitekey",
    "moderation/webhook", "moderation/delivery", "moderation/externalmoderator",
    "moderation/transfer",
]  # fmt: skip
FORMS = ["comments/site", "moderation/policy", "moderation/webhook", "moderation/transfer"]
# The browser's own word about a page, which no policy of ours causes.
HARMLESS = re.compile(r"favicon|autocomplete|status of 40[0-9]")


@pytest.fixture(scope="module")
def paths(desk: Desk) -> dict[str, str]:
    return stock(desk)


@pytest.fixture
def complaints(sit_down: Open) -> Iterator[tuple[Page, list[str]]]:
    """Open a page; yield it and what Chromium complains about."""
    page, said = sit_down(QUEUE), []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not HARMLESS.search(message.text):
            said.append(f"{page.url} {message.text}")

    page.on("console", listen)
    page.on("pageerror", lambda error: said.append(f"{page.url} {error}"))
    page.reload()
    yield page, said
    assert said == []


def look(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.ok, address
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in f"{policy};", policy
    assert "unsafe-eval" not in policy
    page.wait_for_load_state("networkidle")


def test_no_page_of_the_desk_breaks_the_policy(
    complaints: tuple[Page, list[str]], desk: Desk, paths: dict[str, str]
) -> None:
    page, _ = complaints
    for path in paths.values():
        look(page, desk.address + path)


def test_no_list_or_form_breaks_the_policy(complaints: tuple[Page, list[str]], desk: Desk) -> None:
    page, _ = complaints
    for name in LISTS:
        look(page, f"{desk.address}/admin/{name}/")
        entry = page.locator("#result_list tbody a[href*='/change/']").first
        if entry.count():
            look(page, desk.address + str(entry.get_attribute("href")))
    for name in FORMS:
        page.goto(f"{desk.address}/admin/{name}/add/")
        page.wait_for_load_state("networkidle")


def test_the_api_pages_break_no_policy(complaints: tuple[Page, list[str]], desk: Desk) -> None:
    page, _ = complaints
    look(page, f"{desk.address}/api/docs/")
    expect(page.get_by_role("heading", name=re.compile("Leave a Reply"))).to_be_visible()
    page.locator(".opblock-summary").first.click()
    expect(page.locator(".opblock-body").first).to_be_visible()


def test_the_theme_is_switched(complaints: tuple[Page, list[str]], desk: Desk) -> None:
    page, _ = complaints
    look(page, f"{desk.address}/admin/comments/site/")
    html = page.locator("html")
    page.locator('[x-on\\:click="openUserLinks = !openUserLinks"]').first.click()
    for name in ("dark", "light"):
        page.locator(f"[x-on\\:click*=\"'{name}'\"]").locator("visible=true").first.click()
        expect(html).to_have_class(re.compile(rf"\b{name}\b"))
    page.reload()
    expect(html).to_have_class(re.compile(r"\blight\b"))


def test_what_is_shown_and_hidden_by_attributes_still_is(
    complaints: tuple[Page, list[str]], desk: Desk
) -> None:
    page, _ = complaints
    look(page, f"{desk.address}/admin/comments/comment/")
    checkbox = page.locator("input.action-select").first
    if checkbox.count():
        checkbox.check()
    assert page.evaluate("document.querySelectorAll('[x-cloak]').length") == 0
    state = page.evaluate("JSON.stringify(Alpine.$data(document.body).sidebarDesktopOpen)")
    assert json.loads(state) is True


def test_a_script_in_a_page_is_not_run(complaints: tuple[Page, list[str]]) -> None:
    page, said = complaints
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"ran=1\">')")
    page.wait_for_timeout(500)
    assert page.evaluate("typeof ran") == "undefined"
    assert any("Content Security Policy" in line for line in said)
    said.clear()
