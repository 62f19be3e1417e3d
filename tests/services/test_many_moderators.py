"""Concurrent moderators on PostgreSQL: claims never overlap, and decisions conflict cleanly."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.services.conftest import Installation
from tests.services.shell import shell

FILL = """
from django.utils import timezone
from comments.models import Comment, Site, Thread
from moderation.models import Reviewable

now, site = timezone.now(), Site.objects.get(slug="gazette")
thread = Thread.objects.create(site=site, key="a", key_digest="a", created_at=now)
for n in range(200):
    comment = Comment.objects.create(
        site=site, thread=thread, body=f"Number {n}", body_html="", body_digest=str(n),
        status="held", created_at=now,
    )
    Reviewable.of(comment, why="SCREENED", now=now).save()
"""


def prepare(installation: Installation, *, moderators: int) -> list[dict[str, str]]:
    """Fill the queue, and return the headers of so many moderators."""
    role = ("--site", "gazette", "--role", "moderator", "--json")
    with shell(installation.environment) as runs:
        runs.run(FILL)
        people = [
            runs.manage("create_moderator", f"m{n}@staff.example", *role) for n in range(moderators)
        ]
    tokens = [json.loads(told.splitlines()[-1])["token"] for told in people]
    return [{"Authorization": f"Token {token}"} for token in tokens]


def test_concurrent_claims_never_overlap(installation: Installation) -> None:
    moderators = prepare(installation, moderators=8)

    def take_all(who: dict[str, str]) -> list[str]:
        taken: list[str] = []
        while True:
            _, answer = installation.call("review/queue/claim", {"limit": 7}, **who)
            if not answer["results"]:
                return taken
            taken += [comment["id"] for comment in answer["results"]]

    with ThreadPoolExecutor(8) as pool:
        shares = list(pool.map(take_all, moderators))
    taken = Counter(comment for share in shares for comment in share)
    assert len(taken) == 200
    assert set(taken.values()) == {1}


def test_of_concurrent_decisions_one_succeeds_and_the_others_conflict(
    installation: Installation,
) -> None:
    moderators = prepare(installation, moderators=6)
    _, page = installation.call("review/queue?limit=10", **moderators[0])
    for row in page["results"]:
        where = f"review/comments/{row['comment']['id']}/decision"

        def decide(who: dict[str, str], where: str = where) -> int:
            verdict = {"verdict": "APPROVE", "revision": 1, "status": "held"}
            return int(installation.call(where, verdict, **who)[0])

        with ThreadPoolExecutor(6) as pool:
            answers = Counter(pool.map(decide, moderators))
        assert answers == {201: 1, 409: 5}
    assert installation.rows("SELECT count(*) FROM moderation_decision") == [(10,)]
