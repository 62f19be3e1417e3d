"""A word list of the house rules, in Chromium: what it would do is told while it is typed."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk, Open

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def rules(desk: Desk) -> str:
    """The path of the current house rules of the site."""
    pk = desk.rows("Policy.objects.current(Site.objects.get(slug='demo')).pk")
    return f"/admin/moderation/policy/{pk}/change/"


def held_words(page: Page) -> Page:
    """Show the list of words that hold a comment, which stands in a part of the page."""
    field = page.locator("[name=held_words]")
    if not field.is_visible():
        page.get_by_role("tab").or_(page.locator("summary")).or_(page.get_by_role("link")).filter(
            has_text="Words"
        ).first.click()
    expect(field).to_be_visible()
    return page


def tried(page: Page, name: str = "held_words"):
    return page.locator(f"[data-words={name}] .tried")


def test_what_a_list_finds_in_past_comments_is_told_at_once(sit_down: Open, rules: str) -> None:
    page = held_words(sit_down(rules))
    page.locator("[name=held_words]").fill("stupid plan\nnobody wrote this")
    expect(tried(page)).to_contain_text("stupid plan")
    expect(tried(page)).to_contain_text("such as “")
    expect(tried(page)).not_to_contain_text("nobody wrote this")


def test_a_text_is_tried_as_a_reader_reads_it(sit_down: Open, rules: str) -> None:
    page = held_words(sit_down(rules))
    page.locator("[name=held_words]").fill("كلب\n傻逼\nkız")
    sample = page.locator("[name=sample_held_words]")
    for text, line in (("هذا الكَلْب", "كلب"), ("你是傻*逼吗", "傻逼"), ("KIZ", "kız")):
        sample.fill(text)
        expect(tried(page).locator("mark")).to_have_text(line)
    sample.fill("a calm remark")
    expect(tried(page)).to_contain_text("Nothing of it is in the sample.")


def test_a_line_that_can_not_be_used_is_named_while_it_is_typed(sit_down: Open, rules: str) -> None:
    page = held_words(sit_down(rules))
    page.locator("[name=held_words]").fill("fine\n/(/\n/e/")
    expect(tried(page).locator(".errors")).to_contain_text("Line 2")
    expect(tried(page).locator(".errors")).to_contain_text("ordinary comments")


def test_what_is_told_stays_text(sit_down: Open, rules: str) -> None:
    page = held_words(sit_down(rules))
    page.locator("[name=held_words]").fill("<img src=x onerror=alert(1)>")
    page.locator("[name=sample_held_words]").fill("an <img src=x onerror=alert(1)> indeed")
    expect(tried(page).locator("mark")).to_have_text("<img src=x onerror=alert(1)>")
    assert page.locator(".tried img").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_phone_what_is_told_fits(sit_down: Open, rules: str, theme: str) -> None:
    page = held_words(sit_down(rules, theme=theme, viewport=PHONE, has_touch=True))
    page.locator("[name=held_words]").fill("stupid plan\n" + "x" * 190)
    expect(tried(page)).to_contain_text("stupid plan")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_list_to_start_with_is_copied_by_its_button(sit_down: Open, rules: str) -> None:
    page = held_words(sit_down(rules))
    page.get_by_text("Usual insults by language").click()
    page.locator("summary", has_text="Deutsch").click()
    words = page.get_by_role("textbox", name="Deutsch")
    expect(words).to_be_visible()
    page.get_by_role("button", name=re.compile(r"Copy\s?: Deutsch")).click()
    expect(page.get_by_role("status").filter(has_text="opied")).to_have_text("Copied.")
    page.locator("[name=held_words]").focus()
    page.keyboard.press("ControlOrMeta+v")
    expect(page.locator("[name=held_words]")).to_have_value(words.input_value())
