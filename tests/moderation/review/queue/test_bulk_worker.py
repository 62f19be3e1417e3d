"""Bulk jobs in chunks: what each chunk decides, and what the job counts."""

from datetime import timedelta

import pytest

from comments.models import Comment, Role, Site, Status, User
from moderation.models import Ban, BulkItem, BulkJob, RefusalReason, Reviewable
from moderation.models.ban import BanTarget
from moderation.review.queue import bulk, bulk_worker
from moderation.review.queue.queue import QueueFilters
from moderation.rules.verdicts import Verdict
from tests.factories import NOW, AuthorFactory, CommentFactory, MembershipFactory, ReviewableFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def held(site: Site) -> list[Comment]:
    return [
        ReviewableFactory(comment__thread__site=site, comment__status=Status.HELD).comment
        for _ in range(3)
    ]


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_worker, "CHUNK", 1)


def start(moderator: User, **filters: object) -> BulkJob:
    return bulk.start(QueueFilters(**filters), verdict=Verdict.REJECT, moderator=moderator, now=NOW)


def finish(job: BulkJob) -> BulkJob:
    while bulk_worker.run(job.pk, now=LATER):
        pass
    job.refresh_from_db()
    return job


def with_status(status: Status) -> set[Comment]:
    return set(Comment.objects.filter(status=status))


def test_a_job_about_the_own_claims_decides_about_those_that_lasted_at_its_start(
    held: list[Comment], moderator: User
) -> None:
    colleague = MembershipFactory(site=held[0].site).user
    holders = [(moderator, LATER), (moderator, NOW), (colleague, LATER)]
    for comment, (user, until) in zip(held, holders, strict=True):
        Reviewable.objects.filter(comment=comment).update(claimed_by=user, claimed_until=until)
    job = start(moderator, claimed="me")
    assert job.total == 1
    finish(job)
    assert with_status(Status.REJECTED) == {held[0]}


def test_an_undo_decides_chunk_after_chunk_in_the_name_of_who_undoes(
    held: list[Comment], moderator: User, small_chunks: None
) -> None:
    job = finish(start(moderator))
    colleague = MembershipFactory(site=held[0].site).user
    undoing = finish(bulk.undo(job, moderator=colleague, now=LATER))
    assert (undoing.done, undoing.refused) == (3, 0)
    assert with_status(Status.HELD) == set(held)
    for comment in held:
        assert comment.decisions.effective().get().decided_by == colleague


def test_refusals_are_counted_over_all_chunks(
    held: list[Comment], moderator: User, small_chunks: None
) -> None:
    undoing = bulk.undo(finish(start(moderator)), moderator=moderator, now=LATER)
    for comment in held[:2]:
        comment.decisions.update(source="SITE")
    finish(undoing)
    assert (undoing.done, undoing.refused) == (1, 2)
    assert BulkItem.objects.filter(job=undoing, problem="not-undoable").count() == 2


def test_the_job_of_a_retroactive_ban_rejects_the_comments_of_that_ban_alone(
    site: Site, moderator: User
) -> None:
    authors = [AuthorFactory(site=site) for _ in range(2)]
    comments = [CommentFactory(thread__site=site, author=author) for author in authors]
    for author in authors:
        ban = Ban.objects.create(site=site, target=BanTarget.EMAIL, value=author.email_digest)
    job = BulkJob.objects.create(
        moderator=moderator, filters={"ban": str(ban.pk)}, verdict=Verdict.REJECT, started_at=NOW
    )
    finish(job)
    assert with_status(Status.REJECTED) == {comments[-1]}


def test_comments_of_a_site_without_the_reason_are_refused_singly(
    held: list[Comment], moderator: User
) -> None:
    RefusalReason.objects.create(site=held[0].site, key="ads", label="Advertising", text="No ads.")
    other = MembershipFactory(user=moderator, role=Role.MODERATOR).site
    elsewhere = ReviewableFactory(comment__thread__site=other, comment__status=Status.HELD).comment
    job = finish(
        bulk.start(
            QueueFilters(), verdict=Verdict.REJECT, moderator=moderator, now=NOW, reason="ads"
        )
    )
    assert (job.done, job.refused) == (3, 1)
    assert BulkItem.objects.get(job=job, comment=elsewhere).problem == "reason-unknown"
    assert with_status(Status.HELD) == {elsewhere}


def test_an_approval_in_bulk_has_no_reason(held: list[Comment], moderator: User) -> None:
    job = bulk.start(
        QueueFilters(), verdict=Verdict.APPROVE, moderator=moderator, now=NOW, reason="spam"
    )
    finish(job)
    assert job.reason == ""
    assert {d.refusal_reason for c in held for d in c.decisions.all()} == {""}
