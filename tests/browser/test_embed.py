"""The script in other people's pages: what it brings and leaves alone, what readers do there."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, expect

from tests import messages
from tests.browser.conftest import FASTEST

Visit = Callable[..., Page]
STRICT = (
    "default-src 'none'; script-src {served}; connect-src {served}; style-src 'self'; "
    "base-uri 'none'; require-trusted-types-for 'script'; trusted-types leave-a-reply"
)
# Many tests post it: a longer one, said again, would be held as a repetition.
CALM = "A calm remark on a winter timetable."
UNKIND = "Typical of this council: a stupid plan by stupid people, you idiots."


def section(page: Page):
    return page.locator("leave-a-reply")


def fill(page: Page, body: str, name: str = "Ann Reader") -> None:
    page.get_by_label("Your reply").fill(body)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Email", exact=False).first.fill("ann.reader@mail.example")


def post(page: Page, body: str) -> None:
    fill(page, body)
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_text("Thank you. Your reply is being looked at")).to_be_visible()


def comment(page: Page, body: str):
    return page.get_by_role("article").filter(has_text=body)


# In the page


def test_it_works_under_a_strict_policy_and_asks_nobody_else(article: Visit) -> None:
    asked: list[Request] = []
    complaints: list[str] = []

    def watch(page: Page) -> None:
        page.on("request", lambda request: asked.append(request))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))

    page = article(csp=STRICT, watch=watch)
    expect(comment(page, "Berit")).to_be_visible()
    assert section(page).locator("form").evaluate("e => getComputedStyle(e).display") == "grid"
    assert complaints == []
    assert {re.sub(r":\d+.*", "", r.url) for r in asked} == {"http://localhost", "http://127.0.0.1"}
    assert page.context.cookies() == []


def test_it_takes_the_type_and_the_colours_of_the_page(article: Visit) -> None:
    styles = """<style>body { font-family: monospace; color: rgb(70, 20, 20) }
      :root { --reply-accent: rgb(120, 0, 120) }
      leave-a-reply::part(button) { text-transform: uppercase }</style>"""
    page = article(styles=styles)
    body = section(page).locator(".body").filter(has_text="second movement").first
    style = "(e, name) => getComputedStyle(e)[name]"
    assert body.evaluate(style, "fontFamily") == "monospace"
    assert body.evaluate(style, "color") == "rgb(70, 20, 20)"
    page.get_by_label("Your reply").focus()
    button = section(page).get_by_role("button", name="Post reply")
    assert button.evaluate(style, "backgroundColor") == "rgb(120, 0, 120)"
    assert button.evaluate(style, "textTransform") == "uppercase"


@pytest.mark.parametrize(
    ("attributes", "styles", "expected"),
    [
        ('thread="demo"', "", "light"),
        ('thread="demo"', "<style>:root { color-scheme: light dark }</style>", "dark"),
        ('thread="demo" theme="dark"', "", "dark"),
        ('thread="demo" theme="light"', "<style>:root { color-scheme: dark }</style>", "light"),
    ],
)
def test_it_is_as_dark_as_the_page_or_as_it_is_told(
    article: Visit, attributes: str, styles: str, expected: str
) -> None:
    page = article(attributes, styles=styles, color_scheme="dark")
    accent = section(page).locator("time").locator("..").first
    expect(accent).to_be_visible()
    reply = section(page).get_by_role("button", name="Reply ·").first
    colours = {"light": "rgb(31, 98, 80)", "dark": "rgb(127, 203, 178)"}
    assert reply.evaluate("e => getComputedStyle(e).color") == colours[expected]


@pytest.mark.parametrize("language", messages.languages())
def test_it_speaks_the_language_of_the_page(article: Visit, language: str) -> None:
    page = article(language=f'lang="{language}"')
    catalogs = [messages.read(domain, language) for domain in messages.DOMAINS]
    said = {message.id: message.string for catalog in catalogs for message in catalog}
    for text in ("Leave a Reply", "Your email address will not be published.", "Newest first"):
        expect(section(page)).to_contain_text(said[text])
    direction = "rtl" if language == "ar" else "ltr"
    expect(section(page).locator("section")).to_have_attribute("dir", direction)
    expect(section(page).locator("section")).to_have_attribute("lang", language)


def test_it_speaks_english_on_pages_in_languages_that_it_does_not_know(article: Visit) -> None:
    page = article(language='lang="sv"')
    expect(section(page).locator("section")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", name="Leave a Reply")).to_be_visible()


def test_nothing_jumps_while_it_loads(visit: Visit) -> None:
    page = visit("/demo/", viewport={"width": 1280, "height": 6000})
    expect(section(page).get_by_role("article").filter(has_text="Berit")).to_be_visible()
    shifted = page.evaluate(
        """() => new Promise(done => new PerformanceObserver(list =>
             done(list.getEntries().reduce((sum, e) => sum + e.value, 0)))
             .observe({type: 'layout-shift', buffered: true}) || setTimeout(() => done(0), 500))"""
    )
    assert shifted < 0.02


def test_a_page_hears_what_happens(article: Visit) -> None:
    page = article()
    page.evaluate(
        "() => { window.heard = []; addEventListener('leave-a-reply:loaded',"
        " e => heard.push(e.detail.count)) }"
    )
    section(page).get_by_label("Order of replies").select_option("oldest")
    page.wait_for_function("window.heard.length")
    assert page.evaluate("heard[0]") >= 11


COUNT = """
  ([served, names]) => {
    document.body.replaceChildren(...names.map((name) => {
      const link = document.createElement('a');
      link.dataset.replies = name;
      return link;
    }));
    const script = document.createElement('script');
    Object.assign(script, {type: 'module', src: `${served}/counts.js?site=demo`});
    document.body.append(script);
  }
