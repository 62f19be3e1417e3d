"""Whatever crashes, no accepted comment is lost and none is decided twice."""

import json
import signal
from concurrent.futures import ThreadPoolExecutor

import psycopg

from tests.services.conftest import Installation
from tests.services.processes import manage, wait_for

BODIES = [f"A calm remark about the garden, number {n}." for n in range(60)]


def post_all(installation: Installation) -> None:
    with ThreadPoolExecutor(8) as pool:
        statuses = {status for status, _ in pool.map(installation.post, BODIES)}
    assert statuses == {201}


def nothing_waits(installation: Installation) -> bool:
    return installation.pending() == 0


def test_a_posted_comment_is_screened_and_published(installation: Installation) -> None:
    installation.start_worker()
    status, comment = installation.post("Thank you, this helped me to repair the roof.")
    assert status == 201
    wait_for(lambda: nothing_waits(installation), seconds=30, what="the worker")
    _, page = installation.call("sites/gazette/comments?thread=article")
    assert [shown["id"] for shown in page["results"]] == [comment["id"]]


def test_a_batch_of_a_killed_worker_is_decided_once_by_another(
    installation: Installation,
) -> None:
    post_all(installation)
    with psycopg.connect(installation.database) as other:
        # The worker has scored its batch when it meets this lock, and has decided nothing.
        other.execute("SELECT * FROM comments_comment FOR UPDATE")
        worker = installation.start_worker()
        blocked = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        wait_for(lambda: installation.rows(blocked), seconds=30, what="a batch under way")
        worker.stop(signal.SIGKILL)
    assert installation.pending() == len(BODIES)
    installation.start_worker()
    wait_for(lambda: nothing_waits(installation), seconds=90, what="another worker")
    assert installation.decisions_per_comment() == {1}


def test_two_workers_decide_each_comment_once(installation: Installation) -> None:
    installation.start_worker()
    installation.start_worker()
    post_all(installation)
    wait_for(lambda: nothing_waits(installation), seconds=60, what="two workers")
    assert installation.decisions_per_comment() == {1}


def test_comments_are_accepted_without_redis_and_screened_when_it_is_back(
    installation: Installation,
) -> None:
    installation.start_worker()
    installation.redis.stop(signal.SIGKILL)
    status, comment = installation.post("The ferry was late again, but the coffee was good.")
    assert (status, comment["status"]) == (201, "pending")
    installation.start_redis()
    wait_for(lambda: nothing_waits(installation), seconds=90, what="the sweep")
    assert installation.decisions_per_comment() == {1}


def test_many_moderators_never_claim_the_same_comment(installation: Installation) -> None:
    installation.change_site("max_length = 500")
    post_all(installation)
    manage(installation.environment, "shell", "-c", HOLD_ALL)
    arguments = ("m@staff.example", "--site", "gazette", "--role", "moderator", "--json")
    output = manage(installation.environment, "create_moderator", *arguments)
    token = json.loads(output.splitlines()[-1])["token"]

    def claim(_: int) -> list[str]:
        authorization = {"Authorization": f"Token {token}"}
        _, answer = installation.call("review/queue/claim", {"limit": 7}, **authorization)
        return [comment["id"] for comment in answer["results"]]

    with ThreadPoolExecutor(8) as pool:
        claimed = [pk for claims in pool.map(claim, range(12)) for pk in claims]
    assert len(claimed) == len(set(claimed)) == len(BODIES)


HOLD_ALL = """
from django.utils import timezone
from comments.models import Comment
from moderation.decisions.decide import Proposal, decide
from moderation.models import DecisionSource
from moderation.rules.verdicts import Verdict
decide(
    [
        Proposal(comment_id=pk, revision=1, verdict=Verdict.HOLD, source=DecisionSource.MODERATOR)
        for pk in Comment.objects.values_list("pk", flat=True)
    ],
    now=timezone.now(),
)
"""
