"""Readers post in flood mode: their browser solves the challenge, and they lose nothing."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.axe import violations
from tests.browser.conftest import FASTEST
from tests.browser.test_embed import CALM, STRICT, fill, post, section
from tests.services.shell import Shell, shell

Visit = Callable[..., Page]
Switch = Callable[[str], None]
PHONE = {"viewport": {"width": 375, "height": 740}, "has_touch": True}
THANKS = "Thank you. Your reply is being looked at"


@pytest.fixture(scope="module")
def commands(environment: dict[str, str]) -> Iterator[Shell]:
    """What runs operators' commands where the site is served."""
    with shell(environment) as runs:
        yield runs


@pytest.fixture
def switch(served: str, commands: Shell) -> Iterator[Switch]:
    """Switch flood mode at the demo: "--on" or "--off"."""
    yield lambda turn: commands.manage("flood", "demo", turn)
    commands.manage("flood", "demo", "--off")


@pytest.fixture
def sent() -> list[dict]:
    return []


@pytest.fixture
def watch(sent: list[dict]) -> Callable[[Page], None]:
    """Note what is posted."""

    def note(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/comments"):
            sent.append(json.loads(request.post_data or "{}"))

    return lambda page: page.on("request", note)


def slow_down(page: Page) -> None:
    """Make the processor that of an old phone."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 20})


def test_the_browser_solves_it_silently_on_a_page_with_a_strict_policy(
    article: Visit, switch: Switch, watch, sent: list[dict]
) -> None:
    switch("--on")
    complaints: list[str] = []

    def listen(page: Page) -> None:
        watch(page)
        page.on("console", lambda message: complaints.append(message.text))

    page = article(csp=STRICT, watch=listen, **PHONE)
    post(page, CALM)
    (payload,) = sent
    assert payload["altcha"]
    assert complaints == []


def test_outside_of_a_flood_nothing_is_solved(article: Visit, watch, sent: list[dict]) -> None:
    post(article(watch=watch), CALM)
    assert "altcha" not in sent[0]


def test_a_flood_that_begins_while_somebody_writes_costs_no_word(
    article: Visit, switch: Switch, watch, sent: list[dict]
) -> None:
    page = article(watch=watch)
    fill(page, f"{CALM} Written before.")
    switch("--on")
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_text(THANKS)).to_be_visible()
    assert ["altcha" in payload for payload in sent] == [False, True]
    assert {payload["body"] for payload in sent} == {f"{CALM} Written before."}


def test_on_a_slow_phone_one_is_told_and_goes_on_typing(
    article: Visit, switch: Switch, watch, sent: list[dict]
) -> None:
    switch("--on")
    page = article(watch=watch, **PHONE)
    slow_down(page)
    fill(page, f"{CALM} From an old phone.")
    page.get_by_role("button", name="Post reply").click()
    status = section(page).get_by_role("status").filter(has_text="your browser solves")
    expect(status).to_be_visible()
    assert violations(page) == []
    box = page.get_by_label("Your reply")
    box.press_sequentially(" And another thought.")
    expect(page.get_by_text(THANKS)).to_be_visible(timeout=60_000)
    expect(status).to_have_count(0)
    # What was typed meanwhile is another text, and stays.
    assert sent[-1]["body"] == f"{CALM} From an old phone."
    expect(box).to_have_value(f"{CALM} From an old phone. And another thought.")


def test_a_challenge_that_is_refused_again_and_again_leaves_the_text(
    article: Visit, switch: Switch, watch, sent: list[dict]
) -> None:
    switch("--on")
    page = article(watch=watch)
    problem = {
        "type": "urn:problem-type:leave-a-reply:challenge-unsolved",
        "title": "Challenge unsolved",
        "status": 403,
        "detail": "Please send the form again.",
        "errors": [{"pointer": "/altcha", "detail": "Please send the form again."}],
    }

    def refuse(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        origin = {"Access-Control-Allow-Origin": "*"}
        route.fulfill(status=403, body=json.dumps(problem), headers=origin)

    page.route("**/comments", refuse)
    fill(page, f"{CALM} Refused.")
    page.get_by_role("button", name="Post reply").click()
    expect(section(page).get_by_role("alert")).to_contain_text(
        "Please send the form again.", timeout=30_000
    )
    assert len({payload["altcha"] for payload in sent}) == 3
    expect(page.get_by_label("Your reply")).to_have_value(f"{CALM} Refused.")


def test_without_javascript_one_posts_as_ever(visit: Visit, switch: Switch) -> None:
    switch("--on")
    page = visit("/sites/demo/thread?key=flood", javascript=False)
    page.get_by_label("Your reply").fill(f"{CALM} Without a script.")
    page.get_by_label("Name").fill("Ann Reader")
    page.get_by_label("Email", exact=False).first.fill("ann.reader@mail.example")
    page.wait_for_timeout(FASTEST)
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_text(THANKS)).to_be_visible()