"""


def test_a_list_of_articles_has_its_counts(article: Visit, served: str) -> None:
    page = article()
    page.evaluate(COUNT, [served, ["long", "nothing yet"]])
    expect(page.locator("a").first).to_have_text("105 replies")
    expect(page.locator("a").last).to_have_text("No replies yet")


def test_a_list_of_many_articles_has_all_its_counts(article: Visit, served: str) -> None:
    page = article()
    names = [f"https://gazette.example/{n}/{'a-long-address-' * 5}" for n in range(250)]
    page.evaluate(COUNT, [served, [*names, "long"]])
    expect(page.get_by_text("No replies yet")).to_have_count(250)
    expect(page.locator("a").last).to_have_text("105 replies")


# Reading


def test_more_replies_are_added_below_and_nothing_moves(article: Visit) -> None:
    page = article('thread="long"')
    more = page.get_by_role("button", name="More replies", exact=True)
    expect(more).to_be_visible()
    more.scroll_into_view_if_needed()
    last = comment(page, "Remark number 25.")
    before = last.bounding_box()["y"]
    more.click()
    expect(comment(page, "Remark number 24.")).to_be_visible()
    assert abs(last.bounding_box()["y"] - before) < 2
    focused = "document.activeElement.shadowRoot.activeElement.innerText"
    assert "Remark number 24." in page.evaluate(focused)


def test_a_large_branch_shows_the_rest_where_it_belongs(article: Visit) -> None:
    page = article('thread="long"')
    for _ in range(5):
        button = page.get_by_role("button", name=re.compile(r"Show \d+ more repl"))
        if not button.count():
            expect(section(page).locator("li")).not_to_have_count(0)
        if comment(page, "Remark number 104.").count():
            break
        button.click()
        page.wait_for_timeout(300)
    branch = section(page).locator("li").filter(has_text="Remark number 44.").first
    expect(branch.get_by_role("article").filter(has_text="Remark number 104.")).to_be_visible()


def test_a_permalink_opens_the_page_where_its_comment_stands(article: Visit) -> None:
    page = article('thread="long"', language='lang="en"')
    section(page).get_by_label("Order of replies").select_option("oldest")
    oldest = comment(page, "Remark number 0.")
    expect(oldest).to_be_visible()
    anchor = oldest.get_by_role("link").last.get_attribute("href")
    page = article('thread="long"', anchor=anchor)
    expect(comment(page, "Remark number 0.")).to_be_in_viewport()
    expect(section(page).locator(".marked")).to_contain_text("Remark number 0.")
    before = page.get_by_role("button", name="Previous replies")
    before.click()
    expect(comment(page, "Remark number 1.")).to_be_attached()
    expect(comment(page, "Remark number 0.")).to_be_in_viewport()


def test_the_best_come_first_when_asked_for(article: Visit) -> None:
    page = article()
    section(page).get_by_label("Order of replies").select_option("best")
    expect(section(page).get_by_role("article").first).to_contain_text("drawing of the seal")


def test_a_vote_is_counted_and_taken_back(article: Visit) -> None:
    page = article()
    up = comment(page, "What would a smaller boat").get_by_role("button", name="Vote for")
    expect(up).to_contain_text("15")
    up.click()
    expect(up).to_contain_text("16")
    expect(up).to_have_attribute("aria-pressed", "true")
    up.click()
    expect(up).to_contain_text("15")
    expect(up).to_have_attribute("aria-pressed", "false")


def test_a_report_needs_a_reason_and_is_thanked_for(article: Visit) -> None:
    page = article()
    page.get_by_role("button", name="Report · Maja").click()
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("radio", name="Private data")).to_be_visible()
    page.get_by_role("radio", name="Private data").check()
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_text("Thank you. The moderators will look at that reply.")).to_be_visible()


def test_new_replies_are_announced_and_shown_when_asked_for(article: Visit) -> None:
    reader = article('thread="news" refresh="1"')
    expect(reader.get_by_text("No replies yet")).to_be_visible()
    post(article('thread="news"'), "The first word on this page, from the quay.")
    expect(reader.get_by_role("status").filter(has_text="1 new reply")).to_be_visible()
    assert comment(reader, "The first word").count() == 0
    reader.get_by_role("button", name="Show", exact=True).click()
    expect(comment(reader, "The first word")).to_be_visible()
    expect(reader.get_by_role("heading", name="1 reply")).to_be_visible()


# Writing


def test_a_preview_follows_what_is_typed(article: Visit) -> None:
    page = article()
    page.get_by_label("Your reply").fill("A *lively* remark")
    page.get_by_text("Preview", exact=True).click()
    expect(section(page).locator(".preview em")).to_have_text("lively")
    page.get_by_label("Your reply").fill("A **strong** remark")
    expect(section(page).locator(".preview strong")).to_have_text("strong")


def test_characters_are_counted_as_people_count_them(article: Visit) -> None:
    page = article()
    page.get_by_label("Your reply").fill("😀" * 4990)
    expect(page.get_by_text("10 characters left")).to_be_visible()
    page.get_by_label("Your reply").fill("x" * 5001)
    expect(page.get_by_text("1 character too many")).to_be_visible()


def test_a_double_click_posts_once(article: Visit) -> None:
    posts: list[Request] = []
    page = article('thread="once"', watch=lambda p: p.on("request", lambda r: posts.append(r)))
    fill(page, "Once is enough for this remark.")
    page.get_by_role("button", name="Post reply").dblclick()
    expect(page.get_by_text("Thank you. Your reply is being looked at")).to_be_visible()
    sent = [r for r in posts if r.method == "POST" and r.url.endswith("/comments")]
    assert len(sent) == 1


def test_an_author_sees_it_published_without_a_reload(article: Visit) -> None:
    page = article('thread="soon"')
    post(page, CALM)
    expect(page.get_by_text("Your reply is published.")).to_be_visible()
    assert "Waiting" not in comment(page, CALM).inner_text()


def test_a_gentle_word_comes_once_before_unkind_ones_are_posted(article: Visit) -> None:
    page = article('thread="unkind"')
    fill(page, UNKIND)
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_role("group", name="Readers may")).to_be_focused()
    expect(section(page).locator("mark").first).to_contain_text("stupid")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_label("Your reply")).to_be_focused()
    page.get_by_role("button", name="Post reply").click()
    own = comment(page, UNKIND)
    expect(own.get_by_text("Waiting to be published. Only you see it.")).to_be_visible()
    expect(own.get_by_role("link", name="Follow your reply")).to_be_visible()


def test_an_author_changes_and_deletes_a_reply(article: Visit) -> None:
    page = article('thread="changes"')
    post(page, "A remark with a mistaek.")
    own = comment(page, "A remark with a")
    own.get_by_role("button", name="Edit").click()
    own.get_by_label("Your reply").fill("A remark with a mistake mended.")
    own.get_by_role("button", name="Save").click()
    expect(comment(page, "mistake mended")).to_be_visible()
    comment(page, "mistake mended").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Delete this reply for good?")).to_be_visible()
    section(page).locator(".dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Your reply is deleted.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("No replies yet")).to_be_visible()


def test_nobody_is_remembered_who_did_not_ask_for_it(article: Visit) -> None:
    page = article('thread="unknown"')
    post(page, "Do not remember me, please, dear browser.")
    page.reload()
    page.get_by_label("Your reply").focus()
    expect(page.get_by_label("Name")).to_have_value("")
    assert "ann.reader" not in page.evaluate("JSON.stringify(localStorage)")


def test_who_asks_for_it_is_remembered_here_until_the_mark_is_gone(article: Visit) -> None:
    page = article('thread="known"')
    fill(page, "Remember me, for I shall write again.")
    page.get_by_label("Remember me in this browser").check()
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_text("Thank you. Your reply is being looked at")).to_be_visible()
    page.reload()
    page.get_by_label("Your reply").focus()
    expect(page.get_by_label("Name")).to_have_value("Ann Reader")
    page.get_by_label("Remember me in this browser").uncheck()
    page.reload()
    page.get_by_label("Your reply").focus()
    expect(page.get_by_label("Name")).to_have_value("")


def test_each_reply_has_a_draft_of_its_own(article: Visit) -> None:
    page = article()
    page.get_by_label("Your reply").fill("For the page")
    page.get_by_role("button", name="Reply · Maja").click()
    expect(page.get_by_label("Your reply")).to_have_value("")
    page.get_by_label("Your reply").fill("For Maja")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_label("Your reply")).to_have_value("For the page")
    page.reload()
    page.get_by_role("button", name="Reply · Maja").click()
    expect(page.get_by_label("Your reply")).to_have_value("For Maja")


# Without JavaScript


def test_without_javascript_the_gentle_word_comes_once_as_well(visit: Visit) -> None:
    page = visit("/sites/demo/thread?key=plain", javascript=False)
    page.get_by_label("Your reply").fill(UNKIND)
    page.get_by_label("Name").fill("Ann")
    page.get_by_label("Email").first.fill("ann@mail.example")
    page.wait_for_timeout(FASTEST)
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator("mark").first).to_contain_text("stupid")
    page.wait_for_timeout(FASTEST)
    page.get_by_role("button", name="Post anyway").click()
    own = comment(page, UNKIND)
    expect(own.get_by_text("Waiting to be published. Only you see it.")).to_be_visible()
    expect(page.get_by_role("link", name="Follow your reply")).to_be_visible()


def test_without_javascript_there_is_a_preview_and_nothing_is_lost(visit: Visit) -> None:
    page = visit("/sites/demo/thread?key=demo", javascript=False)
    page.get_by_label("Your reply").fill("A *lively* remark")
    page.get_by_label("Name").fill("Ann")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview em")).to_have_text("lively")
    expect(page.get_by_label("Your reply")).to_have_value("A *lively* remark")
    expect(page.get_by_label("Name")).to_have_value("Ann")
