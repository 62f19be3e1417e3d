"""An address that can't be read is nobody's, never everybody's."""

from typing import Any

import pytest

from comments.models import Comment, Site, Vote
from comments.threads import voting
from moderation.models import Report
from tests.conftest import Api
from tests.factories import CommentFactory, ThreadFactory
from tests.submissions import submission

UNREADABLE = ["unknown", "_hidden", "", "unknown:80"]


@pytest.fixture(autouse=True)
def proxy(settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.0/8"]


@pytest.fixture
def comment(site: Site) -> Comment:
    return CommentFactory(thread=ThreadFactory(site=site))


def hidden(hops: str = "unknown") -> dict[str, str]:
    return {"X-Forwarded-For": hops}


@pytest.mark.parametrize("hops", UNREADABLE)
def test_readers_do_not_use_up_each_others_posts(reader: Api, hops: str) -> None:
    for number in range(12):
        sent = submission(reader, body=f"Comment {number}")
        assert reader.post("comments", sent, headers=hidden(hops)).status_code == 201
    assert set(Comment.objects.values_list("address_digest", flat=True)) == {""}


@pytest.mark.usefixtures("still_clock")
def test_all_of_them_together_may_not_post_without_end(
    reader: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comments.http.rate_limits.TIMES_FOR_NOBODY", 0.2)
    answers = [
        reader.post("comments", submission(reader, body=f"{n}"), headers=hidden()) for n in range(3)
    ]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_ports_do_not_make_readers_one(reader: Api, comment: Comment) -> None:
    for number in range(3):
        address = hidden(f"198.51.100.{number}:40001")
        reader.post(f"comments/{comment.pk}/vote", {"value": 1}, headers=address)
        reader.post(f"comments/{comment.pk}/vote", {"value": 1}, headers=address)
    comment.refresh_from_db()
    assert comment.up_votes == 3


def test_their_votes_are_not_one_vote(reader: Api, comment: Comment) -> None:
    for _ in range(3):
        reader.post(f"comments/{comment.pk}/vote", {"value": 1}, headers=hidden())
    comment.refresh_from_db()
    assert comment.up_votes == 3


def test_their_votes_count_as_those_of_one_network(comment: Comment) -> None:
    for number in range(voting.SHARE.ipv4 + 5):
        voter = voting.Voter.at("", visit=f"form {number}")
        voting.vote(comment, voter=voter, value=1, now=comment.created_at)
    comment.refresh_from_db()
    assert comment.up_votes == voting.SHARE.ipv4


def test_one_form_is_one_vote(comment: Comment) -> None:
    for _ in range(2):
        voter = voting.Voter.at("", visit="form")
        voting.vote(comment, voter=voter, value=1, now=comment.created_at)
    assert Vote.objects.count() == 1


def test_their_reports_are_not_one_report(reader: Api, comment: Comment) -> None:
    for _ in range(3):
        answer = reader.post(f"comments/{comment.pk}/report", {"reason": "SPAM"}, headers=hidden())
        assert answer.status_code == 201
    assert Report.objects.count() == 3


def test_a_ban_of_a_network_meets_none_of_them(reader: Api) -> None:
    reader.post("comments", submission(reader), headers=hidden())
    assert Comment.objects.get().network_digest == ""


def test_previews_are_limited_in_sum_alone(reader: Api) -> None:
    answers = {
        reader.post("preview", {"body": "A remark"}, headers=hidden()).status_code
        for _ in range(65)
    }
    assert answers == {200}
