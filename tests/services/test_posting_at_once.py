"""Concurrent retries of a post, on PostgreSQL."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.services.conftest import Installation, installed


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One for all tests here, which do not mind what the others leave."""
    with installed(tmp_path_factory.mktemp("installation")) as installation:
        yield installation


def number_of(installation: Installation, table: str) -> int:
    return int(installation.rows(f"SELECT count(*) FROM {table}")[0][0])


def test_a_comment_posted_many_times_concurrently_is_stored_once(
    installation: Installation,
) -> None:
    before = {
        name: number_of(installation, name) for name in ("comments_comment", "comments_author")
    }
    for n in range(5):
        _, form = installation.call("sites/gazette/form")
        comment = {
            "thread": {"key": "an-article"},
            "author_name": "Ann",
            "author_email": f"ann{n}@mail.example",
            "body": f"Once, please. {n}",
            "form_token": form["form_token"],
        }

        def send(_: int, comment: dict[str, object] = comment) -> tuple[int, str]:
            status, answer = installation.call("sites/gazette/comments", comment)
            return status, answer.get("id", "")

        with ThreadPoolExecutor(6) as pool:
            answers = Counter(pool.map(send, range(6)))
        ((status, _),) = answers
        assert status == 201, answers
    after = {name: number_of(installation, name) for name in before}
    assert after == {name: count + 5 for name, count in before.items()}


def test_in_slow_mode_one_of_two_at_the_same_instant_is_taken(installation: Installation) -> None:
    site = installation.rows("SELECT id FROM comments_site WHERE slug = 'gazette'")[0][0]
    installation.change(
        "INSERT INTO moderation_sectionrules (site_id, kind, value, preset, pause_message, "
        f"slow_seconds) VALUES ('{site}', 'page', 'a-slow-article', '', '', 60)"
    )

    def send(number: int) -> int:
        _, form = installation.call("sites/gazette/form")
        comment = {
            "thread": {"key": "a-slow-article"},
            "author_name": "Ann",
            "author_email": "ann@mail.example",
            "body": f"In a hurry, {number}.",
            "form_token": form["form_token"],
        }
        return installation.call("sites/gazette/comments", comment)[0]

    with ThreadPoolExecutor(6) as pool:
        assert Counter(pool.map(send, range(6))) == {201: 1, 429: 5}


def test_of_different_comments_with_one_form_one_counts_as_new(
    installation: Installation,
) -> None:
    before = number_of(installation, "comments_comment")
    _, form = installation.call("sites/gazette/form")

    def send(number: int) -> int:
        comment = {
            "thread": {"key": "an-article"},
            "author_name": "Ann",
            "author_email": "ann@mail.example",
            "body": f"Number {number}.",
            "form_token": form["form_token"],
        }
        return installation.call("sites/gazette/comments", comment)[0]

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(send, range(6))) == {201}
    states = installation.rows("SELECT intake->'form'->>'state' FROM comments_comment ORDER BY id")
    assert sorted(state for (state,) in states[before:]) == [*["reused"] * 5, "valid"]
