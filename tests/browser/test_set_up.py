"""From an empty database to a first comment approved from a mail, in the browser, with no shell."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.axe import COLOURS, RULES, violations
from tests.browser.desk import EMAIL, PASSWORD
from tests.browser.test_letters import Mailbox
from tests.services.processes import Process, free_port, listens, make_tables, manage, wait_for

SITE = "http://gazette.localhost"
FASTEST = 3200  # milliseconds
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
    """Serve an installation that has nothing but the login of who runs it."""
    folder = data
    port = free_port()
    environment = {
        "SECRET_KEY": "a key of the tests of the set-up, long enough to be taken 0123456789",
        "EMAIL_KEYS": "6fWwmFwyE2H6kqnAqm7QWvhB2d6zJU3z0nGQ0m1mG5A=",
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
    }
    make_tables(environment)
    manage(environment, "createsuperuser", "--noinput", "--email", EMAIL)
    server = Process([sys.executable, "manage.py", "serve"], environment, folder / "log")
    try:
        wait_for(lambda: listens(port), seconds=120, what="the installation")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.stop()


@pytest.fixture
def owner(fresh: str, chromium: Browser) -> Iterator[Page]:
    """Whoever runs the installation, signed in."""
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    context.set_default_timeout(45_000)
    page = context.new_page()
    page.goto(f"{fresh}/")
    page.get_by_role("link", name="Moderators’ desk").or_(
        page.get_by_role("link", name="The moderators’ desk")
    ).click()
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/**")
    yield page
    context.close()


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
    for rules in (RULES, COLOURS):
        assert not violations(owner, rules)
    owner.get_by_label("Name", exact=True).fill("The Gazette")
    owner.get_by_label("Address", exact=True).fill(f"{SITE}/some/page")
    owner.get_by_role("button", name="Make the site").click()

    expect(owner.get_by_text("Waiting for the first call.")).to_be_visible()
    assert not violations(owner, RULES)
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
    owner.get_by_role("link", name="Have a mail for each comment").click()
    expect(owner.get_by_label("Mail me")).to_have_value("each")
    owner.get_by_role("button", name="Save", exact=True).click()
    owner.goto(f"{fresh}/admin/set-up/the-gazette/")
    expect(owner.get_by_text("You are mailed of what comes in here.")).to_be_visible()
    article.get_by_label("Your reply").fill("You are all pathetic idiots, and liars.")
    article.get_by_label("Name").fill("Ann Reader")
    article.get_by_label("Email", exact=False).first.fill("ann.reader@mail.example")
    article.wait_for_timeout(FASTEST)
    article.get_by_role("button", name="Post reply").click()
    article.get_by_role("button", name="Post anyway").click()
    expect(article.get_by_text("Thank you.", exact=False)).to_be_visible()

    # Who is to be mailed is looked up once a minute.
    link = mailbox.link("desk", subject="The Gazette", seconds=120)
    from_the_mail = chromium.new_context().new_page()
    from_the_mail.goto(fresh + link)
    assert not violations(from_the_mail, RULES)
    expect(from_the_mail.get_by_text("pathetic")).to_be_visible()
    from_the_mail.get_by_role("button", name="Approve").click()
    expect(from_the_mail.get_by_role("heading", name="It is published.")).to_be_visible()
    owner.get_by_role("link", name="To the queue").click()
    expect(owner.get_by_role("article", name="Ann Reader")).to_have_count(0)
    later = visit(chromium.new_context(), SITE, snippet)
    expect(later.get_by_role("article").filter(has_text="pathetic")).to_be_visible()
    readers.close()

    owner.goto(f"{fresh}/")
    expect(owner.get_by_text("Connected.")).to_be_visible()
