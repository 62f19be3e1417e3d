"""Lists and pages of the desk: times in the viewer's zone, titles, and what an empty list says."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment, Role, Site
from moderation.web.desk.queue.comments import CommentAdmin
from tests.factories import CommentFactory, ThreadFactory
from tests.moderation.web.desk.desk import member, page_of, read

NIGHT = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)
COMMENTS = reverse("admin:comments_comment_changelist")


@pytest.fixture
def late(site: Site) -> Comment:
    return CommentFactory(thread=ThreadFactory(site=site), created_at=NIGHT)


@pytest.mark.parametrize(
    ("cookie", "told"),
    [
        ("", "4 Mar 2026, 22:30"),
        ("Europe/Oslo", "4 Mar 2026, 23:30"),
        ("Asia%2FTokyo", "5 Mar 2026, 07:30"),
        ("Nowhere/../etc", "4 Mar 2026, 22:30"),
    ],
)
def test_times_are_in_the_viewers_zone_in_lists_and_on_pages_alike(
    desk: Client, late: Comment, cookie: str, told: str
) -> None:
    desk.cookies["desk_time_zone"] = cookie
    assert told in read(desk, COMMENTS)
    assert told in read(desk, page_of(late))
    assert timezone.get_current_timezone_name() == "UTC"


def test_the_zone_of_a_moderator_changes_nothing_outside_the_desk(
    desk: Client, late: Comment
) -> None:
    desk.cookies["desk_time_zone"] = "Asia/Tokyo"
    answer = desk.get(f"/api/v1/review/comments/{late.pk}")
    assert answer.json()["created_at"] == "2026-03-04T22:30:00Z"


def test_a_list_is_titled_by_what_it_lists(desk: Client) -> None:
    page = read(desk, COMMENTS)
    assert "<title> Comments" in page
    assert "Select comment" not in page


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("moderation_report", "No reader has reported a comment."),
        ("moderation_appeal", "No author has appealed."),
        ("moderation_ban", "Nobody is banned"),
        ("comments_comment", "Every comment that readers write comes here"),
        ("comments_sitekey", "No key yet."),
        ("moderation_webhook", "No webhook yet."),
        ("moderation_delivery", "Nothing was sent yet."),
        ("moderation_externalmoderator", "No service of your own is asked"),
        ("moderation_transfer", "Nothing was moved yet."),
        ("moderation_alarm", "Nobody is told when the queue grows"),
        ("moderation_queuemail", "You are not mailed of what comes in."),
        ("moderation_sectionrules", "Every page follows the house rules."),
        ("moderation_auditentry", "Nobody has done anything yet."),
    ],
)
def test_an_empty_list_says_what_comes_here(site: Site, name: str, told: str) -> None:
    where = reverse(f"admin:{name}_changelist")
    assert told in read(member(Role.OWNER, site), where)


def test_a_filter_that_nothing_matches_offers_all(desk: Client, late: Comment) -> None:
    page = read(desk, f"{COMMENTS}?status__exact=spam")
    assert "Nothing that matches" in page
    assert "Every comment that readers write" not in page


@pytest.mark.parametrize(
    ("page", "rows", "turns"),
    [(1, 3, []), (1, 4, ["next"]), (2, 4, ["prev"]), (2, 7, ["prev", "next"])],
)
def test_a_list_offers_the_pages_that_there_are(
    desk: Client, site: Site, monkeypatch: pytest.MonkeyPatch, page: int, rows: int, turns: list
) -> None:
    monkeypatch.setattr(CommentAdmin, "list_per_page", 3)
    CommentFactory.create_batch(rows, thread=ThreadFactory(site=site))
    assert re.findall(r'<a rel="(\w+)"', read(desk, f"{COMMENTS}?p={page}")) == turns
