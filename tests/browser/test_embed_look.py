"""The section looks right on pages that do nothing for it, is big enough to be hit, and prints."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.test_embed import comment, section

Visit = Callable[..., Page]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PAGES = {
    "dark by css alone": "body { background: #15171c; color: #d8d8de } a { color: #7ab8ff }",
    "dark by a variable": ":root { --bg: oklch(0.2 0.02 250) } html { background: var(--bg) } "
    "body { color: oklch(0.9 0 0) }",
    "dark inside a light page": "body { background: #fff } main { background: #111; color: #eee }",
    "coloured links": "body { background: #fdf6ec; color: #333 } a { color: #a3123c }",
    "links too pale to read": "body { background: #fff; color: #555 } a { color: #8fd3ff }",
    "text too pale for less": "body { background: #fff; color: #6b6b6b }",
    "slow links": "body { background: #000; color: #fff } a { color: #9fd; transition: color 2s }",
}
SIZES = """
  ([least]) => {
    const root = document.querySelector('leave-a-reply').shadowRoot;
    const all = root.querySelectorAll(
      'button, input, select, summary, textarea, header a, .choice, .waiting a');
    return [...all].filter(e => e.checkVisibility() && !e.closest('.aside'))
      .filter(e => !(e.closest('.choice') && e.matches('input')))
      .map(e => [e.innerText || e.name, e.getBoundingClientRect()])
      .filter(([, box]) => Math.round(box.width) < least || Math.round(box.height) < least)
      .map(([name, box]) => `${name} ${box.width} ${box.height}`);
  }
"""
FIELDS = """
  () => [...document.querySelector('leave-a-reply').shadowRoot
    .querySelectorAll('input:not([type=checkbox]), textarea, select')]
    .map(e => parseFloat(getComputedStyle(e).fontSize))
"""


def written(page: Page) -> Page:
    """Begin to write, so that all fields are there."""
    page.get_by_label("Your reply").fill("A remark")
    expect(page.get_by_role("button", name="Post reply")).to_be_visible()
    return page


@pytest.mark.parametrize("name", PAGES)
def test_everything_can_be_read(article: Visit, name: str) -> None:
    page = written(article(styles=f"<style>{PAGES[name]}</style>"))
    # The page's own heading and text are not ours to judge.
    page.evaluate("document.querySelectorAll('h1, main > p').forEach(e => e.remove())")
    assert not violations(page, ["color-contrast", "link-in-text-block"])
    scheme = "dark" if re.match("dark|slow", name) else "light"
    shown = section(page).locator("section").evaluate("e => getComputedStyle(e).colorScheme")
    assert shown == scheme


def test_the_colour_of_the_pages_links_is_taken_where_it_can_be_read(article: Visit) -> None:
    colour = "e => getComputedStyle(e).color"
    for name, expected in {
        "coloured links": "rgb(163, 18, 60)",
        "links too pale to read": "rgb(31, 98, 80)",
    }.items():
        page = article(styles=f"<style>{PAGES[name]}</style>")
        button = section(page).get_by_role("button", name="Reply ·").first
        assert button.evaluate(colour) == expected


def test_a_page_that_turns_dark_is_followed(article: Visit) -> None:
    page = article(styles="<style>body.dark { background: #111; color: #eee }</style>")
    scheme = section(page).locator("section")
    expect(scheme).to_have_css("color-scheme", "light")
    page.evaluate("document.body.className = 'dark'")
    expect(scheme).to_have_css("color-scheme", "dark")


def test_reading_the_colours_leaves_nothing_in_the_page(article: Visit) -> None:
    page = article()
    expect(comment(page, "Berit")).to_be_visible()
    assert section(page).evaluate("e => e.childNodes.length") == 0
    assert section(page).get_attribute("style") is None


@pytest.mark.parametrize(("least", "options"), [(24, {}), (44, PHONE)], ids=["desk", "phone"])
def test_everything_can_be_hit_and_no_phone_zooms(article: Visit, least: int, options) -> None:
    page = article(styles="<style>body { font-size: 14px }</style>", **options)
    written(page)
    page.get_by_role("button", name="Report ·").first.click()
    expect(page.get_by_role("button", name="Send report")).to_be_visible()
    assert page.evaluate(SIZES, [least]) == []
    assert min(page.evaluate(FIELDS)) >= 16


def test_on_paper_there_is_no_form(article: Visit) -> None:
    page = article()
    expect(comment(page, "Berit")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_label("Your reply")).to_be_hidden()
    expect(page.get_by_role("button", name="Reply ·").first).to_be_hidden()
    expect(comment(page, "Berit")).to_be_visible()


def test_landmarks_have_names_of_their_own(article: Visit) -> None:
    page = article()
    expect(page.get_by_role("region", name="Replies", exact=True)).to_be_visible()
    page.evaluate("document.body.append(document.querySelector('leave-a-reply').cloneNode())")
    expect(page.get_by_role("region", name="Replies: 2")).to_be_visible()
    assert not violations(page, ["landmark-unique", "region"])


def test_the_owners_link_shows_until_there_is_a_thread(article: Visit, served: str) -> None:
    link = "document.querySelector('leave-a-reply').innerHTML = '<a href=/plain>Leave a reply</a>'"
    page = article(
        styles=f"<script>addEventListener('DOMContentLoaded', () => {{ {link} }})</script>"
    )
    expect(comment(page, "Berit")).to_be_visible()
    expect(page.get_by_role("link", name="Leave a reply", exact=True)).to_be_hidden()
    broken = article(
        styles=f"<script>addEventListener('DOMContentLoaded', () => {{ {link} }})</script>",
        watch=lambda page: page.route("**/embed.js", lambda route: route.abort()),
    )
    expect(broken.get_by_role("link", name="Leave a reply", exact=True)).to_be_visible()
