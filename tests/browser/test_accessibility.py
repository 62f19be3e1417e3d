"""Everybody can read and reply: WCAG 2.2, levels A and AA, in every state; by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations

PAGE = "/sites/demo/thread?key=demo"
UNKIND = "You are a stupid idiot and a liar."
Visit = Callable[..., Page]


def loaded(page: Page) -> Page:
    expect(page.locator("leave-a-reply h2").first).to_be_visible()
    return page


def with_an_error(page: Page) -> None:
    page.get_by_label("Your reply").fill("A remark")
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_text("This is needed.").first).to_be_visible()


def with_a_nudge(page: Page) -> None:
    page.get_by_label("Your reply").fill(UNKIND)
    page.get_by_label("Name").fill("Ann")
    page.get_by_label("Email", exact=False).first.fill("ann@mail.example")
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_role("button", name="Post anyway")).to_be_visible()


def with_a_preview(page: Page) -> None:
    page.get_by_label("Your reply").fill("A *lively* remark, > and more")
    page.get_by_text("Preview", exact=True).click()
    expect(page.locator(".preview em")).to_have_text("lively")


def with_a_report(page: Page) -> None:
    page.get_by_role("button", name="Report").first.click()
    expect(page.get_by_role("group", name="Why should the moderators")).to_be_visible()


def with_a_reply(page: Page) -> None:
    page.get_by_role("button", name="Reply · Wim").click()
    expect(page.get_by_role("heading", name="Reply to Wim")).to_be_visible()


STATES = [with_an_error, with_a_nudge, with_a_preview, with_a_report, with_a_reply]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_demo_has_no_barrier(visit: Visit, scheme: str) -> None:
    assert not violations(loaded(visit("/demo/", color_scheme=scheme)))


@pytest.mark.parametrize("reach", STATES, ids=lambda reach: reach.__name__)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_state_has_a_barrier(visit: Visit, scheme: str, reach: Callable[[Page], None]) -> None:
    page = loaded(visit("/demo/", color_scheme=scheme))
    reach(page)
    assert not violations(page)


def test_an_empty_thread_has_no_barrier(article: Visit) -> None:
    page = article('thread="nothing yet"')
    expect(page.get_by_text("No replies yet")).to_be_visible()
    assert not violations(page)


def test_a_page_from_right_to_left_has_no_barrier(article: Visit) -> None:
    page = loaded(article(language='lang="ar" dir="rtl"'))
    expect(page.locator("leave-a-reply section")).to_have_attribute("dir", "rtl")
    assert not violations(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", [PAGE, f"{PAGE}&lang=ar", "/sites/demo/thread?key=none"])
def test_the_page_without_javascript_has_no_barrier(
    visit: Visit, scheme: str, address: str
) -> None:
    # The checker is a script; the page has none of its own.
    assert not violations(visit(address, color_scheme=scheme))


def test_its_forms_for_reports_and_after_errors_have_none_either(visit: Visit) -> None:
    page = visit(PAGE)
    page.get_by_role("link", name="Report").first.click()
    expect(page.get_by_role("heading", name="Report a reply")).to_be_visible()
    assert not violations(page)
    page = visit(PAGE)
    page.get_by_label("Your reply").fill(UNKIND)
    page.get_by_label("Name").fill("Ann")
    page.get_by_label("Email").first.fill("ann@mail.example")
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_role("button", name="Post anyway")).to_be_visible()
    assert not violations(page)


@pytest.mark.parametrize("width", [320, 640])
@pytest.mark.parametrize("path", ["/demo/", PAGE])
def test_nothing_is_cut_off_when_it_is_enlarged(visit: Visit, path: str, width: int) -> None:
    """A window of 1280 pixels has 640 at a zoom of 200 %, and 320 at 400 %."""
    page = visit(path, viewport={"width": width, "height": 512})
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_reply_is_written_with_the_keyboard_alone(visit: Visit) -> None:
    page = loaded(visit("/demo/"))
    keys = page.keyboard
    tab_to(page, "Your reply")
    keys.type("Written without a mouse, from the ferry.")
    tab_to(page, "Name")
    keys.type("Ann Reader")
    tab_to(page, "Email not published")
    keys.type("keyboard@mail.example")
    tab_to(page, "Post reply")
    keys.press("Enter")
    expect(page.get_by_text("Thank you. Your reply is being looked at")).to_be_visible()
    assert "without a mouse" in focused(page, "e => e.innerText")


def test_a_dialog_takes_the_keyboard_and_gives_it_back(visit: Visit) -> None:
    page = loaded(visit("/demo/"))
    page.get_by_role("button", name="Report").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="Advertising or spam")).to_be_focused()
    tab_to(page, "Cancel")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Report").first).to_be_focused()


def test_what_is_wrong_is_told_with_the_field(visit: Visit) -> None:
    page = loaded(visit("/demo/"))
    with_an_error(page)
    expect(page.get_by_label("Name")).to_be_focused()
    expect(page.get_by_label("Name")).to_have_accessible_description("This is needed.")


def test_nothing_moves_for_those_who_do_not_want_it(visit: Visit) -> None:
    page = loaded(visit("/demo/", reduced_motion="reduce"))
    duration = "e => getComputedStyle(e).transitionDuration"
    assert page.locator(".comment").first.evaluate(duration) == "0s"


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on what is called so."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if focused(page, "e => (e.labels?.[0] || e).innerText.trim()") == name:
            return
    raise AssertionError(f"the keyboard does not get to {name}")


def focused(page: Page, look: str) -> str:
    inside = "document.activeElement.shadowRoot?.activeElement || document.activeElement"
    return page.evaluate(f"({look})({inside})")
