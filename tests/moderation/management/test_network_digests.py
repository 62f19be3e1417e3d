"""Digests of addresses and networks are cleared after a time; what they counted stays."""

from datetime import timedelta
from typing import Any

import pytest

from comments.models import Comment, Site, Vote
from comments.models.ids import id_at
from comments.text import avatars
from comments.threads import voting
from comments.threads.voting import Voter
from moderation.management import network_digests
from moderation.models import Report
from tests.factories import NOW, CommentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _thirty_days(settings: Any) -> None:
    settings.NETWORK_KEEP_DAYS = 30


def written(site: Site, *, days_ago: int, **more: Any) -> Comment:
    at = NOW - timedelta(days=days_ago)
    digests = {"address_digest": "a", "network_digest": "n", "user_agent": "Firefox"}
    return CommentFactory(id=id_at(at), thread__site=site, created_at=at, **{**digests, **more})


def test_the_digests_of_comments_are_cleared_after_their_days(site: Site) -> None:
    old, new = written(site, days_ago=31), written(site, days_ago=29)
    network_digests.clear(now=NOW)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.address_digest, old.network_digest, old.user_agent) == ("", "", "")
    assert (new.address_digest, new.network_digest, new.user_agent) == ("a", "n", "Firefox")


def test_a_writer_keeps_the_picture_that_everybody_knows(site: Site) -> None:
    comment, nobodys = written(site, days_ago=31), written(site, days_ago=31, author=None)
    seeds = avatars.seed(comment), avatars.seed(nobodys)
    network_digests.clear(now=NOW)
    comment.refresh_from_db()
    nobodys.refresh_from_db()
    assert (avatars.seed(comment), avatars.seed(nobodys)) == seeds
    assert (comment.avatar_seed, nobodys.avatar_seed) == (seeds[0], "")


def test_many_are_cleared_in_batches(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_digests, "BATCH", 2)
    for _ in range(5):
        comment = written(site, days_ago=31)
        report(comment, days_ago=31, reporter=str(comment.pk))
    network_digests.clear(now=NOW)
    assert not Comment.objects.exclude(network_digest="").exists()
    assert not Report.objects.exclude(network="").exists()


def test_old_votes_count_and_nobody_knows_whose_they_were(site: Site) -> None:
    comment = written(site, days_ago=60)
    for n, days in ((1, 31), (2, 31), (3, 29)):
        voter = Voter.at(f"198.51.100.{n}")
        voting.vote(comment, voter=voter, value=1, now=NOW - timedelta(days=days))
    vouched = Voter("digest of an email address")
    voting.vote(comment, voter=vouched, value=1, now=NOW - timedelta(days=31))
    network_digests.clear(now=NOW)
    comment.refresh_from_db()
    assert comment.up_votes == Vote.objects.count() == 4
    known = Vote.objects.exclude(voter__startswith="cleared ").values_list("voter", flat=True)
    assert set(known) == {Voter.at("198.51.100.3").digest, vouched.digest}
    assert Vote.objects.exclude(network="").count() == 1


def report(comment: Comment, *, days_ago: int, **more: str) -> Report:
    at = NOW - timedelta(days=days_ago)
    given = {"reporter": "r", "network": "4:n", **more}
    return Report.objects.create(
        id=id_at(at), comment=comment, revision=1, reason="SPAM", created_at=at, **given
    )


def test_old_reports_stay_without_their_reporter(site: Site) -> None:
    comment = written(site, days_ago=60)
    old = report(comment, days_ago=31)
    new = report(comment, days_ago=29, reporter="s")
    vouched = report(comment, days_ago=31, reporter="v", network="")
    network_digests.clear(now=NOW)
    for row in (old, new, vouched):
        row.refresh_from_db()
    assert old.reporter.startswith("cleared ")
    assert old.network == ""
    assert (new.reporter, new.network, vouched.reporter) == ("s", "4:n", "v")
