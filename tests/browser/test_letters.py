"""The private pages and the links in mails, without JavaScript, as people meet them."""

import re
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import violations
from tests.browser.test_journeys import WITHOUT_JAVASCRIPT, appears, comment, fill
from tests.services.processes import wait_for

Visit = Callable[..., Page]
BETWEEN = b"-" * 79  # What Django puts between two mails in a file.


class Mailbox:
    """The mails of the site that is served, kept in files because no server is set."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def link(self, place: str, *, subject: str, seconds: float = 30) -> str:
        """Wait for a mail, and return the path of its link to a place."""
        found: list[str] = []

        def arrived() -> bool:
            found[:] = [
                link[1]
                for text in self.texts(subject)
                if (link := re.search(rf"http://[^/]+(/{place}/\S+)", text))
            ]
            return bool(found)

        wait_for(arrived, seconds=seconds, what=f"a mail about {subject}")
        return found[-1]

    def texts(self, subject: str) -> list[str]:
        raw = [part for path in sorted(self.folder.glob("*")) for part in split(path)]
        mails = [message_from_bytes(part, policy=policy.default) for part in raw]
        return [
            mail.get_body(("plain",)).get_content()
            for mail in mails
            if subject in str(mail["Subject"])
        ]


def split(path: Path) -> list[bytes]:
    return [part.strip() + b"\n" for part in path.read_bytes().split(BETWEEN) if part.strip()]


@pytest.fixture
def letters(visit: Visit) -> Callable[[str], Page]:
    """Open a private page as mail programs lead there, once axe has found nothing wrong with it."""

    def open_page(path: str) -> Page:
        assert violations(visit(path)) == []
        return visit(path, javascript=False)

    return open_page


@pytest.fixture
def mailbox(served: str, folder: Path) -> Mailbox:
    return Mailbox(folder / "mail")


def test_a_reader_asks_for_answers_confirms_gets_one_and_has_enough(
    visit: Visit, letters: Callable[[str], Page], mailbox: Mailbox
) -> None:
    page = visit(WITHOUT_JAVASCRIPT, javascript=False)
    page.get_by_label("Send me by mail").select_option("replies")
    body = "Will the ferry take bicycles in the winter, too?"
    fill(page, body)
    confirm = letters(mailbox.link("email/confirm", subject="Is this your address?"))
    expect(confirm.get_by_role("checkbox", name=body)).to_be_checked()
    confirm.get_by_role("button", name="Yes, this is my address").click()
    expect(confirm.get_by_role("heading", name="Your address is confirmed")).to_be_visible()

    page = visit(WITHOUT_JAVASCRIPT, javascript=False)
    appears(page, body)
    comment(page, body).get_by_role("link", name="Reply").click()
    answer = "Yes, eight of them on each crossing, says the timetable."
    fill(page, answer, email="ben.reader@mail.example")
    end = letters(mailbox.link("email/unsubscribe", subject="Re:"))
    end.get_by_role("button", name="End this mail").click()
    expect(end.get_by_text("It has ended")).to_be_visible()


def test_an_author_follows_the_reply_changes_it_and_is_erased(
    visit: Visit, letters: Callable[[str], Page], mailbox: Mailbox
) -> None:
    page = visit(WITHOUT_JAVASCRIPT, javascript=False)
    fill(page, "The seal by the pier is called Olaf, the children say.")
    address = page.get_by_role("link", name="Follow your reply").get_attribute("href") or ""
    status = letters(urlsplit(address).path)
    expect(status.get_by_role("heading", name="Your reply")).to_be_visible()
    status.get_by_text("Change it").click()
    status.get_by_label("Your reply").fill("The seal by the pier is called Olav, with a v.")
    status.get_by_role("button", name="Save").click()
    expect(status.get_by_text("Your change is saved")).to_be_visible()
    expect(status.get_by_role("article")).to_contain_text("with a v")

    status.get_by_text("Everything under your address").click()
    status.get_by_role("button", name="Send me the link").click()
    expect(status.get_by_text("A mail is on its way to a•••@m•••.example.")).to_be_visible()
    person = letters(mailbox.link("email/person", subject="under your address"))
    with person.expect_download() as download:
        person.get_by_role("button", name="Download (JSON)").click()
    assert "with a v" in download.value.path().read_text(encoding="utf-8")
    person.get_by_label("They go, too").check()
    person.get_by_label("I know that this can not be undone").check()
    person.get_by_role("button", name="Erase me").click()
    expect(person.get_by_role("heading", name="You are erased")).to_be_visible()
    status.reload()
    expect(status.get_by_role("heading", name="It is deleted")).to_be_visible()
