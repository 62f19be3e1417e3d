"""More of the desk in Chromium: several at once, the author beside, replies, and focus mode."""

from playwright.sync_api import Page, expect

from tests.browser.desk import QUEUE, Desk, Open, cards, focused, settled, status

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_several_are_picked_decided_as_one_and_brought_back(desk: Desk, sit_down: Open) -> None:
    page = sit_down()
    page.keyboard.press("j")
    ids = [card.get_attribute("data-comment") for card in cards(page).all()[:4]]
    page.keyboard.press("x")
    for key in ("j", "j", "X"):
        page.keyboard.press(key)
    expect(page.get_by_text("3 picked")).to_be_visible()
    page.keyboard.press("r")
    page.keyboard.press("2")
    for comment in ids[:3]:
        settled(page, comment)
    assert focused(page) == ids[3]
    page.keyboard.press("u")
    expect(page.locator(f"#c-{ids[0]}")).to_be_visible()
    assert [card.get_attribute("data-comment") for card in cards(page).all()[:4]] == ids
    assert {status(desk, comment) for comment in ids} == {"held"}


def test_the_author_opens_beside_the_queue_and_is_watched(desk: Desk, sit_down: Open) -> None:
    page = sit_down()
    page.keyboard.press("j")
    comment = focused(page)
    page.keyboard.press("i")
    drawer = page.locator("#drawer")
    drawer.get_by_role("button", name="Watched").click()
    expect(drawer.get_by_text("Watched: always held")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(f"#c-{comment}")).to_be_focused()
    author = f"Comment.objects.get(pk='{comment}').author"
    assert desk.rows(f"{author}.trust") == "watched"
    desk.python("from comments.models import *\nAuthor.objects.update(trust='by_record')")


def test_a_reply_is_published_from_the_queue(desk: Desk, sit_down: Open) -> None:
    page = sit_down(f"{QUEUE}?order=newest")
    page.keyboard.press("j")
    comment = focused(page)
    page.keyboard.press("c")
    page.keyboard.type("The plan is online.")
    page.get_by_label("Quote the comment, word for word").check()
    page.get_by_role("button", name="Publish reply").click()
    expect(page.locator(f"#c-{comment}")).to_have_count(0)
    body = desk.rows(f"Comment.objects.get(parent='{comment}', status='approved').body")
    assert body.startswith("> Number")
    assert body.endswith("The plan is online.")


def swipe(page: Page, by: int) -> None:
    """Move a finger across the comment that is shown, by so many pixels."""
    box = page.locator(".card.current .text").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + 10
    fingers = page.context.new_cdp_session(page)
    for kind, moved in (("touchStart", 0), ("touchMove", by // 2), ("touchMove", by)):
        points = [{"x": x + moved, "y": y}]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_on_a_phone_a_swipe_decides_about_one_comment_at_a_time(desk: Desk, sit_down: Open) -> None:
    page = sit_down(**PHONE)
    page.get_by_role("button", name="Focus", exact=True).tap()
    shown = page.locator("#cards > .card:visible")
    expect(shown).to_have_count(1)
    first = str(shown.get_attribute("data-comment"))
    swipe(page, 40)
    assert status(desk, first) == "held"
    swipe(page, 150)
    settled(page, first)
    expect(page.get_by_text("1 of ")).to_be_visible()
    expect(shown).to_have_count(1)
    second = str(shown.get_attribute("data-comment"))
    swipe(page, -150)
    # No tap: Chromium takes one that follows at once for the end of the swipe's fling.
    page.get_by_role("button", name="Insult").click()
    expect(page.locator(f"#c-{second}")).to_have_count(0, timeout=30_000)
    assert [status(desk, first), status(desk, second)] == ["approved", "rejected"]
