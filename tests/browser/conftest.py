"""The site as `make run` serves it, and Chromium to look at it."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator

import pytest
from cryptography.fernet import Fernet
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.services.processes import Process, free_port, listens, manage, wait_for

PASSWORD = "a long password for tests"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the demo on SQLite with the embedded broker; give its address."""
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    environment = {
        "SECRET_KEY": "a key of the tests of pages, long enough to be taken 0123456789",
        "EMAIL_KEYS": Fernet.generate_key().decode(),
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "ADMIN_EMAIL": "moderator@staff.example",
        "ADMIN_PASSWORD": PASSWORD,
    }
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "seed_demo")
    server = Process([sys.executable, "manage.py", "serve"], environment, folder / "log")
    try:
        wait_for(lambda: listens(port), seconds=30, what="the site")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.stop()


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
    """Open a page as somebody new, with or without JavaScript."""
    contexts: list[BrowserContext] = []

    def open_page(path: str, *, javascript: bool = True) -> Page:
        context = chromium.new_context(java_script_enabled=javascript)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(served + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
