"""Posting while flood mode is on: a proof of work is asked for, and new authors wait."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from comments.models import Comment, Site, Status
from comments.privacy.proof_of_work import LIFETIME
from moderation.insight import floods
from moderation.models import Decision
from moderation.models.audit import SystemActor
from moderation.rules.verdicts import Reason
from moderation.screening import screen
from tests.conftest import Api
from tests.factories import CommentFactory
from tests.moderation.web.pages.test_thread import ADDRESS, EMAIL, fields
from tests.proofs import solved
from tests.submissions import submission

PROBLEM = "urn:problem-type:leave-a-reply:challenge-unsolved"


@pytest.fixture(autouse=True)
def little_work(settings: LazySettings) -> None:
    settings.FLOOD_WORK = 1000


@pytest.fixture
def flood(site: Site) -> Site:
    floods.begin(site, by=SystemActor.COMMAND_LINE, now=timezone.now())
    return site


def challenge(reader: Api) -> Any:
    return reader.get("form").json()["challenge"]


def write(reader: Api, **changes: Any) -> Any:
    """Post with a solved challenge."""
    return reader.post("comments", submission(reader, altcha=solved(challenge(reader)), **changes))


def status_of(response: Any) -> str:
    screen.screen(now=timezone.now())
    return Comment.objects.get(pk=response.json()["id"]).status


def grounds(response: Any) -> set[str]:
    decision = Decision.objects.get(comment=response.json()["id"])
    return {ground["reason"] for ground in decision.grounds}


def test_outside_of_a_flood_nothing_is_asked(reader: Api) -> None:
    assert challenge(reader) is None
    assert reader.post("comments", submission(reader)).status_code == 201
    assert "challenge" not in Comment.objects.get().intake


def test_a_solved_challenge_is_taken_and_a_new_author_waits(reader: Api, flood: Site) -> None:
    response = write(reader)
    assert response.status_code == 201
    assert status_of(response) == Status.HELD
    assert grounds(response) == {Reason.FLOOD}


@pytest.mark.parametrize("payload", [None, "", "nonsense"])
def test_without_a_solution_the_problem_says_what_to_do_beside_its_cause(
    reader: Api, flood: Site, payload: str | None
) -> None:
    answer = reader.post("comments", submission(reader, altcha=payload))
    assert (answer.status_code, answer.json()["type"]) == (403, PROBLEM)
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "/altcha"
    assert "send the form again" in error["detail"]
    assert not Comment.objects.exists()


@pytest.mark.parametrize("payload", [["a"], {"a": 1}, "A" * 10_000])
def test_what_can_be_no_solution_is_an_error_of_that_field(
    reader: Api, flood: Site, payload: Any
) -> None:
    answer = reader.post("comments", submission(reader, altcha=payload))
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/altcha"]


def test_a_solution_serves_one_comment(reader: Api, flood: Site) -> None:
    proof = solved(challenge(reader))
    assert reader.post("comments", submission(reader, altcha=proof)).status_code == 201
    again = reader.post("comments", submission(reader, altcha=proof, body="Another."))
    assert (again.status_code, again.json()["type"]) == (403, PROBLEM)
    assert Comment.objects.count() == 1


def test_a_refused_comment_uses_no_solution_up(reader: Api, flood: Site) -> None:
    proof = solved(challenge(reader))
    parent = str(CommentFactory(site=flood).pk)
    refused = reader.post("comments", submission(reader, altcha=proof, parent=parent))
    assert refused.status_code == 400
    assert reader.post("comments", submission(reader, altcha=proof)).status_code == 201


def test_a_form_that_is_sent_twice_is_answered_twice(reader: Api, flood: Site) -> None:
    payload = submission(reader, altcha=solved(challenge(reader)))
    first, second = reader.post("comments", payload), reader.post("comments", payload)
    assert second.headers["Idempotent-Replay"] == "true"
    assert first.json() == second.json()


def test_what_was_answered_before_the_flood_is_answered_again(reader: Api, site: Site) -> None:
    payload = submission(reader)
    first = reader.post("comments", payload)
    floods.begin(site, by=SystemActor.COMMAND_LINE, now=timezone.now())
    assert reader.post("comments", payload).json() == first.json()


def test_a_solution_expires(reader: Api, flood: Site) -> None:
    payload = submission(reader, altcha=solved(challenge(reader)))
    with time_machine.travel(timezone.now() + LIFETIME + timedelta(seconds=1)):
        assert reader.post("comments", payload).status_code == 403


def test_a_challenge_may_be_solved_after_the_flood(reader: Api, flood: Site) -> None:
    payload = submission(reader, altcha=solved(challenge(reader)))
    floods.end(flood, by=SystemActor.COMMAND_LINE, now=timezone.now())
    response = reader.post("comments", payload)
    assert status_of(response) == Status.APPROVED


def test_who_has_an_approved_comment_and_proved_it_does_not_wait(
    reader: Api, site: Site, flood: Site
) -> None:
    floods.end(site, by=SystemActor.COMMAND_LINE, now=timezone.now())
    first = reader.post("comments", submission(reader))
    assert status_of(first) == Status.APPROVED
    floods.begin(site, by=SystemActor.COMMAND_LINE, now=timezone.now())
    stranger = write(reader, body="I only typed her address.")
    assert status_of(stranger) == Status.HELD
    token = {"X-Edit-Token": first.json()["edit_token"]}
    payload = submission(reader, altcha=solved(challenge(reader)), body="It is me again.")
    assert status_of(reader.post("comments", payload, headers=token)) == Status.APPROVED


def test_after_the_flood_what_waits_is_judged_as_ever(reader: Api, flood: Site) -> None:
    response = write(reader)
    floods.end(flood, by=SystemActor.COMMAND_LINE, now=timezone.now())
    assert status_of(response) == Status.APPROVED


def test_many_unsolved_challenges_are_noted_though_nothing_is_stored(
    reader: Api, flood: Site
) -> None:
    for _ in range(floods.UNSOLVED + 1):
        reader.post("comments", submission(reader))
    flood.refresh_from_db()
    assert flood.flood_pressed_at is not None
    assert not Comment.objects.exists()


def test_a_sites_own_server_is_not_asked_and_its_new_authors_wait(
    connect: Callable[..., Api], flood: Site
) -> None:
    response = connect("comments").post(
        "comments",
        {"thread": {"key": "a"}, "author_name": "Ann", "author_email": EMAIL, "body": "Hello."},
    )
    assert response.status_code == 201
    assert status_of(response) == Status.HELD


def test_a_page_without_javascript_is_not_asked_and_its_comment_waits(flood: Site) -> None:
    client = Client(enforce_csrf_checks=True)
    form = {"author_name": "Ann", "author_email": EMAIL, "body": "A calm remark."}
    answer = client.post(ADDRESS, {**fields(client.get(ADDRESS)), **form})
    assert "Thank you." in answer.content.decode()
    screen.screen(now=timezone.now())
    (comment,) = Comment.objects.all()
    assert comment.status == Status.HELD
    reasons = {g["reason"] for g in Decision.objects.get(comment=comment).grounds}
    assert reasons == {Reason.FLOOD, Reason.NO_CHALLENGE}


def test_rescreened_after_the_flood_a_comment_of_such_a_page_is_no_longer_held(
    flood: Site,
) -> None:
    test_a_page_without_javascript_is_not_asked_and_its_comment_waits(flood)
    floods.end(flood, by=SystemActor.COMMAND_LINE, now=timezone.now())
    screen.rescreen([Comment.objects.get().pk])
    screen.screen(now=timezone.now())
    assert Comment.objects.get().status == Status.APPROVED
