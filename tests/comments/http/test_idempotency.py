"""The same comment submitted twice, in sequence or concurrently, and the queries of a post."""

from unittest.mock import patch
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from django.conf import LazySettings
from django.db import connection
from django.utils import timezone
from psycopg.pq import TransactionStatus

from comments.http import idempotency
from comments.models import Author, Comment, IdempotencyKey, Site, Thread, insertion
from moderation.insight import floods
from moderation.intake import lookup, receive
from moderation.models.audit import SystemActor
from moderation.models.webhook import Delivery, Webhook
from tests.conftest import Api
from tests.factories import AuthorFactory, CommentFactory
from tests.proofs import solved
from tests.submissions import EMAIL, post, submission


def test_a_form_token_used_for_a_second_comment_is_recorded_as_reused(reader: Api) -> None:
    payload = submission(reader)
    reader.post("comments", payload)
    response = reader.post("comments", {**payload, "body": "And another one."})
    assert Comment.objects.get(pk=response.json()["id"]).intake["form"]["state"] == "reused"


@pytest.mark.parametrize("header", [None, "a-fresh-key"])
def test_a_form_is_good_for_one_comment_whatever_header_comes_with_it(
    reader: Api, header: str | None
) -> None:
    payload = submission(reader)
    for number in range(4):
        headers = {"Idempotency-Key": f"{header}-{number}"} if header else {}
        reader.post("comments", {**payload, "body": f"Number {number}."}, headers=headers)
    states = Comment.objects.order_by("id").values_list("intake__form__state", flat=True)
    assert list(states) == ["valid", "reused", "reused", "reused"]


def test_a_key_that_is_repeated_repeats_the_answer_though_the_form_is_used(reader: Api) -> None:
    payload, key = submission(reader), {"Idempotency-Key": "one"}
    first = reader.post("comments", payload, headers=key)
    reader.post("comments", {**payload, "body": "Another."}, headers={"Idempotency-Key": "two"})
    assert reader.post("comments", payload, headers=key).json() == first.json()
    assert Comment.objects.count() == 2


def test_a_refused_comment_does_not_use_its_form_up(reader: Api) -> None:
    payload = submission(reader)
    assert reader.post("comments", {**payload, "parent": str(uuid4())}).status_code == 400
    posted = reader.post("comments", payload).json()
    assert Comment.objects.get(pk=posted["id"]).intake["form"]["state"] == "valid"


def test_two_comments_with_one_form_at_once_are_both_kept(reader: Api) -> None:
    payload = submission(reader)
    reader.post("comments", payload)
    second = reader.post("comments", {**payload, "body": "And another one."})
    assert second.status_code == 201
    assert Comment.objects.get(pk=second.json()["id"]).intake["form"]["state"] == "reused"


def test_what_is_stored_to_be_repeated_tells_nothing(reader: Api) -> None:
    answer = post(reader).json()
    stored = IdempotencyKey.objects.get().answer
    for secret in (answer["edit_token"], answer["status_url"], answer["body"]):
        assert secret.rpartition("/")[2] not in stored


def test_an_answer_whose_key_is_gone_is_not_given_again(reader: Api, settings) -> None:
    payload = submission(reader)
    reader.post("comments", payload)
    settings.EMAIL_KEYS = [Fernet.generate_key().decode()]
    assert reader.post("comments", payload).status_code == 409
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("meanwhile", [{}, {"closed_at": timezone.now()}])
def test_a_form_submitted_twice_posts_once(
    reader: Api, meanwhile: dict[str, object], django_capture_on_commit_callbacks
) -> None:
    payload = submission(reader)
    first = reader.post("comments", payload)
    Thread.objects.update(**{"title": "An article", **meanwhile})
    with django_capture_on_commit_callbacks() as callbacks:
        second = reader.post("comments", payload)
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replay"] == "true"
    assert Comment.objects.count() == 1
    assert callbacks == []


