"""The element lives as long as its page: attributes, navigation, moves, odd values, sub-paths."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from playwright.sync_api import ConsoleMessage, Error, Page, Request, Route, expect

from tests.browser.test_embed import CALM, comment, post, section

Visit = Callable[..., Page]


def set_attribute(page: Page, name: str, value: str) -> None:
    page.evaluate(
        "([name, value]) => document.querySelector('leave-a-reply').setAttribute(name, value)",
        [name, value],
    )


def names_asked(page_requests: list[Request]) -> list[str]:
    """Return which threads were listed."""
    lists = [r.url for r in page_requests if re.search(r"/comments\?", r.url)]
    return [re.search(r"thread=([^&]*)", url)[1] for url in lists]


def sent(requests: list[Request]) -> list[dict]:
    posts = [r for r in requests if r.method == "POST" and r.url.endswith("/comments")]
    return [json.loads(request.post_data or "{}") for request in posts]


@pytest.fixture
def asked() -> list[Request]:
    return []


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def watch(asked: list[Request], said: list[str]) -> Callable[[Page], None]:
    """Note what a page requests, and what it writes to the console or throws."""

    def listen(page: Page) -> None:
        page.on("request", lambda request: asked.append(request))
        page.on("console", lambda message: said.append(text(message)))
        page.on("pageerror", lambda error: said.append(f"error {error}"))

    return listen


def text(message: ConsoleMessage) -> str:
    return f"{message.type} {message.text}"


# Attributes


def test_another_thread_is_shown_and_posted_to(article: Visit, watch, asked: list[Request]) -> None:
    page = article('thread="life-a"', watch=watch)
    expect(page.get_by_text("No replies yet")).to_be_visible()
    set_attribute(page, "thread", "demo")
    expect(comment(page, "Berit")).to_be_visible()
    set_attribute(page, "thread", "life-b")
    expect(page.get_by_text("No replies yet")).to_be_visible()
    post(page, CALM)
    assert sent(asked)[-1]["thread"]["key"] == "life-b"
    assert section(page).locator("section").count() == 1


def test_the_page_is_named_without_the_space_around_it(
    article: Visit, watch, asked: list[Request]
) -> None:
    page = article('thread="\n  demo\n"', watch=watch)
    expect(comment(page, "Berit")).to_be_visible()
    assert names_asked(asked) == ["demo"]


def test_an_order_from_outside_is_followed(article: Visit) -> None:
    page = article('thread="long"')
    expect(comment(page, "Remark number 44.")).to_be_visible()
    set_attribute(page, "sort", "oldest")
    expect(comment(page, "Remark number 0.")).to_be_visible()
    expect(page.get_by_label("Order of replies")).to_have_value("oldest")


def test_an_unknown_order_is_the_usual_one_and_the_owner_is_told(
    article: Visit, watch, said: list[str]
) -> None:
    page = article('thread="demo" sort="top"', watch=watch)
    expect(page.get_by_label("Order of replies")).to_have_value("newest")
    assert any('sort="top"' in line for line in said)


def test_another_language_is_spoken_at_once(article: Visit) -> None:
    page = article()
    expect(page.get_by_role("heading", name="Leave a Reply")).to_be_visible()
    page.evaluate("document.documentElement.lang = 'de'")
    expect(page.get_by_role("heading", name="Antwort schreiben")).to_be_visible()


def test_a_text_outlives_another_language(article: Visit) -> None:
    page = article()
    page.get_by_label("Your reply").fill("Half a thought")
    page.get_by_label("Name").fill("Ann")
    set_attribute(page, "lang", "fr")
    expect(section(page).locator("section")).to_have_attribute("lang", "fr")
    expect(section(page).locator("textarea")).to_have_value("Half a thought")
    expect(section(page).locator("[name=author_name]")).to_have_value("Ann")


@pytest.mark.parametrize(
    ("tag", "locale"),
    [
        ("de-", "de"),
        ("de--x", "de"),
        ("fr-français", "fr"),
        ("de_AT", "de-AT"),
        ("de_DE.UTF-8", "de-DE"),
        ("DE", "de"),
        ("en-GB", "en-GB"),
        ("zh-Hant-TW", "en"),
        ("x-klingon", "en"),
        ("-", "en"),
        ("de-" + "-".join(["1234567a"] * 8), "de"),
    ],
)
def test_a_language_is_taken_as_far_as_it_is_one(
    article: Visit, watch, said: list[str], tag: str, locale: str
) -> None:
    page = article(language=f'lang="{tag}"', watch=watch)
    expect(comment(page, "Berit")).to_be_visible()
    shown = section(page).locator("section").get_attribute("lang")
    assert shown is not None
    assert shown.startswith(locale)
    assert len(shown) <= 35
    assert said == []


def test_it_waits_for_its_site(article: Visit, watch, asked: list[Request]) -> None:
    page = article(watch=watch)
    expect(comment(page, "Berit")).to_be_visible()
    asked.clear()
    page.evaluate(
        """() => {
          const late = document.createElement('leave-a-reply');
          document.querySelector('leave-a-reply').replaceWith(late);
          setTimeout(() => late.setAttribute('thread', 'demo'), 100);
          setTimeout(() => late.setAttribute('site', 'demo'), 300);
        }"""
    )
    expect(comment(page, "Berit")).to_be_visible()
    assert not [r.url for r in asked if "null" in r.url]
    assert names_asked(asked) == ["demo"]


def test_attributes_one_by_one_load_one_thread(article: Visit, watch, asked: list[Request]) -> None:
    page = article(watch=watch)
    expect(comment(page, "Berit")).to_be_visible()
    asked.clear()
    page.evaluate(
        """() => {
          const late = document.createElement('leave-a-reply');
          document.querySelector('leave-a-reply').replaceWith(late);
          for (const name of ['site', 'thread']) late.setAttribute(name, 'demo');
        }"""
    )
    expect(comment(page, "Berit")).to_be_visible()
    assert names_asked(asked) == ["demo"]


def test_the_owner_is_told_that_a_site_is_missing(article: Visit, watch, said: list[str]) -> None:
    page = article(watch=watch)
    page.evaluate("document.querySelector('leave-a-reply').removeAttribute('site')")
    page.evaluate("document.body.append(document.createElement('leave-a-reply'))")
    page.wait_for_timeout(5500)
    assert any("“site” is missing" in line for line in said)


# Navigation


def test_navigation_without_a_load_is_followed(article: Visit, watch, asked: list[Request]) -> None:
    page = article("", watch=watch)
    expect(page.get_by_text("No replies yet")).to_be_visible()
    page.evaluate("history.pushState({}, '', '/another')")
    page.wait_for_timeout(400)
    page.go_back()
    page.wait_for_timeout(400)
    base = page.url.rsplit("/", 1)[0].replace(":", "%3A").replace("/", "%2F")
    assert names_asked(asked) == [f"{base}%2F{name}" for name in ("story", "another", "story")]


def test_after_navigation_a_reply_goes_to_the_page_that_is_seen(
    article: Visit, watch, asked: list[Request]
) -> None:
    page = article("", watch=watch)
    expect(page.get_by_text("No replies yet")).to_be_visible()
    page.evaluate("history.pushState({}, '', '/seen'); document.title = 'What is seen'")
    page.wait_for_timeout(400)
    expect(page.get_by_text("No replies yet")).to_be_visible()
    post(page, CALM)
    thread = sent(asked)[-1]["thread"]
    assert thread["url"].endswith("/seen")
    assert thread["title"] == "What is seen"


def test_a_page_with_a_key_stays_where_it_is(article: Visit, watch, asked: list[Request]) -> None:
    page = article(watch=watch)
    expect(comment(page, "Berit")).to_be_visible()
    page.evaluate("history.pushState({}, '', '/story?photo=3')")
    page.wait_for_timeout(400)
    assert names_asked(asked) == ["demo"]


def test_a_canonical_link_counts_unless_it_was_left_behind(
    article: Visit, watch, asked: list[Request]
) -> None:
    canonical = '<link rel="canonical" href="/canonical">'
    page = article("", styles=canonical, watch=watch)
    expect(page.get_by_text("No replies yet")).to_be_visible()
    page.evaluate("history.pushState({}, '', '/other')")
    page.wait_for_timeout(400)
    page.evaluate("document.querySelector('[rel=canonical]').href = '/new'")
    page.wait_for_timeout(400)
    asked_for = [name.rsplit("%2F", 1)[1] for name in names_asked(asked)]
    assert asked_for == ["canonical", "other", "new"]


def test_a_route_behind_the_hash_is_a_page_and_an_anchor_is_none(
    article: Visit, watch, asked: list[Request]
) -> None:
    page = article("", watch=watch)
    expect(page.get_by_text("No replies yet")).to_be_visible()
    for anchor in ("#section", "#/guide", "#/guide#comment-none"):
        page.evaluate("anchor => { location.hash = anchor }", anchor)
        page.wait_for_timeout(400)
    names = [name.rsplit("%2F", 1)[1] for name in names_asked(asked) if "around" not in name]
    assert list(dict.fromkeys(names)) == ["story", "guide"]


# Its place in the document


def test_moved_it_keeps_what_it_shows(article: Visit, watch, asked: list[Request]) -> None:
    page = article(watch=watch)
    page.get_by_label("Your reply").fill("Half a thought")
    page.evaluate("document.body.prepend(document.querySelector('leave-a-reply'))")
    page.wait_for_timeout(300)
    expect(page.get_by_label("Your reply")).to_have_value("Half a thought")
    assert names_asked(asked) == ["demo"]


def test_removed_it_ends_and_put_back_it_begins_anew(
    article: Visit, watch, asked: list[Request]
) -> None:
    page = article('thread="demo" refresh="1"', watch=watch)
    page.get_by_label("Your reply").fill("Half a thought")
    page.evaluate("(window.kept = document.querySelector('leave-a-reply')).remove()")
    page.wait_for_timeout(300)
    asked.clear()
    page.wait_for_timeout(1500)
    page.evaluate("history.pushState({}, '', '/elsewhere#comment-1')")
    page.wait_for_timeout(300)
    assert asked == []
    page.evaluate("document.body.append(window.kept)")
    expect(comment(page, "Berit")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value("Half a thought")


def test_two_on_one_page_are_apart(article: Visit) -> None:
    page = article()
    expect(comment(page, "Berit")).to_be_visible()
    page.evaluate(
        """() => {
          const second = document.createElement('leave-a-reply');
          Object.entries({site: 'demo', thread: 'two', lang: 'de'})
            .forEach(([name, value]) => second.setAttribute(name, value));
          document.body.append(second);
        }"""
    )
    second = page.locator("leave-a-reply").last
    expect(second.get_by_role("heading", name="Antwort schreiben")).to_be_visible()
    first = page.locator("leave-a-reply").first
    first.get_by_label("Your reply").fill("For the first")
    expect(second.locator("textarea")).to_have_value("")
    set_attribute(page, "sort", "oldest")
    expect(first.get_by_label("Order of replies")).to_have_value("oldest")


@pytest.mark.parametrize("csp", ["", "trusted-types leave-a-reply"])
def test_the_script_may_be_there_twice(
    article: Visit, served: str, watch, said: list[str], csp: str
) -> None:
    twice = f'<script type="module" src="{served}/embed.js?again"></script>'
    page = article(styles=twice, csp=csp, watch=watch)
    expect(comment(page, "Berit")).to_be_visible()
    comment(page, "Berit").first.get_by_role("button", name="More ·").click()
    expect(page.get_by_role("button", name="Copy link")).to_be_visible()
    assert said == []


def test_the_base_of_the_document_leads_nowhere(article: Visit) -> None:
    page = article(styles='<base href="/">')
    original = comment(page, "Berit").first
    original.locator("a.when").first.click()
    page.wait_for_timeout(300)
    assert re.search(r"/story#comment-[\w-]+$", page.url)
    expect(section(page).locator(".marked")).to_have_count(1)


def test_below_a_path_everything_is_found(visit: Visit, served: str) -> None:
    """A proxy at /comments/ takes that off, so that links in answers lack it."""
    host = served.replace("127.0.0.1", "localhost")
    document = f"""<!doctype html><html lang="en"><title>A story</title><main>
      <script type="module" src="{host}/comments/embed.js"></script>
      <leave-a-reply site="demo" thread="long"></leave-a-reply></main>"""
    outside: list[str] = []

    def proxy(route: Route) -> None:
        path = route.request.url.removeprefix(host)
        if path == "/story":
            route.fulfill(body=document, content_type="text/html")
        elif path.startswith("/comments/"):
            url = served + path.removeprefix("/comments")
            route.fulfill(response=route.fetch(url=url))
        else:
            outside.append(path)
            route.fulfill(status=404, body="nothing here")

    page = visit(f"{host}/story", prepare=lambda page: page.route("**/*", proxy))
    page.get_by_role("button", name="More replies", exact=True).click()
    expect(comment(page, "Remark number 24.")).to_be_visible()
    page.get_by_role("button", name=re.compile(r"Show \d+ more repl")).first.click()
    expect(comment(page, "Remark number 90.")).to_be_attached()
    page.get_by_role("button", name="Report ·").first.click()
    expect(page.get_by_role("button", name="Send report")).to_be_visible()
    assert set(outside) <= {"/favicon.ico"}


# The clock


def fast(page: Page, hours: int) -> None:
    """Set the reader's clock wrong."""
    page.add_init_script(
        f"""const RealDate = Date, off = {hours} * 3600000;
        Date = class extends RealDate {{
          constructor(...given) {{ given.length ? super(...given) : super(RealDate.now() + off) }}
          static now() {{ return RealDate.now() + off }}
        }}"""
    )


