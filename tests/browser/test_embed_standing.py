"""A true end of posting: the comment says where it stands, and the thread counts with it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.axe import violations
from tests.browser.test_embed import CALM, comment, fill, post, section

Visit = Callable[..., Page]
OWN = re.compile(r"/comments/[0-9a-f-]{36}$")
REFUSED = {
    "status": "rejected",
    "state": "not_published",
    "settled": True,
    "can_appeal": True,
    "reason": "Readers may take this as an insult.",
}
STANDS = {
    "held": (
        {"status": "held", "state": "held", "settled": False},
        "A moderator will look at it first.",
    ),
    "confirm": (
        {"status": "held", "state": "confirm", "settled": False},
        "When you follow the link in it",
    ),
    "not_published": (REFUSED, "Readers may take this as an insult."),
}


def stands(page: Page, fields: dict[str, Any]) -> None:
    """Let the server say where the reader's own comments stand."""

    def answer(route: Route) -> None:
        if route.request.method != "GET":
            return route.continue_()
        response = route.fetch()
        return route.fulfill(response=response, json={**response.json(), **fields})

    page.route(OWN, answer)


@pytest.mark.parametrize("state", STANDS)
def test_the_comment_says_where_it_stands(article: Visit, state: str) -> None:
    fields, words = STANDS[state]
    page = article(f'thread="stands {state}"', watch=lambda page: stands(page, fields))
    post(page, CALM)
    own = comment(page, CALM)
    expect(own.locator(".waiting")).to_contain_text(words)
    expect(own.get_by_role("link", name="Follow your reply")).to_be_visible()
    assert own.get_by_role("link", name="Appeal").count() == (state == "not_published")
    expect(page.get_by_role("heading", name="No replies yet")).to_be_visible()
    assert not violations(page)


def test_who_goes_on_writing_while_it_is_sent_is_not_taken_away_from_it(article: Visit) -> None:
    waiting: list[Route] = []
    page = article(
        'thread="goes on"',
        watch=lambda page: page.route(
            "**/sites/demo/comments",
            lambda route: (
                waiting.append(route) if route.request.method == "POST" else route.continue_()
            ),
        ),
    )
    fill(page, f"{CALM} It goes on.")
    page.get_by_role("button", name="Post reply").click()
    box = page.get_by_label("Your reply")
    box.press_sequentially(" And")
    expect(box).to_have_value(f"{CALM} It goes on. And")
    while not waiting:
        page.wait_for_timeout(50)
    waiting[0].continue_()
    expect(comment(page, f"{CALM} It goes on.")).to_be_visible()
    page.keyboard.type(" on.")
    expect(box).to_have_value(f"{CALM} It goes on. And on.")


def test_a_refused_comment_is_told_after_a_reload_as_well(article: Visit) -> None:
    page = article('thread="refused"', watch=lambda page: stands(page, REFUSED))
    post(page, CALM)
    expect(comment(page, CALM)).to_contain_text("Not published. Only you see it.")
    # The list leaves out what is refused.
    page.route(
        "**/comments?*",
        lambda route: route.fulfill(
            response=(got := route.fetch()), json={**got.json(), "count": 0, "results": []}
        ),
    )
    page.reload()
    own = comment(page, CALM)
    expect(own).to_contain_text("Not published. Only you see it.")
    expect(own).to_contain_text("Readers may take this as an insult.")
    appeal = own.get_by_role("link", name="Appeal").get_attribute("href")
    assert appeal is not None
    assert re.search(r"/status/.+#appeal$", appeal)
    expect(own.get_by_role("button", name="Reply ·")).to_have_count(0)


def test_spam_is_told_nothing_on_the_page(article: Visit) -> None:
    spam = {"status": "spam", "state": "waiting", "settled": True}
    page = article('thread="silent"', watch=lambda page: stands(page, spam))
    post(page, CALM)
    page.wait_for_timeout(2500)
    expect(comment(page, CALM)).to_contain_text("Waiting to be published. Only you see it.")


