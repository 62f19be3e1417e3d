from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from comments.accounts import single_sign_on
from comments.models import Comment, Site, Status
from comments.privacy import email_addresses, tokens
from tests.conftest import Api
from tests.factories import CommentFactory, ThreadFactory


@pytest.fixture
def mine(site: Site) -> Comment:
    return CommentFactory(thread=ThreadFactory(site=site), created_at=timezone.now())


def change(reader: Api, comment: Comment, body: object = "Better words.", token: str = ""):
    headers = {"X-Edit-Token": token or tokens.issue_edit_token(comment)}
    return reader.patch(f"comments/{comment.pk}", {"body": body}, headers=headers)


def test_the_author_may_change_the_text(reader: Api, mine: Comment) -> None:
    answer = change(reader, mine)
    assert (answer.json()["revision"], answer.json()["status"]) == (2, "pending")
    assert mine.revisions.get().body == mine.body


def test_a_change_with_nothing_to_read_is_refused(reader: Api, mine: Comment) -> None:
    answer = change(reader, mine, "&#8203;")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/body"


def test_a_change_of_what_cannot_be_seen_is_none(reader: Api, mine: Comment) -> None:
    assert change(reader, mine, f"{mine.body}\u202e").json()["revision"] == 1


def test_nobody_else_may(reader: Api, mine: Comment) -> None:
    other = CommentFactory(thread=mine.thread)
    assert change(reader, mine, token=tokens.issue_edit_token(other)).status_code == 404
    assert reader.delete(f"comments/{mine.pk}").status_code == 404


def test_the_token_comes_in_the_header_alone(reader: Api, mine: Comment) -> None:
    token = tokens.issue_edit_token(mine)
    path = f"comments/{mine.pk}"
    in_body = reader.patch(path, {"body": "Better.", "edit_token": token})
    in_query = reader.patch(f"{path}?edit_token={token}", {"body": "Better."})
    deleting = reader.delete(f"{path}?edit_token={token}", {"edit_token": token})
    for answer in (in_body, in_query, deleting):
        assert answer.status_code == 404
        assert "X-Edit-Token" in answer.json()["detail"]


@pytest.mark.parametrize(("days", "status"), [(180, 204), (190, 404), (400, 404)])
def test_the_token_ends_after_the_time_for_appeals(
    reader: Api, mine: Comment, days: int, status: int
) -> None:
    token = {"X-Edit-Token": tokens.issue_edit_token(mine)}
    with time_machine.travel(mine.created_at + timedelta(days=days)):
        assert reader.delete(f"comments/{mine.pk}", headers=token).status_code == status


def test_to_use_a_token_does_not_make_it_last(reader: Api, mine: Comment) -> None:
    token = {"X-Edit-Token": tokens.issue_edit_token(mine)}
    with time_machine.travel(mine.created_at + timedelta(days=180)):
        renewed = reader.get(f"comments/{mine.pk}", headers=token).json()["edit_token"]
    with time_machine.travel(mine.created_at + timedelta(days=190)):
        later = {"X-Edit-Token": renewed}
        assert reader.delete(f"comments/{mine.pk}", headers=later).status_code == 404


def test_the_time_to_change_it_ends(reader: Api, mine: Comment) -> None:
    Comment.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert change(reader, mine).json()["type"].endswith(":too-late")


def test_a_refused_comment_can_not_be_rewritten(reader: Api, mine: Comment) -> None:
    Comment.objects.update(status=Status.REJECTED)
    assert change(reader, mine).status_code == 403


def test_the_same_text_is_no_change(reader: Api, mine: Comment) -> None:
    assert change(reader, mine, mine.body).json()["revision"] == 1


@pytest.mark.parametrize("body", ["", None, [], "\x00", "x" * 5001])
def test_an_unacceptable_text_changes_nothing(reader: Api, mine: Comment, body: object) -> None:
    assert change(reader, mine, body).status_code == 400
    mine.refresh_from_db()
    assert mine.revision == 1


def test_a_token_opens_no_comment_at_another_site(mine: Comment) -> None:
    ThreadFactory(site__slug="elsewhere")
    elsewhere = Api("/api/v1/sites/elsewhere/")
    assert change(elsewhere, mine).status_code == 404


def test_a_report_needs_a_reason_we_know(reader: Api, mine: Comment) -> None:
    assert reader.post(f"comments/{mine.pk}/report", {"reason": "DULL"}).status_code == 400


def test_what_is_not_public_can_not_be_reported(reader: Api, mine: Comment) -> None:
    Comment.objects.update(status=Status.HELD)
    assert reader.post(f"comments/{mine.pk}/report", {"reason": "SPAM"}).status_code == 404


def test_a_reader_who_reports_twice_counts_once(reader: Api, mine: Comment) -> None:
    for reason in ("SPAM", "ABUSE"):
        assert reader.post(f"comments/{mine.pk}/report", {"reason": reason}).status_code == 201
    assert mine.reports.count() == 1


def test_a_reader_who_is_signed_on_reports_under_that_name(
    reader: Api, mine: Comment, site: Site
) -> None:
    ann = single_sign_on.SignedOnReader("Ann", "ann@mail.example")
    token = single_sign_on.issue_reader_token(ann, site=site, now=timezone.now())
    for address in ("192.0.2.1", "198.51.100.1"):
        body = {"reason": "SPAM", "reader_token": token}
        answer = reader.post(f"comments/{mine.pk}/report", body, REMOTE_ADDR=address)
        assert answer.json() == {"reason": "SPAM", "text": ""}
    assert mine.reports.get().reporter == email_addresses.email_digest("ann@mail.example")


def test_a_report_with_a_forged_reader_token_is_refused(reader: Api, mine: Comment) -> None:
    body = {"reason": "SPAM", "reader_token": "forged"}
    assert reader.post(f"comments/{mine.pk}/report", body).status_code == 401
    assert not mine.reports.exists()


@pytest.mark.usefixtures("still_clock")
def test_an_address_may_not_report_without_end(reader: Api, mine: Comment) -> None:
    path = f"comments/{mine.pk}/report"
    answers = [reader.post(path, {"reason": "SPAM"}).status_code for _ in range(21)]
    assert answers[-2:] == [201, 429]
