"""Signing in to the desk as a browser does it: with a passkey, and without scripts."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import EMAIL, PASSWORD, QUEUE, Desk, Open

# A built-in authenticator of a device, which asks for a finger and is given it.
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def localhost(desk: Desk) -> str:
    """Where the desk is for passkeys, which know no numbers for hosts."""
    return desk.address.replace("127.0.0.1", "localhost")


def with_a_device(page: Page) -> Page:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def type_password(page: Page) -> None:
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


def in_the_queue(page: Page) -> None:
    expect(page.get_by_role("navigation", name="Parts of the queue")).to_be_visible()


def troubles(page: Page) -> list[str]:
    """Return the list into which the page's violations of its policy will be written."""
    seen: list[str] = []

    def listen(message: Any) -> None:
        if "Content Security Policy" in message.text:
            seen.append(message.text)

    page.on("console", listen)
    return seen


def test_a_passkey_signs_in_alone_and_as_the_second_step(sit_down: Open, localhost: str) -> None:
    page = with_a_device(sit_down("/admin/login/", storage_state=None))
    seen = troubles(page)
    page.goto(localhost + QUEUE)
    type_password(page)
    in_the_queue(page)
    page.goto(f"{localhost}/admin/security/passkeys/add/")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("Your recovery codes")).to_be_visible()

    page.context.clear_cookies()
    page.goto(localhost + QUEUE)
    page.get_by_role("button", name="Sign in with a passkey").click()
    in_the_queue(page)

    page.context.clear_cookies()
    page.goto(localhost + QUEUE)
    type_password(page)
    page.get_by_role("button", name="Use your passkey").click()
    in_the_queue(page)

    page.goto(f"{localhost}/admin/security/")
    page.get_by_role("link", name="Remove Passkey 1").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("Passkey removed.")).to_be_visible()
    assert seen == []


def test_where_passkeys_do_not_work_the_page_says_so(sit_down: Open) -> None:
    page = sit_down("/admin/login/", storage_state=None)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("They need HTTPS and a host name")


def test_a_password_signs_in_without_scripts(sit_down: Open) -> None:
    page = sit_down("/admin/login/", storage_state=None, java_script_enabled=False)
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    type_password(page)
    expect(page.get_by_role("heading", name="Sign in")).to_have_count(0)
    page.goto(page.url.partition("/admin/")[0] + "/admin/security/app/")
    expect(page.get_by_role("img", name="The code to scan")).to_be_visible()
    expect(page.get_by_label("The six digits")).to_be_visible()