def test_a_published_reply_is_counted_and_never_new_to_its_author(article: Visit) -> None:
    body = "The bakery on the north quay opens at five again, I hear."
    page = article('thread="counted" refresh="1"')
    post(page, body)
    expect(comment(page, body)).to_contain_text("Published.")
    expect(page.get_by_role("heading", name="1 reply", exact=True)).to_be_visible()
    page.wait_for_timeout(2200)
    expect(page.get_by_text("new reply")).to_have_count(0)
    comment(page, body).get_by_role("button", name="Delete").click()
    section(page).locator(".dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="No replies yet")).to_be_visible()


def test_an_edit_is_followed_until_it_is_published_again(article: Visit) -> None:
    body = "My grandfather painted the old lighthouse twice."
    page = article('thread="edited"')
    post(page, body)
    own = comment(page, body)
    expect(own).to_contain_text("Published.")
    own.get_by_role("button", name="Edit").click()
    own.get_by_label("Your reply").fill(f"{body} And more.")
    own.get_by_role("button", name="Save").click()
    changed = comment(page, "And more.")
    expect(changed).to_contain_text("Published.")
    expect(page.get_by_role("heading", name="1 reply", exact=True)).to_be_visible()


def test_what_waits_is_followed_after_a_reload(article: Visit) -> None:
    body = "Does anybody know when the swimming pool closes?"
    page = article('thread="later"', watch=lambda page: stands(page, STANDS["held"][0]))
    page.route(
        "**/comments?*",
        lambda route: route.fulfill(
            response=(got := route.fetch()), json={**got.json(), "count": 0, "results": []}
        ),
    )
    post(page, body)
    page.reload()
    expect(comment(page, body)).to_contain_text("A moderator will look at it first.")
    page.unroute(OWN)
    expect(comment(page, body)).to_contain_text("Published.")


def test_following_grows_slower(article: Visit) -> None:
    looks: list[str] = []

    def watch(page: Page) -> None:
        stands(page, STANDS["held"][0])
        page.on(
            "request", lambda r: OWN.search(r.url) and r.method == "GET" and looks.append(r.url)
        )

    page = article('thread="slower" refresh="0"', watch=watch)
    post(page, CALM)
    page.wait_for_timeout(10_000)
    assert 2 <= len(looks) <= 3  # after 2, 6 and 14 seconds


def test_nobody_votes_on_an_own_reply(article: Visit) -> None:
    body = "Thursday's concert was lovely, thank you all."
    page = article('thread="own vote"')
    post(page, body)
    expect(comment(page, body)).to_contain_text("Published.")
    expect(comment(page, body).get_by_role("button", name="Vote")).to_have_count(0)
    expect(comment(page, body).get_by_role("button", name="Report")).to_have_count(0)


def test_nothing_stands_beside_the_hint_before_anything_is_typed(article: Visit) -> None:
    page = article()
    page.get_by_label("Your reply").focus()
    expect(section(page).locator(".hint")).to_have_text(re.compile(r"so do links\.\s*$"))


@pytest.mark.parametrize("name", ["00000000-0000-7000-8000-000000000000", "17"])
def test_a_link_to_a_comment_that_is_gone_says_so(article: Visit, name: str) -> None:
    page = article(anchor=f"#comment-{name}")
    expect(page.get_by_text("The reply that this link leads to is gone.")).to_be_visible()
    expect(comment(page, "Berit")).to_be_visible()


def test_a_linked_comment_lands_in_the_middle(article: Visit) -> None:
    page = article()
    anchor = comment(page, "bicycle fare").first.locator("a.when").first.get_attribute("href")
    assert anchor is not None
    page = article(anchor="#" + anchor.split("#")[1])
    marked = section(page).locator(".marked > article")
    expect(marked).to_be_in_viewport()
    box = marked.bounding_box()
    size = page.viewport_size
    assert box is not None
    assert size is not None
    bottom = page.evaluate("document.documentElement.scrollHeight - innerHeight - scrollY")
    assert bottom < 2 or abs(box["y"] + box["height"] / 2 - size["height"] / 2) < 30
