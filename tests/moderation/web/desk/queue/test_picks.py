"""Several picked comments: decided as one, each as it was read, and undone as one."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comments.models import Comment, Role, Site, Status
from moderation.models import Decision, Label, RefusalReason
from tests.moderation.web.desk.desk import QUEUE, decide, member, read, status, wait_in

DECIDE, UNDO = reverse("admin:moderation_decide_picks"), reverse("admin:moderation_undo_picks")
JSON = {"Accept": "application/json"}


@pytest.fixture
def waiting(site: Site) -> list[Comment]:
    return [wait_in(site, body=f"It is number {n}.") for n in range(3)]


def pick(comment: Comment) -> str:
    return f"{comment.pk}:{comment.revision}:{comment.status}"


def press(client: Client, picked: list[Comment], verdict: str = "REJECT", **more: Any) -> Any:
    data = {"pick": [pick(comment) for comment in picked], "verdict": verdict, **more}
    return client.post(DECIDE, data)


def statuses(comments: list[Comment]) -> list[str]:
    return [status(comment) for comment in comments]


def test_one_verdict_counts_for_all_that_are_picked_and_for_no_others(
    desk: Client, waiting: list[Comment]
) -> None:
    press(desk, waiting[:2], reason="insult")
    assert statuses(waiting) == [Status.REJECTED, Status.REJECTED, Status.HELD]
    assert set(Decision.objects.values_list("refusal_reason", flat=True)) == {"insult"}


def test_what_was_read_one_by_one_teaches(desk: Client, waiting: list[Comment]) -> None:
    press(desk, waiting[:2], reason="insult")
    assert Label.objects.filter(category="INSULT", value=True).count() == 2


def test_they_are_undone_as_one(desk: Client, waiting: list[Comment]) -> None:
    press(desk, waiting)
    page = read(desk, QUEUE)
    assert "Decided: 3" in page
    decisions = [str(pk) for pk in Decision.objects.values_list("pk", flat=True)]
    assert all(f'name="decision" value="{pk}"' in page for pk in decisions)
    desk.post(UNDO, {"decision": decisions})
    assert statuses(waiting) == [Status.HELD] * 3


def test_what_a_colleague_has_decided_meanwhile_is_refused_alone(
    desk: Client, site: Site, waiting: list[Comment]
) -> None:
    decide(member(Role.MODERATOR, site), waiting[0], "APPROVE")
    press(desk, waiting)
    assert statuses(waiting) == [Status.APPROVED, Status.REJECTED, Status.REJECTED]
    assert "1 not decided: " in read(desk, QUEUE)


def test_a_script_is_told_what_was_decided_what_was_not_and_how_to_undo(
    desk: Client, waiting: list[Comment]
) -> None:
    Comment.objects.filter(pk=waiting[0].pk).update(revision=2)
    data = {"pick": [pick(comment) for comment in waiting], "verdict": "SPAM"}
    told = desk.post(DECIDE, data, headers=JSON).json()
    assert (told["message"], told["undo"]) == ("Decided: 2", UNDO)
    (refused,) = told["refused"]
    assert refused["comment"] == str(waiting[0].pk)
    assert "It is number 0." in refused["card"]
    undone = desk.post(UNDO, {"decision": told["decisions"]}, headers=JSON).json()
    assert {row["comment"] for row in undone["cards"]} == {str(c.pk) for c in waiting[1:]}


def test_comments_of_other_sites_are_not_decided_about(waiting: list[Comment]) -> None:
    stranger = member(Role.OWNER)
    press(stranger, waiting)
    assert statuses(waiting) == [Status.HELD] * 3


@pytest.mark.parametrize("data", [{"pick": "x", "verdict": "SPAM"}, {"pick": "a:b:c"}])
def test_what_is_no_pick_is_not_found(desk: Client, data: dict[str, str]) -> None:
    assert desk.post(DECIDE, data).status_code == 404
    assert desk.post(UNDO, {"decision": "x"}).status_code == 404


def test_the_bar_offers_the_reasons_that_all_the_sites_have(
    site: Site, waiting: list[Comment]
) -> None:
    RefusalReason.objects.create(site=site, key="rude", label="Rude")
    assert read(member(Role.MODERATOR, site), QUEUE).count(">Rude</option>") == 1 + len(waiting)
