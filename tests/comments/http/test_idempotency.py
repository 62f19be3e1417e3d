"""The same comment submitted twice, in sequence or concurrently, and the queries of a post."""

from unittest.mock import patch
from uuid import uuid4

import pytest
from django.utils import timezone

from comments.http.idempotency import UsedForm
from comments.models import Author, Comment, IdempotencyKey, Site, Thread
from tests.conftest import Api
from tests.factories import AuthorFactory, CommentFactory
from tests.submissions import EMAIL, post, submission


def test_a_form_submitted_twice_posts_once(reader: Api) -> None:
    payload = submission(reader)
    first, second = reader.post("comments", payload), reader.post("comments", payload)
    assert first.json() == second.json()
    assert Comment.objects.count() == 1


def test_a_form_token_used_for_a_second_comment_is_recorded_as_reused(reader: Api) -> None:
    payload = submission(reader)
    reader.post("comments", payload)
    response = reader.post("comments", {**payload, "body": "And another one."})
    assert Comment.objects.get(pk=response.json()["id"]).intake["form"]["state"] == "reused"


@pytest.mark.parametrize("meanwhile", [{}, {"closed_at": timezone.now()}])
def test_a_form_submitted_twice_concurrently_posts_once(
    reader: Api, meanwhile: dict[str, object], django_capture_on_commit_callbacks
) -> None:
    payload = submission(reader)
    first = reader.post("comments", payload)
    Thread.objects.update(**{"title": "An article", **meanwhile})
    unseen = UsedForm(IdempotencyKey.objects.get().key)
    with (
        patch("comments.http.idempotency.used_form", return_value=unseen),
        django_capture_on_commit_callbacks() as callbacks,
    ):
        second = reader.post("comments", payload)
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replay"] == "true"
    assert Comment.objects.count() == 1
    assert callbacks == []


def test_an_author_who_posts_twice_concurrently_is_created_once(site: Site) -> None:
    first = []

    def write() -> dict[str, object]:
        first.append(AuthorFactory(site=site, email_digest="same"))
        return {"first_seen_at": timezone.now()}

    assert Author.objects.get_or_create_by_digest(site, ["same"], write) == first[0]


def test_an_idempotency_key_makes_a_retry_safe(reader: Api) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    payload = submission(reader, form_token="")
    first = reader.post("comments", payload, headers=key)
    second = reader.post("comments", payload, headers=key)
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replay"] == "true"
    assert Comment.objects.count() == 1


def test_an_idempotency_key_with_another_comment_is_refused(reader: Api) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    reader.post("comments", submission(reader), headers=key)
    response = reader.post("comments", submission(reader, body="Other."), headers=key)
    assert response.status_code == 422


# Of these, two are a savepoint: a new author may be somebody who writes twice at once.
@pytest.mark.parametrize(("email", "queries"), [("new@mail.example", 15), (EMAIL, 12)])
def test_a_post_takes_a_bounded_number_of_queries(
    reader: Api, email: str, queries: int, django_assert_num_queries
) -> None:
    post(reader)
    payload = submission(reader, author_email=email, body="And another one.")
    with django_assert_num_queries(queries):
        assert reader.post("comments", payload).status_code == 201


def test_a_reply_takes_one_query_more(reader: Api, site: Site, django_assert_num_queries) -> None:
    post(reader)
    parent = CommentFactory(thread=Thread.objects.get())
    payload = submission(reader, parent=str(parent.pk), body="A reply.")
    with django_assert_num_queries(13):
        assert reader.post("comments", payload).status_code == 201
