from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Comment, Site, Status
from comments.privacy import tokens
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


def test_nobody_else_may(reader: Api, mine: Comment) -> None:
    other = CommentFactory(thread=mine.thread)
    assert change(reader, mine, token=tokens.issue_edit_token(other)).status_code == 404
    assert reader.delete(f"comments/{mine.pk}").status_code == 404


def test_the_token_may_come_in_the_body(reader: Api, mine: Comment) -> None:
    sent = {"body": "Better.", "edit_token": tokens.issue_edit_token(mine)}
    assert reader.patch(f"comments/{mine.pk}", sent).status_code == 200


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


@pytest.mark.usefixtures("still_clock")
def test_an_address_may_not_report_without_end(reader: Api, mine: Comment) -> None:
    path = f"comments/{mine.pk}/report"
    answers = [reader.post(path, {"reason": "SPAM"}).status_code for _ in range(21)]
    assert answers[-2:] == [201, 429]
