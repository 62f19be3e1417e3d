"""The queue: what it shows, how it is narrowed, and what it costs."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment, Role, Site, Status
from moderation.models import DecisionSource, QueueReason, Reviewable
from moderation.rules.verdicts import Verdict
from tests.factories import (
    CommentFactory,
    DecisionFactory,
    MembershipFactory,
    ReviewableFactory,
    ThreadFactory,
    UserFactory,
)
from tests.moderation.web.desk.desk import QUEUE, read, signed_in, wait_in

# What it shows.


def test_signing_in_leads_to_the_queue(desk: Client) -> None:
    assert desk.get("/admin/").headers["Location"] == QUEUE


def test_signing_in_at_the_login_page_itself_leads_there_too(site: Site) -> None:
    user = UserFactory(is_staff=True)
    user.set_password("a long password")
    user.save()
    login = {"login": user.email, "password": "a long password"}
    answer = Client().post("/sign-in/", login, follow=True)
    assert answer.redirect_chain[-1][0] == QUEUE


def test_a_row_says_in_words_why_a_comment_waits(desk: Client, held: Comment) -> None:
    page = read(desk, QUEUE)
    assert "Held by the rules" in page
    assert "Very likely toxic, 94 %" in page
    assert "It has more links than the house rules allow." in page


def test_scores_stay_when_readers_held_the_comment_again(desk: Client, held: Comment) -> None:
    DecisionFactory(
        comment=held,
        verdict=Verdict.HOLD,
        source=DecisionSource.READERS,
        overrides=held.decisions.effective().get(),
    )
    assert "Very likely toxic, 94 %" in read(desk, QUEUE)


def test_the_most_urgent_comes_first(desk: Client, site: Site) -> None:
    calm, urgent = (wait_in(site, body=f"it is {word}") for word in ("calm", "urgent"))
    Reviewable.objects.filter(comment=urgent).update(rank=0.9)
    Reviewable.objects.filter(comment=calm).update(rank=0.1)
    page = read(desk, QUEUE)
    assert page.index("it is urgent") < page.index("it is calm")


def test_a_row_links_to_the_page_below_which_it_was_written(desk: Client, held: Comment) -> None:
    assert f'href="{held.thread.url}"' in read(desk, QUEUE)


def test_an_address_that_is_no_web_address_is_no_link(desk: Client, held: Comment) -> None:
    held.thread.url = "javascript:alert(1)"
    held.thread.save()
    assert "javascript:alert" not in read(desk, QUEUE)


def test_names_are_escaped_and_kept_from_turning_the_page_around(desk: Client, site: Site) -> None:
    wait_in(site, author_name="<b>ليلى")
    assert re.search(r"<bdi[^>]*>&lt;b&gt;ليلى</bdi>", read(desk, QUEUE))


def test_a_reply_shows_what_it_replies_to(desk: Client, site: Site) -> None:
    thread = ThreadFactory(site=site)
    parent = CommentFactory(thread=thread, body="It was the late boat.")
    ReviewableFactory(comment=CommentFactory(thread=thread, parent=parent, status=Status.HELD))
    assert "It was the late boat." in read(desk, QUEUE)


def test_a_row_says_who_has_claimed_it_while_the_claim_lasts(desk: Client, held: Comment) -> None:
    colleague = UserFactory(first_name="Ingrid")
    claim = Reviewable.objects.filter(comment=held)
    claim.update(claimed_by=colleague, claimed_until=timezone.now() + timedelta(minutes=5))
    assert "Claimed by <bdi>Ingrid</bdi>" in read(desk, QUEUE)
    claim.update(claimed_until=timezone.now() - timedelta(minutes=5))
    assert "Ingrid" not in read(desk, QUEUE)


@pytest.mark.parametrize(
    ("waited", "told"),
    [
        (timedelta(seconds=20), "just came in"),
        (timedelta(minutes=90), "waits for 1\xa0hour"),
        (timedelta(days=3, hours=2), "waits for 3\xa0days"),
    ],
)
def test_a_row_says_how_long_it_has_waited(
    desk: Client, held: Comment, waited: timedelta, told: str
) -> None:
    Reviewable.objects.update(opened_at=timezone.now() - waited)
    assert told in read(desk, QUEUE)


def test_an_empty_queue_says_so(desk: Client) -> None:
    assert "Nothing waits." in read(desk, QUEUE)


# Filters, search, pages.


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("q=ferry", True),
        ("q=Olsen", True),
        ("q=bread", False),
        ("why=REPORTED", True),
        ("why=SCREENED", False),
        ("category=TOXICITY", True),
        ("category=SPAM", False),
        ("site=gazette", True),
        ("site=other", False),
        ("claimed=me", False),
    ],
)
def test_the_queue_is_narrowed_by(desk: Client, site: Site, asked: str, shown: bool) -> None:
    comment = wait_in(site, body="The late ferry stays.", author_name="Margit Olsen")
    Reviewable.objects.filter(comment=comment).update(why=QueueReason.REPORTED, category="TOXICITY")
    assert ("The late ferry stays." in read(desk, f"{QUEUE}?{asked}")) is shown


def test_the_queue_can_be_narrowed_to_what_i_claimed(site: Site, held: Comment) -> None:
    membership = MembershipFactory(site=site, role=Role.MODERATOR)
    Reviewable.objects.update(
        claimed_by=membership.user, claimed_until=timezone.now() + timedelta(minutes=5)
    )
    assert held.body[:20] in read(signed_in(membership.user), f"{QUEUE}?claimed=me")


@pytest.mark.parametrize(
    "asked", ["q=%00", "why=x&category=y", "cursor=x", "site=z", "limit=x", "items=x"]
)
def test_a_filter_that_makes_no_sense_is_no_fault(desk: Client, held: Comment, asked: str) -> None:
    assert desk.get(f"{QUEUE}?{asked}").status_code in (200, 404)


def test_every_comment_is_on_one_of_the_pages(desk: Client, site: Site) -> None:
    waiting = {str(wait_in(site).pk) for _ in range(5)}
    seen, where = set(), f"{QUEUE}?limit=2"
    while where:
        page = read(desk, where)
        seen |= set(re.findall(r'id="c-([0-9a-f-]+)"', page))
        older = re.search(r'rel="next" href="([^"]+)"', page)
        where = older[1].replace("&amp;", "&") if older else ""
    assert seen == waiting


def test_a_long_queue_takes_as_many_queries_as_a_short_one(desk: Client, site: Site) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            desk.get(QUEUE)
        return len(captured)

    wait_in(site)
    short = queries()
    for _ in range(12):
        DecisionFactory(comment=wait_in(site), verdict=Verdict.HOLD)
    # One more for findings, which the first had none of.
    assert queries() <= short + 1


def test_the_tabs_say_how_many_are_in_each_without_a_script(desk: Client, site: Site) -> None:
    for _ in range(2):
        wait_in(site)
    Reviewable.objects.update(why=QueueReason.REPORTED)
    wait_in(site)
    page = read(desk, f"{QUEUE}?why=REPORTED")
    tabs = re.findall(r"(\w[\w ]*) <span class=\"count\"[^>]*>(\d*)</span></a>", page)
    assert dict(tabs) == {
        "All": "3",
        "Held": "1",
        "Reported": "2",
        "Appeals": "",
        "Put aside": "",
        "For owners": "",
        "Mine": "",
    }
    assert "2 here" in page


def test_the_page_hands_its_numbers_on_so_that_its_script_need_not_ask_at_once(
    desk: Client, held: Comment
) -> None:
    handed = re.search(
        r'<script id="counted" type="application/json">(.+?)</script>', read(desk, QUEUE)
    )
    assert handed
    counted = json.loads(handed[1])
    where = reverse("admin:moderation_queue_counts")
    assert counted["numbers"] == desk.get(where).json()
    assert desk.get(where, headers={"If-None-Match": counted["tag"]}).status_code == 304


def test_the_queue_is_counted_no_further_than_it_says(desk: Client, held: Comment) -> None:
    with CaptureQueriesContext(connection) as captured:
        desk.get(QUEUE)
    counted = [query["sql"] for query in captured if "COUNT(" in query["sql"]]
    of_queue = [sql for sql in counted if "moderation_reviewable" in sql]
    assert all("GROUP BY" in sql or "LIMIT 1001" in sql for sql in of_queue)
