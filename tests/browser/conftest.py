"""The site as `make run` serves it, and Chromium to look at it."""

import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from comments.models.ids import id_at
from tests.browser.desk import DESK, EMAIL, PASSWORD, QUEUE, Desk, Open, served_desk
from tests.services.processes import Process, free_port, listens, manage, wait_for
from tests.services.tables import make_tables

# Playwright's five seconds are few where others use the machine, too.
expect.set_options(timeout=20_000)
# In milliseconds, how soon somebody without JavaScript may post at the site that is served.
FASTEST = 1200
ADDRESSES = (f"198.51.100.{n}" for n in range(1, 255))
ARTICLE = """<!doctype html>
<html {language}><head><meta charset="utf-8"><title>A story</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{styles}</head>
<body><main><h1>A story</h1><p>Once upon a time.</p>
<script type="module" src="{served}/embed.js"></script>
<leave-a-reply site="demo" {attributes}></leave-a-reply></main></body></html>"""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Pages that tests make up come from no network, from which this machine may not be asked.
    "--disable-features=LocalNetworkAccessChecks",
]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the site that is served keeps its data, mails included."""
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="session")
def environment(folder: Path) -> dict[str, str]:
    """What the site that is served, and commands for it, find in their environment."""
    port = free_port()
    return {
        "SECRET_KEY": "a key of the tests of pages, long enough to be taken 0123456789",
        "EMAIL_KEYS": Fernet.generate_key().decode(),
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "ADMIN_EMAIL": "moderator@staff.example",
        "ADMIN_PASSWORD": PASSWORD,
        # Each visitor comes from an address of their own: see `visit`.
        "TRUSTED_PROXIES": "127.0.0.1",
    }


@pytest.fixture(scope="session")
def served(folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """Serve the demo on SQLite with the embedded broker; give its address."""
    port = int(environment["PORT"])
    make_tables(environment)
    manage(environment, "seed_demo")
    (folder / "long.jsonl").write_text("\n".join(long_thread()))
    manage(environment, "import_comments", "demo", str(folder / "long.jsonl"))
    with closing(sqlite3.connect(folder / "db.sqlite3")) as connection, connection:
        connection.execute("UPDATE comments_site SET min_seconds = 1")
    server = Process([sys.executable, "manage.py", "serve"], environment, folder / "log")
    try:
        wait_for(lambda: listens(port), seconds=120, what="the site")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        pytest.fail("Chromium is not installed. `make services` installs it where it may.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, served: str) -> Iterator[Callable[..., Page]]:
    """Open a page as somebody new; `more` is what Playwright takes for a context."""
    contexts: list[BrowserContext] = []

    def open_page(path: str, *, javascript: bool = True, prepare=None, **more) -> Page:
        headers = {"X-Forwarded-For": next(ADDRESSES)}
        context = chromium.new_context(
            java_script_enabled=javascript, extra_http_headers=headers, **more
        )
        context.set_default_timeout(45_000)
        contexts.append(context)
        page = context.new_page()
        if prepare:
            prepare(page)
        page.goto(path if path.startswith("http") else served + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def article(visit: Callable[..., Page], served: str) -> Callable[..., Page]:
    """Open an article of another host that has the section below it."""

    def open_article(
        attributes: str = 'thread="demo"', *, csp: str = "", watch=lambda page: None, **parts
    ) -> Page:
        address = served.replace("127.0.0.1", "localhost") + "/story" + parts.pop("anchor", "")
        document = ARTICLE.format(
            served=served,
            attributes=attributes,
            language=parts.pop("language", 'lang="en"'),
            styles=parts.pop("styles", ""),
        )
        headers = {"Content-Type": "text/html; charset=utf-8"}
        if csp:
            headers["Content-Security-Policy"] = csp.format(served=served)

        def prepare(page: Page) -> None:
            page.route(
                "**/story", lambda route: route.fulfill(body=document, headers=headers, status=200)
            )
            watch(page)

        return visit(address, prepare=prepare, **parts)

    return open_article


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served_desk(tmp_path_factory.mktemp("desk")) as served:
        yield served


@pytest.fixture(scope="module")
def session(desk: Desk, chromium: Browser) -> object:
    """The cookies of a moderator who has signed in."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{desk.address}/admin/")
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    queue = page.get_by_role("navigation", name="Parts of the queue")
    expect(queue).to_be_visible(timeout=30_000)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def sit_down(desk: Desk, session: object, chromium: Browser) -> Iterator[Open]:
    """Open a page of the desk, signed in; `options` are what Playwright takes for a context."""
    contexts: list[BrowserContext] = []

    def open_page(path: str = QUEUE, *, theme: str = "light", **options: object) -> Page:
        usual = {"storage_state": session, "viewport": DESK}
        context = chromium.new_context(color_scheme=theme, **{**usual, **options})
        context.set_default_timeout(45_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(desk.address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def long_thread() -> Iterator[str]:
    """Yield an export of a page with 45 comments, the last of them with 60 replies."""
    yield json.dumps({"format": "leave-a-reply", "version": 1}, separators=(",", ":"))
    yield json.dumps({"type": "thread", "key": "long", "url": "", "title": "A long thread"})
    moments = [datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=n) for n in range(105)]
    ids = [str(id_at(moment)) for moment in moments]
    for n, (pk, moment) in enumerate(zip(ids, moments, strict=True)):
        comment = {
            "type": "comment",
            "id": pk,
            "thread": "long",
            "parent": ids[44] if n > 44 else None,
            "author": {"name": f"Reader {n}", "url": ""},
            "body": f"Remark number {n}.",
            "status": "approved",
            "created_at": moment.isoformat(),
            "edited_at": None,
        }
        yield json.dumps(comment)