def with_the_time(page: Page) -> None:
    """Give the form the server's time."""

    def answer(route: Route) -> None:
        # The page may be closed before the answer is there.
        with suppress(Error):
            response = route.fetch()
            now = datetime.now(UTC).isoformat()
            route.fulfill(response=response, json={**response.json(), "now": now})

    page.route("**/form?*", answer)


@pytest.mark.parametrize("hours", [2, -2])
def test_a_wrong_clock_changes_nothing(article: Visit, hours: int) -> None:
    def watch(page: Page) -> None:
        fast(page, hours)
        with_the_time(page)

    page = article(f'thread="clock {hours}"', watch=watch)
    post(page, CALM)
    own = comment(page, CALM)
    expect(own.get_by_role("button", name="Edit")).to_be_visible()
    assert re.search(r"second|now|minute", own.locator("time").inner_text())


def test_the_offer_to_edit_goes_with_its_time(article: Visit) -> None:
    page = article('thread="too late"', watch=with_the_time)
    post(page, CALM)
    own = comment(page, CALM)
    expect(own.get_by_role("button", name="Edit")).to_be_visible()
    # The form has its next token, and with that the time.
    button = page.get_by_role("button", name="Post reply")
    expect(button).to_have_attribute("aria-disabled", "false")
    page.evaluate("const real = Date.now; Date.now = () => real() + 24 * 3600000")
    expect(own.get_by_role("button", name="Edit")).to_have_count(0, timeout=15_000)
    expect(own.get_by_role("button", name="Delete")).to_be_visible()


# What pages may call and hear


def test_a_page_reloads_it_and_hears_of_it(article: Visit, watch, asked: list[Request]) -> None:
    page = article(watch=watch)
    expect(comment(page, "Berit")).to_be_visible()
    asked.clear()
    count = page.evaluate(
        """async () => {
          const element = document.querySelector('leave-a-reply');
          const ready = new Promise(done => addEventListener('leave-a-reply:ready', done));
          await element.reload();
          return (await ready).detail.count;
        }"""
    )
    assert count >= 11
    assert names_asked(asked) == ["demo"]
