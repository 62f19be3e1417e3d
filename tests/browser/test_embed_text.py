"""No text is ever lost, and no wait is endless: drafts, limits of time, words for every error."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_embed import CALM, UNKIND, comment, fill, post, section

Visit = Callable[..., Page]
NO_STORAGE = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('blocked') }})"
# What no reader may ever read.
RAW = re.compile(
    r"Unexpected token|Failed to fetch|TypeError|undefined|\[object|NetworkError|<html"
)


def html_error(status: int) -> Callable[[Route], None]:
    """Answer as a proxy does, with a page."""
    return lambda route: route.fulfill(
        status=status,
        body="<html>no</html>",
        content_type="text/html",
        headers={"Access-Control-Allow-Origin": "*"},
    )


def silence(route: Route) -> None:
    """Never answer."""


def reply_to(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"Reply · {name}").first.click()
    expect(page.get_by_role("heading", name=f"Reply to {name}")).to_be_visible()


def said(page: Page) -> str:
    text = section(page).locator("section").inner_text()
    assert not RAW.search(text)
    return text


# Drafts


@pytest.mark.parametrize("storage", ["open", "blocked"])
def test_reply_and_cancel_keep_every_text(article: Visit, storage: str) -> None:
    block = (lambda page: page.add_init_script(NO_STORAGE)) if storage == "blocked" else None
    page = article(watch=block or (lambda page: None))
    page.get_by_label("Your reply").fill("For the page")
    page.get_by_label("Name").fill("Ann")
    reply_to(page, "Maja")
    page.get_by_label("Your reply").fill("For Maja")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Your reply")).to_have_value("For the page")
    expect(page.get_by_label("Name")).to_have_value("Ann")
    reply_to(page, "Maja")
    expect(page.get_by_label("Your reply")).to_have_value("For Maja")


def test_full_storage_keeps_the_text_as_well(article: Visit) -> None:
    full = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }"
    page = article(watch=lambda page: page.add_init_script(full))
    page.get_by_label("Your reply").fill("For the page")
    reply_to(page, "Maja")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_label("Your reply")).to_have_value("For the page")


def test_another_order_leaves_a_reply_where_it_is(article: Visit) -> None:
    page = article()
    reply_to(page, "Maja")
    page.get_by_label("Your reply").fill("For Maja")
    section(page).get_by_label("Order of replies").select_option("oldest")
    expect(section(page).get_by_role("article").first).not_to_contain_text("Berit")
    expect(page.get_by_role("heading", name="Reply to Maja")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value("For Maja")
    item = section(page).locator("li").filter(has=page.locator("form")).last
    expect(item.get_by_role("article").first).to_contain_text("Maja")


def test_a_reply_to_what_another_order_does_not_show_stays_a_reply(article: Visit) -> None:
    page = article('thread="long"')
    reply_to(page, "Reader 43")
    page.get_by_label("Your reply").fill("For number 43")
    section(page).get_by_label("Order of replies").select_option("oldest")
    expect(comment(page, "Remark number 0.")).to_be_visible()
    expect(page.get_by_role("heading", name="Reply to Reader 43")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value("For number 43")


def test_showing_new_replies_keeps_the_text_and_the_place_in_it(article: Visit) -> None:
    page = article('thread="shown" refresh="1"')
    page.get_by_label("Your reply").fill("Half a thought")
    post(article('thread="shown"'), "A word of somebody else, from the quay.")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(comment(page, "A word of somebody else")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value("Half a thought")


def test_an_edit_outlives_another_order_and_a_reload(article: Visit) -> None:
    page = article('thread="edit kept"')
    post(page, CALM)
    comment(page, CALM).get_by_role("button", name="Edit").click()
    comment(page, CALM).get_by_label("Your reply").fill("A calm remark, half changed")
    section(page).get_by_label("Order of replies").select_option("oldest")
    expect(page.get_by_label("Your reply").last).to_have_value("A calm remark, half changed")
    page.reload()
    comment(page, CALM).get_by_role("button", name="Edit").click()
    expect(page.get_by_label("Your reply").last).to_have_value("A calm remark, half changed")


def test_what_is_typed_while_a_reply_is_sent_stays(article: Visit) -> None:
    page = article('thread="typing on"')
    fill(page, CALM)
    page.get_by_role("button", name="Post reply").click()
    page.get_by_label("Your reply").fill("The next thought")
    expect(page.get_by_text("Thank you. Your reply is being looked at")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value("The next thought")


# Waits


@pytest.mark.parametrize("failure", [silence, html_error(502), lambda route: route.abort()])
def test_the_check_before_posting_never_stops_a_post(article: Visit, failure) -> None:
    page = article('thread="no check"', watch=lambda page: page.route("**/preview", failure))
    post(page, CALM)


def test_a_post_that_is_never_answered_ends_with_words(article: Visit) -> None:
    page = article('thread="no answer"', watch=lambda page: page.clock.install())
    fill(page, CALM)
    page.route(
        "**/comments", lambda route: None if route.request.method == "POST" else route.continue_()
    )
    page.get_by_role("button", name="Post reply").click()
    for _ in range(5):
        page.clock.run_for(10_000)
    expect(page.get_by_role("alert").filter(has_text="It is still here")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value(CALM)
    said(page)


def test_a_thread_that_never_comes_ends_with_words_and_a_way_back(article: Visit) -> None:
    def watch(page: Page) -> None:
        page.clock.install()
        page.route("**/comments?*", silence)

    page = article(watch=watch)
    page.clock.run_for(20_000)
    expect(page.get_by_text("The replies can't be loaded right now.")).to_be_visible()
    page.unroute("**/comments?*")
    page.get_by_role("button", name="Try again").click()
    expect(comment(page, "Berit")).to_be_visible()


# Errors


@pytest.mark.parametrize("failure", ["offline", 413, 502, 429])
@pytest.mark.parametrize("control", ["Vote for", "Report", "More replies"])
def test_errors_are_words_beside_what_caused_them(article: Visit, failure, control: str) -> None:
    page = article('thread="long"' if control == "More replies" else 'thread="demo"')
    if control == "Report":
        page.get_by_role("button", name="Report ·").first.click()
        page.get_by_role("radio", name="Private data").check()
    elif control == "Vote for":
        page.get_by_label("Your reply").focus()  # loads what is needed
        expect(page.get_by_role("button", name="Post reply")).to_be_visible()
    else:
        expect(page.get_by_role("button", name=control, exact=True)).to_be_visible()
    if failure == "offline":
        page.context.set_offline(True)
    else:
        page.route(re.compile(r"/(vote|report)$|cursor="), html_error(failure))
    if control == "Report":
        page.get_by_role("button", name="Send report").click()
        beside = section(page).locator(".dialog")
    elif control == "Vote for":
        page.get_by_role("button", name=control).first.click()
        beside = section(page).get_by_role("article").first
    else:
        page.get_by_role("button", name=control, exact=True).click()
        beside = section(page).locator("section > .more").last
    expect(beside.locator(".error")).not_to_be_empty()
    said(page)


@pytest.mark.parametrize("status", [413, 502])
def test_a_page_of_a_proxy_is_never_read_to_anybody(article: Visit, status: int) -> None:
    page = article(
        'thread="proxy"', watch=lambda page: page.route("**/comments", html_error(status))
    )
    fill(page, CALM)
    page.get_by_role("button", name="Post reply").click()
    expect(section(page).locator("form > .error")).not_to_be_empty(timeout=10_000)
    expect(page.get_by_label("Your reply")).to_have_value(CALM)
    said(page)


def test_another_order_that_fails_leaves_the_former_one(article: Visit) -> None:
    page = article()
    expect(comment(page, "Berit")).to_be_visible()
    page.route("**/comments?*", html_error(502))
    section(page).get_by_label("Order of replies").select_option("oldest")
    expect(section(page).locator(".bar .error")).not_to_be_empty()
    expect(page.get_by_label("Order of replies")).to_have_value("newest")
    expect(comment(page, "Berit")).to_be_visible()
    said(page)


def test_an_error_goes_while_its_field_is_mended(article: Visit) -> None:
    page = article()
    page.get_by_label("Your reply").fill("A remark")
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Name").press_sequentially("A")
    expect(page.get_by_label("Name")).not_to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("This is needed.")).to_have_count(1)


def test_what_is_loaded_later_may_fail_and_come_the_next_time(article: Visit) -> None:
    page = article()
    expect(comment(page, "Berit")).to_be_visible()
    page.route("**/embed/later.js*", lambda route: route.abort())
    page.get_by_role("button", name="Report ·").first.click()
    expect(section(page).get_by_role("article").first.locator(".error")).not_to_be_empty()
    page.get_by_label("Your reply").fill("Half a thought")
    said(page)
    page.unroute("**/embed/later.js*")
    page.get_by_role("button", name="Report ·").first.click()
    expect(page.get_by_role("button", name="Send report")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value("Half a thought")


# Keys


def test_escape_leaves_and_control_enter_sends(article: Visit) -> None:
    page = article('thread="keys"')
    fill(page, UNKIND)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Post anyway")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Post anyway")).to_have_count(0)
    fill(page, CALM)
    page.get_by_label("Your reply").press("Meta+Enter")
    expect(page.get_by_text("Thank you. Your reply is being looked at")).to_be_visible()
    comment(page, CALM).get_by_role("button", name="Edit").click()
    expect(comment(page, CALM).get_by_label("Your reply")).to_be_focused()
    page.keyboard.press("Escape")
    expect(comment(page, CALM).get_by_role("button", name="Edit")).to_be_focused()
