"""Near-duplicates in the review API: counted, listed as one, decided and undone as one."""

from typing import Any

import pytest

from comments.models import Comment, Role, Site, Status
from tests.conftest import Api, signed_in
from tests.factories import MembershipFactory, SiteFactory
from tests.moderation.near_duplicates import held_adverts


@pytest.fixture
def adverts(site: Site) -> list[Comment]:
    return held_adverts(site, 3)


def member(site: Site, role: Role = Role.MODERATOR) -> Api:
    return signed_in(MembershipFactory(site=site, role=role).user)


def queue(api: Api, **query: Any) -> list[dict[str, Any]]:
    return api.get("queue", query).json()["results"]


def decide(api: Api, comment: Comment) -> Any:
    body = {"verdict": "SPAM", "revision": comment.revision}
    return api.post(f"comments/{comment.pk}/decide-as-one", body)


def statuses(comments: list[Comment]) -> list[str]:
    return [Comment.objects.get(pk=comment.pk).status for comment in comments]


def test_each_entry_says_how_many_are_like_it(site: Site, adverts: list[Comment]) -> None:
    rows = queue(member(site))
    assert len(rows) == 3
    assert all(row["near_duplicates"] == {"waiting": 3, "threads": 3, "sites": 1} for row in rows)
    assert len({row["campaign"] for row in rows}) == 1


def test_they_are_listed_as_one_where_that_is_asked_for(site: Site, adverts: list[Comment]) -> None:
    assert len(queue(member(site), as_one="true")) == 1


def test_each_of_a_campaign_can_be_listed(site: Site, adverts: list[Comment]) -> None:
    api = member(site)
    campaign = queue(api)[0]["campaign"]
    assert len(queue(api, campaign=campaign)) == 3
    assert queue(member(SiteFactory()), campaign=campaign) == []


def test_they_are_decided_as_one_and_undone_as_one(site: Site, adverts: list[Comment]) -> None:
    api = member(site)
    answer = decide(api, adverts[0])
    assert (answer.status_code, answer.json()["done"]) == (202, 3)
    assert statuses(adverts) == [Status.SPAM] * 3
    api.post(f"jobs/{answer.json()['id']}/undo")
    assert statuses(adverts) == [Status.HELD] * 3


def test_an_older_text_is_refused(site: Site, adverts: list[Comment]) -> None:
    Comment.objects.filter(pk=adverts[0].pk).update(revision=2)
    assert decide(member(site), adverts[0]).status_code == 409
    assert statuses(adverts) == [Status.HELD] * 3


@pytest.mark.parametrize("role", [Role.VIEWER])
def test_who_only_looks_on_decides_nothing(site: Site, adverts: list[Comment], role: Role) -> None:
    assert decide(member(site, role), adverts[0]).status_code == 403


def test_a_comment_of_another_site_does_not_exist(site: Site, adverts: list[Comment]) -> None:
    assert decide(member(SiteFactory()), adverts[0]).status_code == 404
