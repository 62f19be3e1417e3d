"""Near-duplicates in the queue: shown as one, decided as one, and undone as one."""

from datetime import timedelta
from uuid import UUID

import pytest

from comments.models import Comment, Role, Site, Status, User
from moderation.models import (
    AuditAction,
    AuditEntry,
    BulkJob,
    Decision,
    Label,
    QueueReason,
    Reviewable,
)
from moderation.review.queue import actions, bulk, bulk_worker, campaigns, decide_as_one, queue
from moderation.review.queue.actions import DecisionRequest
from moderation.review.queue.queue import QueueFilters
from moderation.rules.verdicts import Verdict
from moderation.screening import blind_audit
from tests.factories import NOW, MembershipFactory, PolicyFactory, SiteFactory
from tests.moderation.near_duplicates import HONEST, advert, held, held_adverts

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def moderator(site: Site) -> User:
    return MembershipFactory(site=site).user


@pytest.fixture
def other(moderator: User) -> Site:
    """A second site of the moderator."""
    return MembershipFactory(user=moderator).site


def shown(user: User, *, order: str = "priority", **filters: str) -> list[tuple[str, int]]:
    """Return the texts that the user's queue shows, each with how many it stands for."""
    sites = list(Site.objects.of(user, list(Role)))
    matching = queue.select(QueueFilters(**filters), sites=sites, user=user, now=LATER)
    page = list(matching.without_repetitions().order_by(*queue.ORDERS[order]))
    rows, alike = campaigns.as_one(page, matching, user=user, now=LATER)
    return [(row.comment.body, alike[row.pk].waiting if row.pk in alike else 1) for row in rows]


def decide(comment: Comment, verdict: Verdict, by: User, **more: str) -> BulkJob:
    request = DecisionRequest(
        comment_id=comment.pk, revision=comment.revision, verdict=verdict, **more
    )
    return decide_as_one.decide(request, moderator=by, now=LATER)


def statuses(*comments: Comment) -> list[str]:
    by_id = dict(Comment.objects.values_list("pk", "status"))
    return [by_id[comment.pk] for comment in comments]


def test_near_duplicates_are_shown_as_one_beside_what_is_not(site: Site, moderator: User) -> None:
    held_adverts(site, 3)
    held(site, HONEST)
    assert sorted(n for _, n in shown(moderator)) == [1, 3]


@pytest.mark.parametrize("order", queue.ORDERS)
def test_the_most_urgent_stands_for_them_in_every_order(
    site: Site, moderator: User, order: str
) -> None:
    comments = held_adverts(site, 3)
    entry = Reviewable.objects.get(comment=comments[1])
    entry.weigh(0.99)
    entry.save()
    assert shown(moderator, order=order) == [(comments[1].body, 3)]


def test_a_filter_shows_the_one_that_matches_it(site: Site, moderator: User) -> None:
    first, second, _ = held_adverts(site, 3)
    assert shown(moderator, thread=str(second.thread_id)) == [(second.body, 3)]
    assert shown(moderator, thread=str(first.thread_id)) == [(first.body, 3)]


def test_each_can_be_shown(site: Site, moderator: User) -> None:
    comments = held_adverts(site, 3)
    campaign = Reviewable.objects.get(comment=comments[0]).campaign_id
    matching = queue.select(
        QueueFilters(campaign=str(campaign)), sites=[site], user=moderator, now=LATER
    )
    assert {row.comment for row in matching} == set(comments)


def test_one_decision_counts_for_all_of_them_and_for_nothing_else(
    site: Site, moderator: User
) -> None:
    comments = held_adverts(site, 3)
    (honest,) = held(site, HONEST)
    job = decide(comments[1], Verdict.SPAM, moderator)
    assert statuses(*comments, honest) == [Status.SPAM] * 3 + [Status.HELD]
    assert (job.done, job.total, job.state) == (3, 3, "done")


def test_it_is_undone_as_one_and_all_wait_again(site: Site, moderator: User) -> None:
    comments = held_adverts(site, 3)
    job = decide(comments[0], Verdict.SPAM, moderator)
    bulk.undo(job, moderator=moderator, now=LATER + timedelta(minutes=1))
    assert statuses(*comments) == [Status.HELD] * 3
    assert [n for _, n in shown(moderator)] == [3]


def test_undone_it_marks_no_others(site: Site, moderator: User) -> None:
    comments = held_adverts(site, 2)
    bulk.undo(decide(comments[0], Verdict.SPAM, moderator), moderator=moderator, now=LATER)
    (following,) = held(site, advert(3))
    assert not following.decisions.filter(findings__reason="like_spam").exists()


def test_it_marks_those_that_come_later(site: Site, moderator: User) -> None:
    comments = held_adverts(site, 2)
    decide(comments[0], Verdict.SPAM, moderator)
    (following,) = held(site, advert(3))
    assert following.decisions.filter(findings__reason="like_spam").exists()


def test_the_reason_is_the_same_for_all(site: Site, moderator: User) -> None:
    comments = held_adverts(site, 2)
    decide(comments[0], Verdict.REJECT, moderator, reason="insult", reasoning="No adverts.")
    made = Decision.objects.filter(verdict=Verdict.REJECT)
    assert len(set(made.values_list("refusal_reason", "cause", "reasoning"))) == 1
    assert made.count() == 2


