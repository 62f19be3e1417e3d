"""Several moderators at one queue, in Chromium: what they see of each other, and bulk decisions."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import QUEUE, Desk, Open, cards, focused, settled, status
from tests.services.processes import wait_for

PREPARE = """
from django.utils import timezone
from comments.models import Comment, Membership, Role, Site, User
from comments.threads.threads import PageReference
from moderation.intake import receive
from moderation.intake.submission import Submission
from moderation.review.queue import actions
from moderation.decisions.decide import decide_one
from moderation.models import Reviewable
from moderation.decisions.proposals import decision_request
from moderation.review.queue.queue import QueueFilters
from moderation.rules.verdicts import Verdict

now = timezone.now()
site = Site.objects.get(slug="demo")
"""
JOIN = """
colleague = User.objects.create_user("colleague@staff.example", is_staff=True, first_name="Berit")
Membership.objects.create(site=site, user=colleague, role=Role.MODERATOR)
"""
COLLEAGUE = 'colleague = User.objects.get(email="colleague@staff.example")\n'
DECIDE = """
comment = Comment.objects.filter(status="held").order_by("id").first()
decide_one(decision_request(comment_id=comment.pk, revision=1, verdict=Verdict.APPROVE,
                            moderator=colleague), now=now)
"""
CLAIM = """
actions.claim(QueueFilters(), moderator=colleague, limit=1, lease=timezone.timedelta(minutes=15),
                now=now)
print(Reviewable.objects.open().get(claimed_by=colleague).comment_id)
"""
ARRIVE = """
receive.receive(Submission(
    page=PageReference(key="desk", url="", title="About the ferry"), author_name="Late",
    author_email="late@mail.example",
    body="Number 61 says that this council has a stupid plan, and asks who is to pay for it all.",
), site=site, now=now, limited=False)
"""
ARRIVED = "Comment.objects.filter(author_name='Late', status='held').exists()"
HELD = "Comment.objects.filter(status='held', body__contains='stupid').count()"


@pytest.fixture(scope="module", autouse=True)
def colleague(desk: Desk) -> None:
    """Somebody else who moderates the same site."""
    desk.python(PREPARE + JOIN)


def looks_again(page: Page) -> None:
    """Do what coming back to a tab does: the numbers are asked for at once."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def matching(page: Page) -> int:
    place = page.locator("[data-matching]")
    expect(place).to_have_text(re.compile(r"^\d+ here$"))
    return int(place.inner_text().split()[0])


def test_the_numbers_follow_a_colleague_without_a_reload(desk: Desk, sit_down: Open) -> None:
    page = sit_down()
    before = matching(page)
    page.evaluate("window.sameload = true")
    desk.python(PREPARE + COLLEAGUE + DECIDE)
    looks_again(page)
    expect(page.locator("[data-matching]")).to_have_text(f"{before - 1} here")
    expect(page.get_by_text("New comments wait")).to_be_hidden()
    assert page.evaluate("window.sameload")


def test_a_new_comment_is_told_and_shown_when_asked_for(desk: Desk, sit_down: Open) -> None:
    page = sit_down(f"{QUEUE}?order=newest")
    before = matching(page)
    desk.python(PREPARE + ARRIVE)
    # The worker of the served desk screens it, at its own time.
    wait_for(lambda: desk.rows(ARRIVED), seconds=60, what="the comment in the queue")
    looks_again(page)
    expect(page.locator("[data-matching]")).to_have_text(f"{before + 1} here")
    page.get_by_role("link", name="New comments wait. Show them").click()
    expect(cards(page).first).to_contain_text("Number 61 says")


def test_the_numbers_are_asked_for_again_by_themselves(desk: Desk, sit_down: Open) -> None:
    page = sit_down("/admin/security/")
    page.clock.install()
    page.goto(desk.address + QUEUE)
    before = matching(page)
    desk.python(PREPARE + COLLEAGUE + DECIDE)
    page.clock.run_for(61_000)
    expect(page.locator("[data-matching]")).to_have_text(f"{before - 1} here")


def test_what_a_colleague_holds_says_so_and_has_no_buttons(desk: Desk, sit_down: Open) -> None:
    comment = desk.python(PREPARE + COLLEAGUE + CLAIM)
    page = sit_down()
    expect(page.get_by_text("Claimed: Berit 1 (15 min)")).to_be_visible()
    card = page.locator(f"#c-{comment}")
    expect(card).to_contain_text("Claimed by Berit")
    expect(card.get_by_role("button", name="Approve")).to_have_count(0)
    card.focus()
    page.keyboard.press("a")
    expect(card).to_be_focused()
    assert status(desk, comment) == "held"
    desk.python(PREPARE + COLLEAGUE + "actions.release(None, moderator=colleague)")


def test_claimed_comments_are_ones_own_until_given_back(sit_down: Open) -> None:
    page = sit_down()
    page.get_by_role("button", name="Claim the next 10").click()
    expect(page.get_by_text("Yours for 15 minutes: 10")).to_be_visible()
    expect(cards(page)).to_have_count(10)
    expect(cards(page).first).to_contain_text("Claimed by you")
    page.get_by_role("button", name="Give all mine back").click()
    expect(page.get_by_text("Given back to the queue: 10")).to_be_visible()


def test_the_page_fills_up_when_its_cards_run_out(sit_down: Open) -> None:
    page = sit_down()
    page.evaluate("window.sameload = true")
    shown = cards(page).count()
    page.keyboard.press("j")
    for _ in range(shown - 5):
        comment = focused(page)
        page.keyboard.press("a")
        settled(page, comment)
    expect(cards(page).nth(5)).to_be_attached()
    assert cards(page).count() > 5
    assert page.evaluate("window.sameload")


def test_all_that_match_are_decided_and_taken_back(desk: Desk, sit_down: Open) -> None:
    page = sit_down(f"{QUEUE}?q=stupid")
    number = matching(page)
    page.get_by_role("link", name="Decide about all…").click()
    expect(page.get_by_role("heading", name=f"Comments that match: {number}")).to_be_visible()
    page.get_by_role("radio", name="Spam").check()
    page.get_by_label(f"Yes, all {number}").check()
    page.get_by_role("button", name="Begin").click()
    message = page.locator("#job-message")
    expect(message).to_have_text(f"Done: {number} of {number}", timeout=30_000)
    assert desk.rows(HELD) == 0
    page.get_by_role("button", name=re.compile("Undo|Take")).click()
    expect(page.get_by_role("heading", name="Taking back a bulk decision")).to_be_visible()
    expect(message).to_have_text(f"Done: {number} of {number}", timeout=30_000)
    assert desk.rows(HELD) == number
