"""What readers of other systems have: pins, badges, pictures, collapsing, links, quotations."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.axe import violations
from tests.browser.test_embed import CALM, comment, fill, section

Visit = Callable[..., Page]
STAFF = {"kind": "staff", "label": "Staff"}


def marked(page: Page) -> None:
    """Let the server have guidelines and a question, pin a comment and know its author."""

    def answer(route: Route) -> None:
        response = route.fetch()
        data = response.json()
        if "consent" in data:
            rules = "<p>Be kind: <a href='https://gazette.example/rules'>house rules</a>.</p>"
            data |= {"guidelines": rules, "prompt": "When did you last take the late boat?"}
        elif data["results"]:
            data["results"][0] |= {"pinned": True, "featured": True, "author_badge": STAFF}
        route.fulfill(response=response, json=data)

    page.route(re.compile(r"/(comments|form)\?"), answer)


@pytest.mark.parametrize("colours", ["#fff; color: #222", "#14181c; color: #e6e6e6"])
def test_marks_badges_rules_and_the_question_are_shown(article: Visit, colours: str) -> None:
    page = article(watch=marked, styles=f"<style>body {{ background: {colours} }}</style>")
    first = section(page).get_by_role("article").first
    for words in ("Staff", "Pinned", "Featured"):
        expect(first.locator("header")).to_contain_text(words)
    expect(page.get_by_role("link", name="house rules")).to_be_visible()
    expect(page.get_by_text("When did you last take the late boat?")).to_be_visible()
    assert not violations(page)


def test_a_picture_that_may_not_be_shown_is_drawn(article: Visit, served: str) -> None:
    def answer(route: Route) -> None:
        response = route.fetch()
        data = response.json()
        data["results"][0]["author_avatar"] = f"{served}/avatars/none.png"
        route.fulfill(response=response, json=data)

    page = article(watch=lambda page: page.route("**/comments?*", answer))
    expect(section(page).get_by_role("article").first.locator("svg.avatar")).to_be_attached()
    expect(section(page).locator("img")).to_have_count(0)


def test_a_branch_is_collapsed_and_opens_for_a_link_into_it(article: Visit) -> None:
    page = article()
    reply = section(page).locator("li li > article").first
    expect(reply).to_be_visible()
    name = reply.evaluate("e => e.parentElement.id")
    hide = section(page).get_by_role("button", name="Hide replies").first
    hide.click()
    expect(reply).to_be_hidden()
    shown = section(page).get_by_role("button", name=re.compile(r"Show \d+ repl")).first
    expect(shown).to_be_focused()
    assert not violations(page)
    page.evaluate("name => { location.hash = name }", name)
    expect(reply).to_be_visible()


def test_a_reply_leads_to_what_it_replies_to(article: Visit) -> None:
    page = article()
    reply = section(page).locator("li li > article").first
    reply.get_by_role("link", name="In reply to").click()
    parent = reply.evaluate("e => e.parentElement.parentElement.closest('li').id")
    expect(section(page).locator(".marked").first).to_have_id(parent)
    expect(section(page).locator(".marked").first).to_be_focused()


def test_a_link_is_copied_or_given_to_be_copied(article: Visit) -> None:
    page = article()
    first = section(page).get_by_role("article").first
    first.get_by_role("button", name="More ·").click()
    assert not violations(page)
    page.evaluate("void (navigator.clipboard.writeText = async (text) => { window.copied = text })")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("The link is copied.")).to_be_visible()
    assert re.search(r"/story#comment-[\w-]+$", page.evaluate("window.copied"))
    page.evaluate("void (navigator.clipboard.writeText = async () => { throw new Error('no') })")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_label("Link to this reply")).to_have_value(re.compile("#comment-"))
    page.keyboard.press("Escape")
    expect(first.get_by_role("button", name="More ·")).to_be_focused()


def test_what_is_selected_is_quoted_below_what_is_written(article: Visit) -> None:
    page = article()
    first = section(page).get_by_role("article").first
    first.get_by_role("button", name="Reply ·").click()
    page.get_by_label("Your reply").fill("I remember:")
    quoted = first.locator(".body").evaluate(
        """body => {
          const range = document.createRange();
          range.selectNodeContents(body.querySelector('p'));
          const selection = body.getRootNode().getSelection?.() || getSelection();
          selection.removeAllRanges();
          selection.addRange(range);
          return String(selection);
        }"""
    )
    first.get_by_role("button", name="More ·").click()
    page.get_by_role("button", name="Quote what is selected").click()
    expect(page.get_by_label("Your reply")).to_have_value(f"I remember:\n\n> {quoted.strip()}\n\n")


# The owner


@pytest.mark.parametrize(
    ("status", "code"), [(404, "site-unknown"), (403, "foreign-origin"), (400, "page-unusable")]
)
def test_the_owner_is_told_and_the_reader_is_not(article: Visit, status: int, code: str) -> None:
    said: list[str] = []
    words = f"The owner may mend {code}."
    problem = {"type": f"urn:problem-type:leave-a-reply:{code}", "detail": words}
    headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "application/problem+json"}

    def watch(page: Page) -> None:
        page.on("console", lambda message: said.append(message.text))
        page.route(
            "**/api/v1/**",
            lambda route: route.fulfill(status=status, body=json.dumps(problem), headers=headers),
        )

    page = article(watch=watch)
    expect(page.get_by_text("The replies can't be loaded right now.")).to_be_visible()
    assert f"leave-a-reply: {words}" in said
    assert words not in section(page).locator("section").inner_text()
    assert not violations(page)
    page.unroute("**/api/v1/**")
    page.get_by_role("button", name="Try again").click()
    expect(comment(page, "Berit")).to_be_visible()


def test_the_owner_of_a_server_that_is_not_there_is_told(article: Visit) -> None:
    said: list[str] = []

    def watch(page: Page) -> None:
        page.on("console", lambda message: said.append(message.text))
        page.route("**/api/v1/**", lambda route: route.abort())

    page = article(watch=watch)
    expect(page.get_by_text("The replies can't be loaded right now.")).to_be_visible()
    assert any("among its origins" in line for line in said)


def test_nobody_is_told_about_fields_that_nobody_sees(article: Visit) -> None:
    said: list[str] = []
    errors = [{"pointer": "/thread/title", "detail": "Too long.", "code": "max_length"}]
    problem = {"type": "urn:problem-type:leave-a-reply:invalid", "detail": "No.", "errors": errors}
    page = article('thread="unseen"')
    page.on("console", lambda message: said.append(message.text))
    page.route(
        "**/comments",
        lambda route: route.fulfill(
            status=400,
            body=json.dumps(problem),
            headers={
                "Access-Control-Allow-Origin": "*",
                "Content-Type": "application/problem+json",
            },
        ),
    )
    fill(page, CALM)
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_role("alert").filter(has_text="It is still here")).to_be_visible(
        timeout=10_000
    )
    assert "leave-a-reply: /thread/title: Too long." in said
    assert "Too long." not in section(page).locator("section").inner_text()


def test_no_engine_fills_in_the_decoy(article: Visit) -> None:
    page = article()
    page.get_by_label("Your reply").focus()
    decoy = section(page).locator(".aside input")
    for name, value in {
        "type": "text",
        "autocomplete": "off",
        "tabindex": "-1",
        "data-1p-ignore": "",
        "data-lpignore": "true",
        "data-bwignore": "",
        "data-form-type": "other",
    }.items():
        expect(decoy).to_have_attribute(name, value)
    assert "mail" not in section(page).locator(".aside").inner_text().lower()