def test_it_is_one_lesson(site: Site, moderator: User) -> None:
    comments = held_adverts(site, 3)
    decide(comments[0], Verdict.SPAM, moderator)
    assert set(Label.objects.values_list("comment", flat=True)) == {comments[0].pk}


def test_what_does_not_fit_into_one_part_is_done_by_a_worker(
    site: Site, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_worker, "CHUNK", 1)
    comments = held_adverts(site, 4)
    job = decide(comments[0], Verdict.SPAM, moderator)
    assert (job.state, job.done) == ("running", 2)
    while bulk_worker.run(job.pk, now=LATER):
        pass
    assert statuses(*comments) == [Status.SPAM] * 4


def test_a_changed_text_is_refused_and_nothing_is_decided(site: Site, moderator: User) -> None:
    comments = held_adverts(site, 2)
    Comment.objects.filter(pk=comments[0].pk).update(revision=2)
    with pytest.raises(actions.DecisionRefused):
        decide(comments[0], Verdict.SPAM, moderator)
    assert statuses(*comments) == [Status.HELD] * 2


def test_what_is_left_to_the_owners_or_appealed_is_decided_by_itself(
    site: Site, moderator: User
) -> None:
    escalated, appealed, plain = held_adverts(site, 3)
    actions.escalate(escalated, moderator=moderator, now=NOW)
    Reviewable.objects.filter(comment=appealed).update(why=QueueReason.APPEALED)
    assert [n for _, n in shown(moderator)] == [1, 1, 1]
    decide(plain, Verdict.SPAM, moderator)
    assert statuses(escalated, appealed, plain) == [Status.HELD, Status.HELD, Status.SPAM]


def test_what_a_colleague_has_claimed_is_left_to_them(site: Site, moderator: User) -> None:
    comments = held_adverts(site, 3)
    colleague = MembershipFactory(site=site).user
    actions.claim(
        QueueFilters(thread=str(comments[0].thread_id)),
        moderator=colleague,
        limit=1,
        lease=timedelta(hours=1),
        now=LATER,
    )
    decide(comments[1], Verdict.SPAM, moderator)
    assert statuses(*comments) == [Status.HELD, Status.SPAM, Status.SPAM]


def test_at_several_sites_of_a_moderator_they_are_one(
    site: Site, other: Site, moderator: User
) -> None:
    comments = held_adverts(site, 2) + held_adverts(other, 3)
    assert [n for _, n in shown(moderator)] == [5]
    decide(comments[0], Verdict.SPAM, moderator)
    assert statuses(*comments) == [Status.SPAM] * 5
    started = AuditEntry.objects.filter(act=AuditAction.BULK_STARTED)
    assert set(started.values_list("site", flat=True)) == {site.pk, other.pk}


def test_one_site_never_sees_anothers(site: Site, moderator: User) -> None:
    foreign = SiteFactory()
    comments, theirs = held_adverts(site, 2), held_adverts(foreign, 3)
    assert [n for _, n in shown(moderator)] == [2]
    decide(comments[0], Verdict.SPAM, moderator)
    assert statuses(*theirs) == [Status.HELD] * 3
    started = AuditEntry.objects.filter(act=AuditAction.BULK_STARTED)
    assert set(started.values_list("site", flat=True)) == {site.pk}


def test_what_one_only_looks_at_stands_before_nothing_that_one_may_decide(
    site: Site, moderator: User
) -> None:
    watched = MembershipFactory(user=moderator, role=Role.VIEWER).site
    held_adverts(watched, 2)
    comments = held_adverts(site, 2)
    assert [n for _, n in shown(moderator)] == [2, 2]
    decide(comments[0], Verdict.SPAM, moderator)
    assert [n for _, n in shown(moderator)] == [2]


def test_a_superuser_sees_those_of_all_sites_as_one(site: Site, moderator: User) -> None:
    held_adverts(site, 2)
    held_adverts(SiteFactory(), 2)
    moderator.is_superuser = True
    moderator.save()
    assert [n for _, n in shown(moderator)] == [4]


def test_who_does_not_moderate_the_site_decides_nothing(site: Site) -> None:
    comments = held_adverts(site, 2)
    with pytest.raises(actions.NotAllowed):
        decide(comments[0], Verdict.SPAM, MembershipFactory().user)
    assert statuses(*comments) == [Status.HELD] * 2


def test_the_campaign_of_another_site_is_no_filter(site: Site, moderator: User) -> None:
    theirs = held_adverts(SiteFactory(), 2)
    campaign: UUID | None = Reviewable.objects.get(comment=theirs[0]).campaign_id
    assert shown(moderator, campaign=str(campaign)) == []


def test_what_is_shown_blind_stands_for_itself(
    site: Site, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    PolicyFactory(site=site, rejected_words=["lucky"], hold_all=True, audit_percent=100)
    monkeypatch.setattr(blind_audit, "lot", lambda comment, purpose: 50.0)
    blind, *_ = held_adverts(site, 3)
    assert Reviewable.objects.get(comment=blind).is_blind
    assert sorted(n for _, n in shown(moderator)) == [1, 2]
