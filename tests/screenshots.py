"""The pictures of the documentation, taken of the demo: `make screenshots`.

What they show is made up by `seed_demo`, so they change with the product alone.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bare import answers, post
from tests.services.processes import ROOT, Process, free_port, listens, wait_for

IMAGES = ROOT / "docs/images"
EMAIL, PASSWORD = "moderator@staff.example", "correct horse battery"
NARROW = {"width": 504, "height": 860}
WIDE = {"width": 1440, "height": 900}


# What waits in the queue beside what the demo holds.
HELD = {
    "Ingrid": "I hope somebody sinks that boat with you on it, you worthless piece of trash.",
    "Tomas": "Nobody but an idiot pays for a boat that is empty every Tuesday.",
    "Bea": "Shut up, all of you. The mayor is a crook and you are his clowns.",
}


def main() -> None:
    """Serve a new demo, and take each picture of it."""
    with tempfile.TemporaryDirectory(prefix="leave-a-reply-") as folder, sync_playwright() as tool:
        port = free_port()
        environment = {
            "DATA_DIR": f"{folder}/data",
            "PORT": str(port),
            "ADMIN_EMAIL": EMAIL,
            "ADMIN_PASSWORD": PASSWORD,
        }
        process = Process([sys.executable, "-m", "config.run"], environment, Path(folder) / "log")
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        try:
            wait_for(lambda: listens(port), seconds=400, what="the demo to be served")
            wait_for(lambda: answers(port), seconds=60, what="an answer")
            for name, body in HELD.items():
                post(port, body, name=name)
            browser = tool.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            take(browser, f"http://127.0.0.1:{port}")
        finally:
            process.stop()


def take(browser: Browser, demo: str) -> None:
    """Take the pictures of the section, and of the desk."""
    page = browser.new_page(viewport=NARROW, device_scale_factor=2)
    thread(page, demo)
    page = browser.new_page(viewport=WIDE)
    page.goto(f"{demo}/admin/login/")
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").first.fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/moderation/**")
    queue(page)
    for name, path in {"figures": "figures/", "installation": "installation/"}.items():
        page.goto(f"{demo}/admin/{path}")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=IMAGES / f"{name}.png")


def thread(page: Page, demo: str) -> None:
    """Take the section below the demo's article, from its form on."""
    page.goto(f"{demo}/demo/")
    page.get_by_role("heading", name="replies").wait_for()
    section = page.locator("leave-a-reply")
    section.get_by_role("combobox").last.select_option(label="Best first")
    section.get_by_role("article").first.filter(has_text="41").wait_for()
    top = section.evaluate("section => section.getBoundingClientRect().top + scrollY")
    clip = {"x": 0, "y": top, "width": NARROW["width"], "height": NARROW["height"]}
    page.screenshot(path=IMAGES / "thread.png", full_page=True, clip=clip)


def queue(page: Page) -> None:
    """Take the queue once comments wait in it, with a decision that can be undone."""
    wait_for(lambda: cards(page), seconds=120, what="comments in the queue")
    page.get_by_role("button", name="Reject").first.click()
    page.get_by_role("button", name="Undo").wait_for()
    page.screenshot(path=IMAGES / "queue.png")


def cards(page: Page) -> bool:
    """Return whether what is held waits."""
    page.reload()
    return page.get_by_role("button", name="Reject").count() > len(HELD)


if __name__ == "__main__":
    main()
