"""What is read from a streaming replica, and that nobody sees anything older for it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from tests.services.api import call
from tests.services.replicated import Replicated, replicated_installation


@pytest.fixture(scope="module")
def replicated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicated]:
    with replicated_installation(tmp_path_factory.mktemp("replicated")) as installed:
        yield installed


def counted(page: Mapping[str, Any]) -> int:
    return int(page["counts"]["article"])


READS: Mapping[str, Callable[[Replicated], str]] = {
    "a page": lambda installed: installed.texts(),
    "a page without JavaScript": lambda installed: installed.get(
        "sites/gazette/thread?key=article"
    ),
    "the feed": lambda installed: installed.get("sites/gazette/feed.atom?thread=article"),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_what_readers_see_is_read_from_the_replica(
    replicated: Replicated, read: Callable[[Replicated], str]
) -> None:
    comment, body = replicated.publish()
    with replicated.lagging():
        replicated.falsify(comment)
        assert body in read(replicated)


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_decision_shows_at_once_though_the_replica_does_not_have_it(
    replicated: Replicated, read: Callable[[Replicated], str]
) -> None:
    comment, body = replicated.publish()
    with replicated.lagging():
        assert body in read(replicated)
        assert replicated.decide(comment, "REJECT") == 201
        assert body not in read(replicated)


def test_replies_that_a_page_leaves_out_are_read_from_the_replica_unless_it_is_behind(
    replicated: Replicated,
) -> None:
    top, _ = replicated.publish()
    path = f"sites/gazette/comments/{top['id']}/replies"
    _, form = replicated.call("sites/gazette/form")
    reply = {"parent": top["id"], "author_name": "Bo", "author_email": "bo@mail.example"}
    _, reply = replicated.call(
        "sites/gazette/comments",
        {
            **reply,
            "thread": {"key": "article"},
            "body": "All of the harbour was.",
            "form_token": form["form_token"],
        },
    )
    replicated.decide(reply, "APPROVE")
    with replicated.lagging():
        replicated.falsify(reply)
        (shown,) = replicated.call(path)[1]["results"]
        assert "All of the harbour was." in shown["body_html"]
        replicated.decide(reply, "REJECT")
        assert replicated.call(path)[1]["results"] == []


def test_numbers_of_comments_are_counted_on_the_replica_unless_it_is_behind(
    replicated: Replicated,
) -> None:
    comment, _ = replicated.publish()
    path = "sites/gazette/counts?thread=article&thread=nowhere"
    with replicated.lagging():
        before = counted(replicated.call(path)[1])
        replicated.change("UPDATE comments_comment SET status = 'held' WHERE status = 'approved'")
        assert counted(replicated.call(path)[1]) == before
        replicated.change("UPDATE comments_comment SET status = 'approved' WHERE status = 'held'")
        replicated.decide(comment, "REJECT")
        assert counted(replicated.call(path)[1]) == before - 1


def test_whoever_votes_sees_the_vote_at_once(replicated: Replicated) -> None:
    comment, _ = replicated.publish()
    with replicated.lagging():
        replicated.call(f"sites/gazette/comments/{comment['id']}/vote", {"value": 1})
        (shown,) = [row for row in replicated.page()["results"] if row["id"] == comment["id"]]
        assert shown["votes"] == {"up": 1, "down": 0}


def test_whoever_posts_or_edits_sees_it_at_once(replicated: Replicated) -> None:
    replicated.publish()
    with replicated.lagging():
        _, comment = replicated.post("Mine waits for a decision.")
        token = {"X-Edit-Token": comment["edit_token"]}
        assert "Mine waits" in replicated.texts(**token)
        assert "Mine waits" not in replicated.texts()
        address = f"http://127.0.0.1:{replicated.port}"
        edited = {"body": "Mine is edited and waits."}
        path = f"sites/gazette/comments/{comment['id']}"
        assert call(address, path, edited, method="PATCH", **token)[0] == 200
        assert "Mine is edited" in replicated.texts(**token)


@pytest.mark.parametrize("path", ["stats", "transparency/2026?site=gazette"])
def test_figures_are_counted_on_the_replica(replicated: Replicated, path: str) -> None:
    replicated.publish()
    replicated.follow()
    before = replicated.replica.log.stat().st_size
    assert replicated.call(f"review/{path}", **replicated.moderator)[0] == 200
    said = replicated.replica.log.read_text()[before:]
    assert 'FROM "moderation_decision"' in said


def test_figures_have_what_just_came_in_though_the_replica_does_not(
    replicated: Replicated,
) -> None:
    replicated.publish()
    before = replicated.received()
    with replicated.lagging():
        replicated.post("Figures count this at once.")
        assert replicated.received() == before + 1
