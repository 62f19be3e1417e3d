"""Near-duplicates on the desk: one card for all of them, one click, one undo."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comments.models import Comment, Role, Site, Status
from moderation.models import BulkJob
from tests.factories import SiteFactory
from tests.moderation.near_duplicates import held_adverts
from tests.moderation.web.desk.desk import QUEUE, member, read, status

JSON = {"Accept": "application/json"}


@pytest.fixture
def adverts(site: Site) -> list[Comment]:
    return held_adverts(site, 3)


def press(client: Client, comment: Comment, *, as_one: bool = True, **more: Any) -> Any:
    url = reverse("admin:moderation_decide", args=[comment.pk])
    data = {"verdict": "SPAM", "revision": comment.revision, "status": comment.status}
    return client.post(url, {**data, **({"as_one": "1"} if as_one else {})}, **more)


def undo(client: Client, **more: Any) -> Any:
    job = BulkJob.objects.filter(undoes=None).get()
    return client.post(reverse("admin:moderation_undo_as_one", args=[job.pk]), **more)


def statuses(comments: list[Comment]) -> list[str]:
    return [status(comment) for comment in comments]


def cards(page: str) -> int:
    return page.count('<article class="card')


def test_one_card_stands_for_all_of_them_and_says_how_many(
    desk: Client, adverts: list[Comment]
) -> None:
    page = read(desk, QUEUE)
    assert cards(page) == 1
    assert "Near-duplicates that wait: 3</strong>. Discussions: 3." in page
    assert "All 3 alike" in page


def test_each_of_them_can_be_shown(desk: Client, adverts: list[Comment]) -> None:
    page = read(desk, QUEUE)
    link = page.split("?campaign=")[1].split('"')[0]
    assert cards(read(desk, f"{QUEUE}?campaign={link}")) == 3


def test_one_click_decides_about_all_and_one_undoes_it(
    desk: Client, adverts: list[Comment]
) -> None:
    press(desk, adverts[0])
    assert statuses(adverts) == [Status.SPAM] * 3
    assert "Spam: 3 alike" in read(desk, QUEUE)
    undo(desk)
    assert statuses(adverts) == [Status.HELD] * 3


def test_a_script_is_told_how_to_undo_and_gets_the_card_back(
    desk: Client, adverts: list[Comment]
) -> None:
    answer = press(desk, adverts[0], headers=JSON).json()
    assert answer["message"] == "Spam: 3 alike"
    undone = desk.post(answer["undo"], headers=JSON).json()
    assert "All 3 alike" in undone["card"]


def test_without_the_box_it_decides_about_one(desk: Client, adverts: list[Comment]) -> None:
    press(desk, adverts[0], as_one=False)
    assert statuses(adverts) == [Status.SPAM, Status.HELD, Status.HELD]
    assert "Near-duplicates that wait: 2<" in read(desk, QUEUE)


def test_undone_twice_it_says_so(desk: Client, adverts: list[Comment]) -> None:
    press(desk, adverts[0])
    undo(desk)
    assert undo(desk, headers=JSON).status_code == 409


def test_nobody_undoes_what_a_colleague_decided_as_one(
    desk: Client, site: Site, adverts: list[Comment]
) -> None:
    press(desk, adverts[0])
    assert undo(member(Role.MODERATOR, site)).status_code == 404
    assert statuses(adverts) == [Status.SPAM] * 3


def test_who_only_looks_on_sees_them_as_one_and_has_no_button(
    site: Site, adverts: list[Comment]
) -> None:
    page = read(member(Role.VIEWER, site), QUEUE)
    assert cards(page) == 1
    assert "Near-duplicates that wait: 3<" in page
    assert "All 3 alike" not in page


def test_those_of_a_site_where_one_has_no_role_are_not_counted(
    desk: Client, adverts: list[Comment]
) -> None:
    held_adverts(SiteFactory(), 2)
    assert "Near-duplicates that wait: 3<" in read(desk, QUEUE)
