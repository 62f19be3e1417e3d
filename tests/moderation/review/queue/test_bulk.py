"""Bulk decisions: at whose sites, what they note, and when they can be stopped or taken back."""

from datetime import timedelta

import pytest

from comments.models import Comment, Role, Site, Status, User
from moderation.models import AuditAction, AuditEntry, BulkItem, BulkJob, JobState
from moderation.review.queue import bulk, bulk_worker
from moderation.review.queue.bulk import JobFinished
from moderation.review.queue.queue import QueueFilters
from moderation.rules.verdicts import Verdict
from tests.factories import NOW, MembershipFactory, ReviewableFactory, SiteFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


def hold(site: Site, number: int = 1, **more: object) -> list[Comment]:
    return [
        ReviewableFactory(comment__thread__site=site, comment__status=Status.HELD, **more).comment
        for _ in range(number)
    ]


def start(moderator: User, **filters: object) -> BulkJob:
    return bulk.start(
        QueueFilters(**filters),
        verdict=Verdict.REJECT,
        moderator=moderator,
        now=NOW,
        reasoning="Spam wave.",
    )


def run(job: BulkJob) -> BulkJob:
    while bulk_worker.run(job.pk, now=LATER):
        pass
    job.refresh_from_db()
    return job


def trail(act: AuditAction) -> list[tuple[object, ...]]:
    entries = AuditEntry.objects.filter(act=act).order_by("site__slug", "id")
    return list(entries.values_list("site__slug", "by", "subject", "at"))


def test_a_job_stores_its_filters_verdict_and_total(site: Site, moderator: User) -> None:
    hold(site, 2, category="INSULT")
    hold(site, category="SPAM")
    job = start(moderator, category="INSULT")
    assert (job.moderator, job.verdict, job.reasoning) == (moderator, "REJECT", "Spam wave.")
    assert (job.filters, job.total) == ({"category": "INSULT"}, 2)
    assert (job.state, job.started_at) == (JobState.RUNNING, NOW)


def test_a_job_requires_no_reasoning(site: Site, moderator: User) -> None:
    job = bulk.start(QueueFilters(), verdict=Verdict.APPROVE, moderator=moderator, now=NOW)
    assert job.reasoning == ""


def test_decisions_of_a_job_have_its_moderator_and_reasoning(site: Site, moderator: User) -> None:
    (comment,) = hold(site)
    job = run(start(moderator))
    decision = comment.decisions.get()
    assert (decision.decided_by, decision.reasoning) == (moderator, "Spam wave.")
    assert (decision.verdict, decision.decided_at) == (Verdict.REJECT, LATER)
    assert (job.state, job.finished_at) == (JobState.DONE, LATER)


def test_the_start_of_a_job_is_logged_at_each_site_it_affects(moderator: User, site: Site) -> None:
    MembershipFactory(user=moderator, site=SiteFactory(slug="other"))
    MembershipFactory(user=moderator, site=SiteFactory(slug="watched"), role=Role.VIEWER)
    job = start(moderator)
    line = (moderator.pk, str(job.pk), NOW)
    assert trail(AuditAction.BULK_STARTED) == [("gazette", *line), ("other", *line)]
    job = start(moderator, site="other")
    assert trail(AuditAction.BULK_STARTED)[1:] == [
        ("other", *line),
        ("other", moderator.pk, str(job.pk), NOW),
    ]
    assert AuditEntry.objects.last() is not None
    detail = AuditEntry.objects.filter(subject=str(job.pk)).get().detail
    assert detail == {"verdict": "REJECT", "total": 0, "filters": {"site": "other"}}


def test_a_refused_item_stores_its_problem(site: Site, moderator: User) -> None:
    (comment,) = hold(site)
    MembershipFactory(site=site)
    job = start(moderator)
    undoing = bulk.undo(run(job), moderator=moderator, now=LATER)
    comment.decisions.update(source="SITE")
    run(undoing)
    item = BulkItem.objects.get(job=undoing)
    assert (item.comment, item.decision, item.problem) == (comment, None, "not-undoable")
    assert (undoing.done, undoing.refused) == (0, 1)


