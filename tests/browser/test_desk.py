"""A moderator's day at the desk, in Chromium: by keyboard, and together with colleagues."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import QUEUE, Desk, Open, cards, focused, settled, status

# By keyboard.


@pytest.mark.parametrize(("key", "became"), [("a", "approved"), ("s", "spam")])
def test_a_key_decides_and_the_focus_goes_on_without_a_reload(
    desk: Desk, sit_down: Open, key: str, became: str
) -> None:
    page = sit_down()
    page.evaluate("window.sameload = true")
    page.keyboard.press("j")
    first = focused(page)
    below = cards(page).nth(1).get_attribute("data-comment")
    page.keyboard.press(key)
    settled(page, first)
    assert focused(page) == below
    assert page.evaluate("window.sameload")
    assert status(desk, first) == became


def test_r_and_a_number_refuse_for_that_reason(desk: Desk, sit_down: Open) -> None:
    page = sit_down()
    page.keyboard.press("j")
    first = focused(page)
    below = cards(page).nth(1).get_attribute("data-comment")
    page.keyboard.press("r")
    dialog = page.get_by_role("dialog", name="Reject: why?")
    expect(dialog.get_by_role("button", name="Insult")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(f"#c-{first}")).to_be_focused()
    assert status(desk, first) == "held"
    page.keyboard.press("r")
    page.keyboard.press("2")
    settled(page, first)
    assert focused(page) == below
    decision = f"Decision.objects.filter(comment='{first}').first()"
    assert desk.rows(f"[{decision}.verdict, {decision}.refusal_reason]") == ["REJECT", "insult"]


def test_undo_brings_the_card_back_with_the_focus(desk: Desk, sit_down: Open) -> None:
    page = sit_down()
    page.keyboard.press("j")
    first = focused(page)
    page.keyboard.press("s")
    settled(page, first)
    second = focused(page)
    page.keyboard.press("s")
    settled(page, second)
    page.keyboard.press("u")
    expect(page.locator(f"#c-{second}")).to_be_focused()
    page.keyboard.press("u")
    expect(page.locator(f"#c-{first}")).to_be_focused()
    assert {status(desk, first), status(desk, second)} == {"held"}
    expect(page.get_by_role("button", name="Undo")).to_be_hidden()


def test_the_bar_says_how_long_nobody_is_told(sit_down: Open) -> None:
    page = sit_down()
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.keyboard.press("r")
    expect(page.get_by_text("Nobody is told for")).to_be_visible()
    expect(page.locator("#undo-message")).to_contain_text("Rejected: ")
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="Undo")).to_be_hidden()


def test_j_and_k_walk_and_stop_at_the_ends(sit_down: Open) -> None:
    page = sit_down()
    ids = [card.get_attribute("data-comment") for card in cards(page).all()]
    for key, at in (("j", 0), ("j", 1), ("k", 0), ("k", 0)):
        page.keyboard.press(key)
        assert focused(page) == ids[at]


def test_a_comment_is_escalated_with_a_reason(desk: Desk, sit_down: Open) -> None:
    page = sit_down(f"{QUEUE}?order=newest")
    page.keyboard.press("j")
    comment = focused(page)
    page.keyboard.press("e")
    page.keyboard.type("It names the mayor; a and r are only letters here.")
    page.get_by_role("button", name="Escalate", exact=True).click()
    card = page.locator(f"#c-{comment}")
    expect(card.get_by_text("It names the mayor")).to_be_visible()
    expect(card).to_be_focused()
    assert status(desk, comment) == "held"


def test_a_note_is_written_and_given_up(sit_down: Open) -> None:
    page = sit_down(f"{QUEUE}?order=newest")
    page.keyboard.press("j")
    comment = focused(page)
    page.keyboard.press("n")
    page.keyboard.press("Escape")
    expect(page.locator(f"#c-{comment}")).to_be_focused()
    page.keyboard.press("n")
    page.keyboard.type("Was warned in May.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(f"#c-{comment}").get_by_text("Was warned in May.")).to_be_visible()


def test_slash_searches_and_a_question_mark_helps(sit_down: Open) -> None:
    page = sit_down()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("ferry?")
    expect(page.get_by_role("searchbox")).to_have_value("ferry?")
    cards(page).first.focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_keys_can_be_switched_off_for_good(desk: Desk, sit_down: Open) -> None:
    page = sit_down()
    page.keyboard.press("?")
    page.get_by_label("Keys are on").uncheck()
    page.get_by_role("button", name="Close").click()
    page.reload()
    cards(page).first.focus()
    comment = focused(page)
    page.keyboard.press("s")
    page.wait_for_timeout(500)
    assert status(desk, comment) == "held"


def test_the_page_of_a_comment_has_the_same_keys(desk: Desk, sit_down: Open) -> None:
    page = sit_down()
    page.keyboard.press("j")
    comment = focused(page)
    page.keyboard.press("o")
    page.wait_for_url(f"**/{comment}/change/**")
    page.keyboard.press("n")
    expect(page.get_by_label("For colleagues; the author never sees it")).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="What was found").click()
    page.keyboard.press("r")
    page.keyboard.press("r")
    page.wait_for_url(f"**{QUEUE}**")
    assert status(desk, comment) == "rejected"


# Together.


def test_a_newer_text_is_shown_instead_of_a_decision(desk: Desk, sit_down: Open) -> None:
    page = sit_down()
    page.keyboard.press("j")
    comment = focused(page)
    desk.python(
        "from comments.models import Comment\n"
        f"Comment.objects.filter(pk='{comment}')"
        ".update(revision=2, body='I was rude.', body_html='<p>I was rude.</p>')"
    )
    page.keyboard.press("r")
    page.keyboard.press("r")
    card = page.locator(f"#c-{comment}")
    expect(card.get_by_text("I was rude.")).to_be_visible()
    expect(card.get_by_text("The text was changed")).to_be_visible()
    expect(card).to_be_focused()
    assert status(desk, comment) == "held"


def test_when_the_server_is_away_nothing_is_lost(sit_down: Open) -> None:
    page = sit_down()
    page.keyboard.press("j")
    comment = focused(page)
    page.context.set_offline(True)
    page.keyboard.press("a")
    card = page.locator(f"#c-{comment}")
    expect(card.get_by_text("could not be reached")).to_be_visible()
    expect(card).to_be_focused()
    page.context.set_offline(False)
    page.keyboard.press("a")
    settled(page, comment)
