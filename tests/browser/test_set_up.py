"""From `make run` to a first comment approved from a mail, all in the browser."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.axe import COLOURS, RULES, violations
from tests.browser.test_letters import Mailbox
from tests.services.processes import Process, free_port, listens, wait_for

SITE = "http://gazette.localhost"
FASTEST = 3200  # milliseconds
COLLEAGUE, HER_PASSWORD = "kim@gazette.example", "plain-orchard-lantern-7"
COMMENT = "Thank you for this story, which I read twice."
ARTICLE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A story</title>
</head><body><main><h1>A story</h1>{snippet}</main></body></html>"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the installation keeps its data, mails included."""
    return tmp_path_factory.mktemp("fresh")


@pytest.fixture
def mailbox(data: Path) -> Mailbox:
    return Mailbox(data / "mail")


@pytest.fixture(scope="module")
def fresh(data: Path) -> Iterator[str]:
    """Start an installation as `make run` does, with nothing in its folder or its environment."""
    port = free_port()
    bare = [f"PATH={os.environ['PATH']}", f"PORT={port}", f"DATA_DIR={data}"]
    run = [sys.executable, "-m", "config.run"]
    server = Process(["env", "-i", *bare, *run], {}, data / "log")
    try:
        wait_for(lambda: listens(port), seconds=120, what="the installation")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()


def printed(data: Path, name: str) -> str:
    """Return what the first start printed after a name, such as the password."""
    found = re.search(rf"^{name} +(\S+)$", (data / "log").read_text(), re.MULTILINE)
    assert found, f"nothing printed for {name}"
    return found[1]


@pytest.fixture
def owner(fresh: str, data: Path, chromium: Browser) -> Iterator[Page]:
    """Whoever started it, signed in with the login that was printed."""
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    context.set_default_timeout(45_000)
    page = context.new_page()
    page.goto(f"{fresh}/")
    page.get_by_role("link", name="Connect your site").click()
    sign_in(page, printed(data, "Sign in with"), printed(data, "Password"))
    yield page
    context.close()


def sign_in(page: Page, address: str, password: str) -> None:
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/**")


def invite(owner: Page, fresh: str, mailbox: Mailbox, chromium: Browser) -> Page:
    """Invite a colleague, who follows the link of the mail; return her page, signed in."""
    owner.get_by_role("link", name="Invite somebody").click()
    assert not violations(owner, RULES)
    owner.get_by_label("Email address").fill(COLLEAGUE)
    owner.get_by_role("button", name="Invite", exact=True).click()
    expect(owner.get_by_text("This installation sends no mail.")).to_be_visible()
    page = chromium.new_context().new_page()
    page.goto(fresh + mailbox.link("sign-in/invitation", subject="The Gazette", seconds=60))
    assert not violations(page, RULES)
    page.get_by_label("Choose a password").fill(HER_PASSWORD)
    page.get_by_label("The same once more").fill(HER_PASSWORD)
    page.get_by_role("button", name="Accept").click()
    sign_in(page, COLLEAGUE, HER_PASSWORD)
    return page


def choose_that_everything_waits(owner: Page) -> None:
    owner.get_by_role("link", name="Choose a preset").click()
    expect(owner.get_by_label("Balanced")).to_be_checked()
    owner.get_by_label("Everything waits for a person").check()
    owner.get_by_role("button", name="Save", exact=True).click()
    owner.wait_for_url("**/moderation/policy/")


def visit(context: BrowserContext, origin: str, snippet: str) -> Page:
    """Open an article of the site, which has what the owner copied."""
    page = context.new_page()
    document = ARTICLE.format(snippet=snippet)
    headers = {"Content-Type": "text/html; charset=utf-8"}
    page.route(f"{origin}/**", lambda route: route.fulfill(body=document, headers=headers))
    page.goto(f"{origin}/story")
    return page


def test_a_site_is_set_up_and_its_first_comment_approved_from_a_mail(
    owner: Page, fresh: str, mailbox: Mailbox, chromium: Browser
) -> None:
    expect(owner).to_have_url(f"{fresh}/admin/set-up/")
    expect(owner.get_by_text("Welcome.")).to_be_visible()
    for rules in (RULES, COLOURS):
        assert not violations(owner, rules)
    owner.get_by_label("Name", exact=True).fill("The Gazette")
    owner.get_by_label("Address", exact=True).fill(f"{SITE}/some/page")
    owner.get_by_role("button", name="Make the site").click()

    expect(owner.get_by_text("Waiting for the first call.")).to_be_visible()
    assert not violations(owner, RULES)
    set_up = owner.url
    owner.get_by_role("tab", name="Astro").click()
    expect(owner.get_by_text("is:inline")).to_be_visible()
    owner.get_by_role("tab", name="HTML").click()
    owner.get_by_role("button", name="Copy").click()
    expect(owner.get_by_text("Copied ✓")).to_be_visible()
    snippet = owner.evaluate("navigator.clipboard.readText()")
    assert '<leave-a-reply site="the-gazette">' in snippet

    readers = chromium.new_context()
    visit(readers, "http://www.gazette.localhost", snippet)
    expect(owner.get_by_text("Called from")).to_be_visible(timeout=30_000)
    owner.get_by_role("button", name="Allow it").click()
    expect(owner.get_by_text("may show and take comments now")).to_be_visible()

    article = visit(readers, SITE, snippet)
    expect(owner.get_by_text("Connected.")).to_be_visible(timeout=30_000)
    colleague = invite(owner, fresh, mailbox, chromium)
    owner.goto(set_up)
    expect(owner.get_by_text("People who look after this site: 2.")).to_be_visible()
    choose_that_everything_waits(owner)
    owner.goto(set_up)
    expect(owner.get_by_text("They are set.")).to_be_visible()
    owner.get_by_role("link", name="Have a mail for each comment").click()
    expect(owner.get_by_label("Mail me")).to_have_value("each")
    owner.get_by_role("button", name="Save", exact=True).click()
    owner.goto(set_up)
    expect(owner.get_by_text("You are mailed of what comes in here.")).to_be_visible()

    article.get_by_label("Your reply").fill(COMMENT)
    article.get_by_label("Name").fill("Ann Reader")
    article.get_by_label("Email", exact=False).first.fill("ann.reader@mail.example")
    article.wait_for_timeout(FASTEST)
    article.get_by_role("button", name="Post reply").click()
    expect(article.get_by_text("Thank you.", exact=False)).to_be_visible()
    expect(colleague.get_by_role("article", name="Ann Reader")).to_be_visible(timeout=90_000)

    # Who is to be mailed is looked up once a minute.
    link = mailbox.link("desk", subject="The Gazette", seconds=120)
    from_the_mail = chromium.new_context().new_page()
    from_the_mail.goto(fresh + link)
    assert not violations(from_the_mail, RULES)
    expect(from_the_mail.get_by_text(COMMENT)).to_be_visible()
    from_the_mail.get_by_role("button", name="Approve").click()
    expect(from_the_mail.get_by_role("heading", name="It is published.")).to_be_visible()
    owner.get_by_role("link", name="To the queue").click()
    expect(owner.get_by_role("article", name="Ann Reader")).to_have_count(0)
    later = visit(chromium.new_context(), SITE, snippet)
    expect(later.get_by_role("article").filter(has_text=COMMENT)).to_be_visible()
    readers.close()

    owner.goto(f"{fresh}/")
    expect(owner.get_by_text("Connected.")).to_be_visible()
