"""Stored counts of days: figures are read from them, and are those of the rows all the same."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

import pytest
from django.db import connection
from django.db.models import Max, Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.models import Comment, Site, Status, User
from comments.models.ids import id_at
from moderation.decisions.revise import revise
from moderation.insight import rollup, statistics, tasks
from moderation.management import refused_comments
from moderation.models import ChangedDay, CountedDay, DailyCount, DailyThreadCount, Decision
from moderation.review.sites import same_pages
from moderation.rules.verdicts import Verdict
from tests.factories import (
    NOW,
    CommentFactory,
    DecisionFactory,
    SiteFactory,
    ThreadFactory,
    UserFactory,
)
from tests.moderation.insight.history import history
from tests.moderation.insight.plain_counting import SINCE, UNTIL, computed, counted

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
A_DAY = SINCE + DAY


@pytest.fixture
def people() -> list[User]:
    return UserFactory.create_batch(3)


@pytest.fixture
def sites(people: Sequence[User]) -> list[Site]:
    """Sites with a history whose days are all stored."""
    sites = SiteFactory.create_batch(2)
    for seed, site in enumerate(sites):
        history(Random(seed), site, people)
    refresh()
    return sites


def refresh(now: datetime = NOW) -> int:
    return rollup.refresh(now=now, seconds=60)


def comment_on(day: date, **fields: object) -> Comment:
    at = NOW.replace(year=day.year, month=day.month, day=day.day, hour=12)
    return CommentFactory(pk=id_at(at), created_at=at, **fields)


def decide(comment: Comment, now: datetime, **fields: object) -> Decision:
    """Decide about a comment, as the last one to do so."""
    before = comment.decisions.effective().filter(revision=comment.revision).first()
    decision: Decision = DecisionFactory(
        pk=id_at(now), comment=comment, decided_at=now, overrides=before, **fields
    )
    Comment.objects.filter(pk=comment.pk).update(status=Status.SPAM)
    return decision


def received(sites: Sequence[Site]) -> int:
    found = statistics.compute(sites, since=SINCE, until=UNTIL, now=NOW)
    return int(found["received"])


@pytest.mark.parametrize("chosen", [1, 2])
def test_figures_from_stored_days_are_what_counting_comes_to(
    sites: Sequence[Site], chosen: int
) -> None:
    assert computed(sites[:chosen]) == counted(sites[:chosen])


def test_what_is_stored_is_not_counted_again(sites: Sequence[Site]) -> None:
    before = received(sites)
    DailyCount.objects.filter(kind="RECEIVED", day=A_DAY).delete()
    assert received(sites) < before


@pytest.mark.parametrize("again", [False, True], ids=["before they are refreshed", "afterwards"])
@pytest.mark.parametrize("seed", range(3))
def test_decisions_since_then_count_at_once(
    sites: Sequence[Site], people: Sequence[User], seed: int, again: bool
) -> None:
    random = Random(seed)
    for n, comment in enumerate(random.sample(list(Comment.objects.order_by("pk")), 10)):
        verdict = random.choice(list(Verdict))
        at, by = NOW + timedelta(minutes=n), random.choice(people)
        undoes = random.random() < 0.5
        decide(comment, at, verdict=verdict, source="MODERATOR", decided_by=by, undoes=undoes)
    if again:
        refresh(NOW + timedelta(hours=1))
        assert CountedDay.objects.filter(day__range=(SINCE, UNTIL)).count() == 5
    assert computed(sites) == counted(sites)
    assert computed(sites[:1]) == counted(sites[:1])


def test_a_decision_that_was_stored_late_counts(sites: Sequence[Site]) -> None:
    comment = Comment.objects.order_by("pk")[20]
    decide(comment, NOW - rollup.LATE / 2, verdict=Verdict.SPAM)
    assert computed(sites) == counted(sites)


def test_more_checks_do_not_forget_what_changed_before(sites: Sequence[Site]) -> None:
    decide(Comment.objects.order_by("pk")[20], NOW, verdict=Verdict.SPAM)
    refresh(NOW + timedelta(hours=1))
    refresh(NOW + timedelta(hours=2))
    assert computed(sites) == counted(sites)


def test_a_decision_that_is_undone_is_counted_so_on_its_own_day(people: Sequence[User]) -> None:
    by_person = {"source": "MODERATOR", "decided_by": people[0]}
    comment = comment_on(A_DAY)
    decide(comment, NOW - 4 * DAY, verdict=Verdict.REJECT, **by_person)
    refresh()
    decide(comment, NOW, verdict=Verdict.APPROVE, undoes=True, **by_person)
    found = statistics.compute([comment.site], since=SINCE, until=UNTIL, now=NOW)
    assert [row["undone"] for row in found["load"]] == [1]


def test_a_day_that_has_changed_is_stored_anew(sites: Sequence[Site]) -> None:
    later = NOW + timedelta(hours=1)
    decide(comment_on(A_DAY, thread__site=sites[0]), NOW, verdict=Verdict.SPAM)
    before = DailyCount.objects.filter(day=A_DAY, kind="RECEIVED").aggregate(n=Sum("number"))["n"]
    assert refresh(later) > 0
    now = DailyCount.objects.filter(day=A_DAY, kind="RECEIVED").aggregate(n=Sum("number"))["n"]
    assert now == before + 1


def test_days_are_stored_once(sites: Sequence[Site]) -> None:
    after_all_of_it = NOW + timedelta(days=9)
    refresh(after_all_of_it)
    with CaptureQueriesContext(connection) as captured:
        assert refresh(after_all_of_it + timedelta(hours=1)) == 0
    assert not [query for query in captured if "INSERT" in query["sql"]]
    checked_at = CountedDay.objects.aggregate(at=Max("checked_at"))["at"]
    assert checked_at == after_all_of_it + timedelta(hours=1)


@pytest.mark.parametrize("most", [1, 2, 4])
def test_of_all_pages_the_busiest_are_told(sites: Sequence[Site], most: int) -> None:
    busiest = rollup.totals(None, since=SINCE, until=UNTIL, most_threads=most).busiest
    expected = counted(sites)["threads"][:most]
    assert [(row.thread, row.number) for row in busiest] == [
        (row["thread"], row["comments"]) for row in expected
    ]


def test_a_day_without_comments_is_stored_too() -> None:
    site = comment_on(A_DAY).site
    refresh()
    comment_on(A_DAY + DAY, site=site)
    assert received([site]) == 1, "It was stored with nothing in it."


def test_a_day_is_stored_when_it_has_been_over_for_an_hour() -> None:
    comment_on(NOW.date() - 2 * DAY)
    midnight = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
    refresh(midnight + timedelta(minutes=59))
    assert not CountedDay.objects.filter(day=NOW.date() - DAY).exists()
    refresh(midnight + timedelta(minutes=60))
    assert CountedDay.objects.filter(day=NOW.date() - DAY).exists()
    assert not CountedDay.objects.filter(day=NOW.date()).exists()


def test_the_newest_days_are_counted_first_and_the_rest_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    comment_on(NOW.date() - 9 * DAY)
    ticks = iter(range(1000))
    monkeypatch.setattr("time.monotonic", lambda: next(ticks))
    assert rollup.refresh(now=NOW, seconds=3) == 3
    stored = CountedDay.objects.order_by("-day").values_list("day", flat=True)
    assert list(stored) == [NOW.date() - n * DAY for n in (1, 2, 3)]
    assert rollup.refresh(now=NOW, seconds=60) == 6
    assert rollup.refresh(now=NOW, seconds=60) == 0


def test_without_comments_there_is_nothing_to_store() -> None:
    assert refresh() == 0


def test_days_that_another_worker_has_stored_meanwhile_are_left_to_it(
    sites: Sequence[Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollup, "_missing", lambda now: [A_DAY])
    refresh()
    before = DailyCount.objects.count()
    assert refresh() == 0
    assert DailyCount.objects.count() == before


def test_merged_pages_are_counted_as_one(sites: Sequence[Site]) -> None:
    first, second, *_ = sites[0].threads.order_by("pk")
    same_pages.merge_into_oldest(sites[0], [first, second], by=UserFactory(), now=NOW)
    assert computed(sites) == counted(sites)


def test_a_text_that_was_replaced_waits_again(sites: Sequence[Site]) -> None:
    for comment in Comment.objects.filter(status=Status.APPROVED):
        revise(comment, body="Another text.", now=timezone.now())
    assert computed(sites) == counted(sites)


def test_marks_are_kept_as_long_as_they_count(sites: Sequence[Site]) -> None:
    ChangedDay.objects.create(pk=id_at(NOW), day=A_DAY)
    refresh(NOW + rollup.LATE)
    assert ChangedDay.objects.exists()
    refresh(NOW + rollup.LATE + timedelta(seconds=1))
    assert not ChangedDay.objects.exists()


def test_comments_that_are_purged_are_counted_no_more(sites: Sequence[Site]) -> None:
    before = received(sites)
    assert refused_comments.purge(now=NOW + timedelta(days=400))
    assert received(sites) < before
    assert computed(sites) == counted(sites)


def test_a_page_counts_by_its_comments_on_stored_days_and_on_others(sites: Sequence[Site]) -> None:
    thread = ThreadFactory(site=sites[0])
    for _ in range(30):
        decide(comment_on(A_DAY, thread=thread), NOW, verdict=Verdict.SPAM)
    assert computed(sites) == counted(sites)
    assert computed(sites)["threads"][0]["thread"] == thread.pk


def test_a_site_that_is_deleted_is_counted_no_more(sites: Sequence[Site]) -> None:
    gone, kept = sites
    counts = DailyThreadCount.objects.filter(site=kept).count()
    gone.delete()
    assert computed([kept]) == counted([kept])
    assert DailyThreadCount.objects.count() == counts > 0


def test_a_moderator_whose_account_is_deleted_is_named_no_more(
    sites: Sequence[Site], people: Sequence[User]
) -> None:
    people[0].delete()
    assert computed(sites) == counted(sites)


def test_the_periodic_task_stores_days() -> None:
    comment_on(NOW.date() - 2 * DAY)
    tasks.count_days()
    assert CountedDay.objects.filter(day=NOW.date() - 2 * DAY).exists()
