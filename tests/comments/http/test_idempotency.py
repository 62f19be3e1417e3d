"""The same comment twice, one after the other or at once; and what taking one costs."""

from unittest.mock import patch
from uuid import uuid4

import pytest
from django.utils import timezone

from comments.http.idempotency import UsedForm
from comments.models import Author, Comment, IdempotencyKey, Site, Thread
from tests.conftest import Api
from tests.factories import AuthorFactory, CommentFactory
from tests.submissions import EMAIL, post, submission


def test_a_form_that_is_sent_twice_posts_once(reader: Api) -> None:
    sent = submission(reader)
    first, second = reader.post("comments", sent), reader.post("comments", sent)
    assert first.json() == second.json()
    assert Comment.objects.count() == 1


def test_a_form_that_is_used_for_a_second_comment_is_noticed(reader: Api) -> None:
    sent = submission(reader)
    reader.post("comments", sent)
    answer = reader.post("comments", {**sent, "body": "And another one."})
    assert Comment.objects.get(pk=answer.json()["id"]).intake["form"]["state"] == "reused"


@pytest.mark.parametrize("meanwhile", [{}, {"closed_at": timezone.now()}])
def test_a_form_that_comes_twice_at_once_posts_once(
    reader: Api, meanwhile: dict[str, object], django_capture_on_commit_callbacks
) -> None:
    sent = submission(reader)
    first = reader.post("comments", sent)
    Thread.objects.update(**{"title": "An article", **meanwhile})
    unseen = UsedForm(IdempotencyKey.objects.get().key)
    with (
        patch("comments.http.idempotency.used_form", return_value=unseen),
        django_capture_on_commit_callbacks() as rung,
    ):
        second = reader.post("comments", sent)
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replay"] == "true"
    assert Comment.objects.count() == 1
    assert rung == []


def test_an_author_who_writes_twice_at_once_is_one(site: Site) -> None:
    first = []

    def write() -> dict[str, object]:
        first.append(AuthorFactory(site=site, email_digest="same"))
        return {"first_seen_at": timezone.now()}

    assert Author.objects.get_or_create_by_digest(site, ["same"], write) == first[0]


def test_an_idempotency_key_makes_a_retry_safe(reader: Api) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    sent = submission(reader, form_token="")
    first = reader.post("comments", sent, headers=key)
    second = reader.post("comments", sent, headers=key)
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replay"] == "true"
    assert Comment.objects.count() == 1


def test_an_idempotency_key_with_another_comment_is_refused(reader: Api) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    reader.post("comments", submission(reader), headers=key)
    answer = reader.post("comments", submission(reader, body="Other."), headers=key)
    assert answer.status_code == 422


# Of these, two are a savepoint: a new author may be somebody who writes twice at once.
@pytest.mark.parametrize(("email", "queries"), [("new@mail.example", 15), (EMAIL, 12)])
def test_it_asks_the_database_no_more_than_it_must(
    reader: Api, email: str, queries: int, django_assert_num_queries
) -> None:
    post(reader)
    sent = submission(reader, author_email=email, body="And another one.")
    with django_assert_num_queries(queries):
        assert reader.post("comments", sent).status_code == 201


def test_a_reply_costs_one_question_more(
    reader: Api, site: Site, django_assert_num_queries
) -> None:
    post(reader)
    parent = CommentFactory(thread=Thread.objects.get())
    sent = submission(reader, parent=str(parent.pk), body="A reply.")
    with django_assert_num_queries(13):
        assert reader.post("comments", sent).status_code == 201
