"""The Celery tasks of bulk decisions."""

from collections.abc import Callable

import pytest

from comments.models import Comment, Site, Status, User
from moderation.models import BulkJob, JobState
from moderation.review.queue import bulk, bulk_worker, tasks
from moderation.review.queue.queue import QueueFilters
from moderation.rules.verdicts import Verdict
from tests.factories import NOW, ReviewableFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def enqueued(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The arguments of the tasks that are sent to the broker."""
    sent: list[str] = []
    monkeypatch.setattr(tasks.run_bulk_job, "delay", sent.append)
    return sent


def start(site: Site, moderator: User, comments: int = 2) -> BulkJob:
    for _ in range(comments):
        ReviewableFactory(comment__thread__site=site, comment__status=Status.HELD)
    return bulk.start(QueueFilters(), verdict=Verdict.REJECT, moderator=moderator, now=NOW)


def run_to_its_end(job: BulkJob) -> BulkJob:
    while bulk_worker.run(job.pk, now=NOW):
        pass
    return job


def test_a_job_that_is_started_is_enqueued_after_the_commit(
    site: Site, moderator: User, enqueued: list[str], django_capture_on_commit_callbacks: Callable
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = start(site, moderator)
        assert enqueued == []
    assert enqueued == [str(job.pk)]


def test_the_undo_of_a_job_is_enqueued(
    site: Site, moderator: User, enqueued: list[str], django_capture_on_commit_callbacks: Callable
) -> None:
    job = run_to_its_end(start(site, moderator))
    with django_capture_on_commit_callbacks(execute=True):
        undoing = bulk.undo(job, moderator=moderator, now=NOW)
    assert enqueued == [str(undoing.pk)]


def test_a_broker_that_is_down_does_not_fail_the_request(
    site: Site,
    moderator: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable,
) -> None:
    def fail(job_id: str) -> None:
        raise ConnectionError("The broker is down.")

    monkeypatch.setattr(tasks.run_bulk_job, "delay", fail)
    with django_capture_on_commit_callbacks(execute=True):
        job = start(site, moderator)
    assert bulk_worker.unfinished() == [job.pk]


def test_the_task_decides_a_chunk_and_enqueues_the_next_until_the_job_is_done(
    site: Site, moderator: User, enqueued: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_worker, "CHUNK", 2)
    job = start(site, moderator)
    tasks.run_bulk_job(str(job.pk))
    assert enqueued == [str(job.pk)]
    assert set(Comment.objects.values_list("status", flat=True)) == {Status.REJECTED}
    tasks.run_bulk_job(str(job.pk))
    assert enqueued == [str(job.pk)]
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_the_sweep_runs_each_unfinished_job_to_its_end(
    site: Site, moderator: User, enqueued: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_worker, "CHUNK", 1)
    jobs = [start(site, moderator), start(site, moderator)]
    tasks.sweep_bulk_jobs()
    assert bulk_worker.unfinished() == []
    for job in jobs:
        job.refresh_from_db()
        assert job.state == JobState.DONE
    assert set(Comment.objects.values_list("status", flat=True)) == {Status.REJECTED}