def test_a_key_that_comes_twice_concurrently_posts_once(
    reader: Api, django_capture_on_commit_callbacks
) -> None:
    payload, key = submission(reader, form_token=""), {"Idempotency-Key": "one"}
    first = reader.post("comments", payload, headers=key)
    stored = IdempotencyKey.objects.get()
    with (
        patch.object(idempotency, "_earlier", side_effect=[None, stored]),
        django_capture_on_commit_callbacks() as callbacks,
    ):
        second = reader.post("comments", payload, headers=key)
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replay"] == "true"
    assert Comment.objects.count() == 1
    assert callbacks == []


def test_an_author_who_posts_twice_concurrently_is_created_once(site: Site) -> None:
    first = AuthorFactory(site=site, email_digest="same")
    second = Author(site=site, email_digest="same", first_seen_at=timezone.now())
    assert Author.objects.store_or_get(second) == first


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


def statements(many: int, *, rows: int = 4) -> int:
    """Return how many statements a post takes that stores so many rows at its end.

    PostgreSQL stores them with one. Two more begin and end the transaction. The site is recalled.
    """
    return many + (1 if connection.vendor == "postgresql" else rows) + 2


def test_a_flood_costs_a_post_one_row(
    reader: Api, site: Site, settings: LazySettings, django_assert_num_queries
) -> None:
    settings.FLOOD_WORK = 1000
    post(reader, author_email="warm.up@mail.example")
    floods.begin(site, by=SystemActor.COMMAND_LINE, now=timezone.now())
    payload = submission(reader, altcha=solved(reader.get("form").json()["challenge"]))
    with django_assert_num_queries(statements(1, rows=4 + 1 + 1)):
        assert reader.post("comments", payload).status_code == 201


def test_a_new_author_whom_another_request_stored_meanwhile_is_taken(
    reader: Api, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(reader)
    known = Author.objects.get()
    look_up = lookup.look_up
    monkeypatch.setattr(
        receive, "look_up", lambda *args, **options: look_up(*args, **options)._replace(author=None)
    )
    post(reader, body="And another one.")
    assert set(Comment.objects.values_list("author", flat=True)) == {known.pk}


@pytest.mark.parametrize(("email", "more"), [(EMAIL, 0), ("new@mail.example", 1)])
def test_a_post_takes_few_statements(
    reader: Api, email: str, more: int, django_assert_num_queries
) -> None:
    post(reader)
    payload = submission(reader, author_email=email, body="And another one.")
    with django_assert_num_queries(statements(1, rows=4 + more)):
        assert reader.post("comments", payload).status_code == 201


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite stores row by row")
@pytest.mark.parametrize(("notify", "begun"), [("", False), ("replies", True)])
@pytest.mark.django_db(transaction=True)
def test_what_one_statement_stores_needs_no_transaction_around_it(
    reader: Api, monkeypatch: pytest.MonkeyPatch, notify: str, begun: bool
) -> None:
    post(reader)
    seen = []

    def insert_all(*args: object, **options: object) -> None:
        insertion.insert_all(*args, **options)
        seen.append(connection.connection.info.transaction_status != TransactionStatus.IDLE)

    monkeypatch.setattr(idempotency, "insert_all", insert_all)
    assert post(reader, body="And another one.", notify=notify).status_code == 201
    assert seen == [begun]


def test_a_post_of_which_a_webhook_hears_takes_one_statement_more(
    reader: Api, site: Site, django_assert_num_queries
) -> None:
    post(reader)
    Webhook.objects.create(
        site=site, url="https://hooks.example", secret="s", events=["*"], created_at=timezone.now()
    )
    payload = submission(reader, body="And another one.")
    with django_assert_num_queries(statements(2, rows=6)):
        assert reader.post("comments", payload).status_code == 201
    assert Delivery.objects.count() == 1


def test_a_reply_takes_one_query_more(reader: Api, site: Site, django_assert_num_queries) -> None:
    post(reader)
    parent = CommentFactory(thread=Thread.objects.get())
    payload = submission(reader, parent=str(parent.pk), body="A reply.")
    with django_assert_num_queries(statements(2)):
        assert reader.post("comments", payload).status_code == 201
