"""Concurrent votes are counted exactly once each."""

from concurrent.futures import ThreadPoolExecutor

import psycopg

from tests.services.conftest import Installation


def test_concurrent_votes_are_counted_exactly(installation: Installation) -> None:
    _, comment = installation.post("A remark that many people like at once.")
    with psycopg.connect(installation.database) as connection:
        connection.execute("UPDATE comments_comment SET status = 'approved'")
    path = f"sites/gazette/comments/{comment['id']}/vote"

    def vote(n: int) -> int:
        # Twenty readers, each of whom votes three times: against, for, and for again.
        address = f"203.0.113.{n % 20}"
        value = -1 if n < 20 else 1
        status, _ = installation.call(path, {"value": value}, **{"X-Forwarded-For": address})
        return int(status)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(vote, range(20))) == {200}
        assert set(pool.map(vote, range(20, 60))) == {200}
    _, answer = installation.call(f"sites/gazette/comments/{comment['id']}")
    assert answer["votes"] == {"up": 20, "down": 0}
    assert installation.rows("SELECT count(*), sum(value) FROM comments_vote") == [(20, 20)]
