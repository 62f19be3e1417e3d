"""Readers whom the page knows: its word for them is an attribute of the element."""

import json
import time
from collections.abc import Callable
from uuid import uuid4

import jwt
import pytest
from playwright.sync_api import Page, expect

from tests.services.processes import manage

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def secret(served: str, environment: dict[str, str]) -> str:
    told = manage(environment, "set_sign_on", "demo", "--json")
    return str(json.loads(told.splitlines()[-1])["secret"])


def signed(secret: str, *, issued: float = 0) -> str:
    """Return the attribute for Greta; `issued` is when, in seconds from now."""
    now = time.time() + issued
    claims = {"iat": now, "exp": now + 300, "aud": "demo", "jti": uuid4().hex}
    reader = {"sub": "42", "name": "Greta", "email": "greta@gazette.example"}
    token = jwt.encode(claims | reader, secret, algorithm="HS256")
    return f'thread="demo" sign-on="{token}"'


def test_who_is_signed_on_is_asked_for_no_name_and_no_address(article: Visit, secret: str) -> None:
    page = article(signed(secret))
    page.get_by_label("Your reply").focus()
    expect(page.get_by_text("You write as Greta.")).to_be_visible()
    for name in ("author_name", "author_email", "author_url", "remember"):
        expect(page.locator(f"[name={name}]")).to_have_count(0)


def test_a_comment_of_somebody_who_is_signed_on_has_the_name_that_the_page_knows(
    article: Visit, secret: str
) -> None:
    page = article(signed(secret))
    body = "The second platform has a roof since Monday."
    page.get_by_label("Your reply").fill(body)
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_text("Thank you. Your reply is being looked at")).to_be_visible()
    posted = page.get_by_role("article").filter(has_text=body)
    expect(posted).to_contain_text("Greta")


def test_who_could_not_be_signed_on_is_told_and_may_write_as_a_guest(
    article: Visit, secret: str
) -> None:
    page = article(signed(secret, issued=-3600))
    expect(
        page.get_by_role("status").filter(has_text="You could not be signed on.")
    ).to_be_visible()
    page.get_by_label("Your reply").focus()
    expect(page.get_by_label("Name")).to_be_visible()
