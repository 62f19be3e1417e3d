"""Concurrent retries of a post, on PostgreSQL."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.services.conftest import Installation


def test_a_comment_posted_many_times_concurrently_is_stored_once(
    installation: Installation,
) -> None:
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
    assert installation.rows("SELECT count(*) FROM comments_comment") == [(5,)]
    assert installation.rows("SELECT count(*) FROM comments_author") == [(5,)]
