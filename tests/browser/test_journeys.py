"""What people do, done in Chromium against the site that `make run` serves."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import FASTEST, PASSWORD

Visit = Callable[..., Page]
WITHOUT_JAVASCRIPT = "/sites/demo/thread?key=demo"
EMAIL = "ann.reader@mail.example"


def fill(page: Page, body: str, *, email: str = EMAIL) -> None:
    page.get_by_label("Your reply").fill(body)
    page.get_by_label("Name").fill("Ann Reader")
    page.get_by_label("Email", exact=False).first.fill(email)
    page.wait_for_timeout(FASTEST)
    page.get_by_role("button", name="Post reply").click()


def comment(page: Page, body: str):
    return page.get_by_role("article").filter(has_text=body)


def appears(page: Page, body: str) -> None:
    """Wait until a comment is public, reloading as a reader would."""
    for _ in range(20):
        page.reload()
        page.wait_for_timeout(700)
        if comment(page, body).count():
            return
    raise AssertionError(f"it never appeared: {body}")


def test_a_reply_with_javascript_is_screened_and_appears(visit: Visit) -> None:
    body = "My sister took that boat for eleven years, thank you for the report."
    page = visit("/demo/")
    fill(page, body)
    expect(page.get_by_text("Thank you. Your reply is being looked at")).to_be_visible()
    expect(comment(page, body)).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value("")
    appears(visit("/demo/"), body)


def test_a_reply_without_javascript_is_screened_and_appears(visit: Visit) -> None:
    body = "Could the paper print the winter timetable as well, please?"
    page = visit(WITHOUT_JAVASCRIPT, javascript=False)
    fill(page, body)
    expect(comment(page, body).get_by_text("Waiting to be published")).to_be_visible()
    appears(visit(WITHOUT_JAVASCRIPT, javascript=False), body)


def test_the_article_without_javascript_has_the_form_in_a_frame(visit: Visit) -> None:
    page = visit("/demo/", javascript=False)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Leave a Reply")).to_be_visible()


def test_an_answer_to_a_reply_stands_below_it(visit: Visit) -> None:
    page = visit("/demo/")
    original = page.get_by_role("listitem").filter(has_text="bicycle fare")
    original.get_by_role("button", name="Reply · Tom Abara").click()
    expect(page.get_by_role("heading", name="Reply to Tom Abara")).to_be_visible()
    fill(page, "It is two crowns until March, I asked at the ticket office.")
    answer = original.get_by_role("listitem").filter(has_text="two crowns until March")
    expect(answer).to_be_visible()


def test_an_error_stands_by_its_field_and_the_text_stays(visit: Visit) -> None:
    page = visit("/demo/")
    page.get_by_label("Your reply").fill("A reply with a wrong website.")
    page.get_by_label("Name").fill("Ann")
    page.get_by_label("Email", exact=False).first.fill(EMAIL)
    page.get_by_label("Website").fill("http://not a website")
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_text("Enter a valid URL.")).to_be_visible()
    expect(page.get_by_label("Website")).to_be_focused()
    expect(page.get_by_label("Your reply")).to_have_value("A reply with a wrong website.")


def test_a_draft_survives_a_reload(visit: Visit) -> None:
    page = visit("/demo/")
    page.get_by_label("Your reply").fill("Half a thought")
    page.reload()
    expect(page.get_by_label("Your reply")).to_have_value("Half a thought")


def test_people_meet_the_decoy_neither_by_eye_nor_by_keyboard(visit: Visit) -> None:
    for path in ("/demo/", WITHOUT_JAVASCRIPT):
        page = visit(path)
        page.get_by_label("Your reply").focus()
        decoy = page.locator(".aside input")
        box = decoy.evaluate("e => e.closest('.aside').getBoundingClientRect().toJSON()")
        assert box["width"] <= 1
        assert box["height"] <= 1
        assert page.get_by_role("textbox", name="Email again").count() == 0
        page.get_by_label("Your reply").focus()
        for _ in range(10):
            page.keyboard.press("Tab")
            assert not decoy.evaluate("e => e === e.getRootNode().activeElement")


def test_a_moderator_approves_what_was_held_and_the_reader_sees_it(visit: Visit) -> None:
    author = "Old sailor"  # of the demo; other tests of this site write what he wrote
    desk = visit("/admin/")
    desk.get_by_label("Email").fill("moderator@staff.example")
    desk.get_by_label("Password").fill(PASSWORD)
    desk.keyboard.press("Enter")
    held = desk.get_by_role("article", name=author)
    expect(held).to_be_visible()
    held.get_by_role("button", name="Approve").click()
    expect(desk.get_by_role("button", name="Undo")).to_be_visible()
    expect(held).to_have_count(0)
    expect(comment(visit("/demo/"), author)).to_be_visible()


def test_no_address_is_in_any_page(visit: Visit) -> None:
    for path in ("/demo/", WITHOUT_JAVASCRIPT):
        page = visit(path)
        page.wait_for_timeout(500)
        assert "@reader.example" not in page.content()
        assert EMAIL not in page.locator("body").inner_text()
