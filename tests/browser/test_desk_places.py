"""The desk wherever it is used, in Chromium: on a phone, without JavaScript, with texts blurred."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk, Open, cards, status

PHONE = {"width": 390, "height": 844}


def first(page: Page) -> str:
    """Return the id of the first comment that waits."""
    return str(cards(page).first.get_attribute("data-comment"))


@pytest.mark.parametrize(("button", "became"), [("Approve", "approved"), ("Reject", "rejected")])
def test_without_javascript_a_comment_is_decided_and_the_decision_taken_back(
    desk: Desk, sit_down: Open, button: str, became: str
) -> None:
    page = sit_down(java_script_enabled=False)
    comment = first(page)
    page.locator(f"#c-{comment}").get_by_role("button", name=button).click()
    expect(page.locator(f"#c-{comment}")).to_have_count(0)
    assert status(desk, comment) == became
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert status(desk, comment) == "held"


def test_blurred_texts_are_clear_below_the_pointer_and_with_the_focus(sit_down: Open) -> None:
    page = sit_down()
    text = cards(page).first.locator(".text")
    page.get_by_role("button", name="Blur texts").click()
    page.mouse.move(0, 0)
    expect(text).not_to_have_css("filter", "none")
    text.hover()
    expect(text).to_have_css("filter", "none")
    page.mouse.move(0, 0)
    expect(text).not_to_have_css("filter", "none")
    cards(page).first.focus()
    expect(text).to_have_css("filter", "none")


def test_texts_stay_blurred_on_the_next_page(sit_down: Open) -> None:
    page = sit_down()
    page.get_by_role("button", name="Blur texts").click()
    page.reload()
    expect(page.get_by_role("button", name="Blur texts")).to_have_attribute("aria-pressed", "true")
    page.mouse.move(0, 0)
    expect(cards(page).first.locator(".text")).not_to_have_css("filter", "none")


def test_on_a_phone_nothing_is_wider_than_the_screen(desk: Desk, sit_down: Open) -> None:
    page = sit_down(viewport=PHONE, has_touch=True)
    comment = cards(page).first
    paths = [
        str(comment.get_by_role("link", name=name).first.get_attribute("href"))
        for name in ("All about it", "Reader", "Note")
        if comment.get_by_role("link", name=name).count()
    ]
    assert len(paths) >= 2
    for path in ("/admin/moderation/reviewable/", *paths):
        page.goto(desk.address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path


LONG_NAME = """
from comments.models import Comment
from moderation.models import Reviewable
waiting = Reviewable.objects.open().order_by("-priority").first().comment
Comment.objects.filter(pk=waiting.pk).update(author_name="Donaudampfschiff" * 6)
"""


def test_on_a_phone_a_name_without_spaces_is_broken(desk: Desk, sit_down: Open) -> None:
    desk.python(LONG_NAME)
    page = sit_down(viewport=PHONE, has_touch=True)
    expect(page.get_by_text("DonaudampfschiffDonau").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_on_a_phone_the_first_line_of_a_log_entry_is_named_by_its_column(
    desk: Desk, sit_down: Open
) -> None:
    desk.python(
        "from comments.models import Site, User\n"
        "from django.utils import timezone\n"
        "from moderation.decisions import audit\n"
        "from moderation.models import AuditAction\n"
        "audit.record(AuditAction.ALARM_SET, site=Site.objects.get(slug='demo'),"
        " by=User.objects.get(), now=timezone.now())"
    )
    page = sit_down("/admin/moderation/auditentry/", viewport=PHONE, has_touch=True)
    line = page.locator("#result_list .data-row > td").first
    expect(line).to_have_attribute("data-label", "When")


def test_on_a_phone_a_comment_is_decided_with_the_thumb(desk: Desk, sit_down: Open) -> None:
    page = sit_down(viewport=PHONE, has_touch=True)
    comment = first(page)
    button = page.locator(f"#c-{comment}").get_by_role("button", name="Approve")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    button.tap()
    expect(page.locator(f"#c-{comment}")).to_have_count(0)
    assert status(desk, comment) == "approved"