def test_the_job_of_a_moderator_who_became_a_viewer_decides_nothing(
    site: Site, moderator: User
) -> None:
    (comment,) = hold(site)
    job = start(moderator)
    moderator.memberships.update(role=Role.VIEWER)
    run(job)
    comment.refresh_from_db()
    assert comment.status == Status.HELD


def test_a_cancelled_job_is_logged_and_decides_nothing(site: Site, moderator: User) -> None:
    (comment,) = hold(site)
    job = bulk.cancel(start(moderator), now=LATER)
    assert (job.state, job.finished_at) == (JobState.CANCELLED, LATER)
    assert bulk_worker.run(job.pk, now=LATER) is False
    assert trail(AuditAction.BULK_CANCELLED) == [("gazette", moderator.pk, str(job.pk), LATER)]
    comment.refresh_from_db()
    assert comment.status == Status.HELD
    with pytest.raises(JobFinished, match="ended already"):
        bulk.cancel(job, now=LATER)


def test_cancelling_and_undoing_are_logged_at_moderated_sites_alone(
    site: Site, moderator: User
) -> None:
    hold(site)
    MembershipFactory(user=moderator, site=SiteFactory(slug="watched"), role=Role.VIEWER)
    bulk.cancel(start(moderator), now=LATER)
    bulk.undo(run(start(moderator)), moderator=moderator, now=LATER)
    for act in (AuditAction.BULK_CANCELLED, AuditAction.BULK_UNDONE):
        assert [entry[0] for entry in trail(act)] == ["gazette"]


def test_a_running_job_cannot_be_undone(site: Site, moderator: User) -> None:
    job = start(moderator)
    assert not bulk.may_undo(job)
    with pytest.raises(JobFinished, match="still running"):
        bulk.undo(job, moderator=moderator, now=LATER)


def test_a_job_can_be_undone_once_and_an_undo_job_never(site: Site, moderator: User) -> None:
    hold(site, 2)
    job = run(start(moderator))
    assert bulk.may_undo(job)
    undoing = bulk.undo(job, moderator=moderator, now=LATER)
    assert (undoing.undoes, undoing.total, undoing.started_at) == (job, 2, LATER)
    run(undoing)
    assert not bulk.may_undo(job)
    assert not bulk.may_undo(undoing)
    for ended in (job, undoing):
        with pytest.raises(JobFinished, match="undone already"):
            bulk.undo(ended, moderator=moderator, now=LATER)


def test_a_cancelled_job_can_be_undone(site: Site, moderator: User) -> None:
    assert bulk.may_undo(bulk.cancel(start(moderator), now=LATER))


def test_the_undo_of_a_job_is_logged_with_its_total(site: Site, moderator: User) -> None:
    hold(site, 2)
    MembershipFactory(user=moderator, site=SiteFactory(slug="other"))
    job = run(start(moderator, site="gazette"))
    undoing = bulk.undo(job, moderator=moderator, now=LATER)
    assert trail(AuditAction.BULK_UNDONE) == [("gazette", moderator.pk, str(job.pk), LATER)]
    assert AuditEntry.objects.get(act=AuditAction.BULK_UNDONE).detail == {"total": 2}
    assert undoing.moderator == moderator


def test_unfinished_jobs_are_returned_the_oldest_first(site: Site, moderator: User) -> None:
    first, ended, second = (start(moderator) for _ in range(3))
    run(ended)
    assert bulk_worker.unfinished() == [first.pk, second.pk]


def test_each_comment_is_processed_in_exactly_one_chunk(
    site: Site, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_worker, "CHUNK", 2)
    comments = hold(site, 4)
    job = start(moderator)
    turns = []
    while bulk_worker.run(job.pk, now=LATER):
        turns.append(BulkItem.objects.count())
    assert turns == [2, 4]
    job.refresh_from_db()
    assert (job.done, job.cursor) == (4, max(comment.pk for comment in comments))
