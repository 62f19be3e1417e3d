"""What people are told when something is not there, not theirs, or wrong."""

import pytest
from django.test import Client, RequestFactory

from comments.models import Role
from config import errors
from tests.factories import MembershipFactory


def test_a_page_that_is_not_there_is_told_in_the_readers_language(db: None) -> None:
    answer = Client().get("/nowhere", headers={"Accept-Language": "de"})
    assert answer.status_code == 404
    assert '<html lang="de">' in answer.text
    assert "Hier ist nichts" in answer.text


def test_a_program_is_told_as_a_problem(db: None) -> None:
    answer = Client().get("/api/v1/nowhere")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")


def test_a_fault_says_that_nothing_is_lost() -> None:
    answer = errors.server_error(RequestFactory().get("/", {"lang": "fr"}))
    assert answer.status_code == 500
    assert "Rien de ce qui a été accepté n’est perdu" in answer.content.decode()


def test_what_can_not_be_read_is_told(db: None) -> None:
    answer = errors.bad_request(RequestFactory().get("/"), ValueError())
    assert answer.status_code == 400
    assert "This request can’t be read" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MODERATOR])
def test_who_may_not_see_a_page_of_the_desk_is_told_who_can_help(role: Role, db: None) -> None:
    client = Client()
    client.force_login(MembershipFactory(role=role).user)
    answer = client.get("/admin/moderation/policy/add/")
    assert answer.status_code == 403
    assert "An owner of the site can change that" in answer.text


def test_a_form_that_was_open_for_too_long_changes_nothing(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "x"})
    assert answer.status_code == 403
    assert "This page was open for too long" in answer.text
