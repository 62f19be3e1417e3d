"""The order of the queue by what teaches most: who is ranked, and by what."""

import pytest

from comments.models import Site, User
from moderation.models import QueueReason, Reviewable
from moderation.review.queue import queue
from moderation.review.queue.queue import QueueFilters
from moderation.screening.learning import tasks, teaching
from tests.factories import NOW, PolicyFactory, ReviewableFactory, SiteFactory

pytestmark = pytest.mark.django_db


def wait(site: Site, body: str, **more: object) -> Reviewable:
    return ReviewableFactory(comment__thread__site=site, comment__body=body, **more)


def order(site: Site, user: User) -> list[str]:
    matching = queue.select(QueueFilters(), sites=[site], user=user, now=NOW)
    return [row.comment.body for row in matching.order_by(*queue.ORDERS["teaching"])]


def test_what_repeats_comes_after_what_is_new(site: Site, moderator: User) -> None:
    for body in ("cheap pills here", "cheap pills here now", "council vote city", "a council vote"):
        wait(site, body)
    assert teaching.rank(site) == 4
    first, second, *_ = order(site, moderator)
    assert ("pills" in first) != ("pills" in second)


def test_what_came_since_stands_in_the_middle(site: Site, moderator: User) -> None:
    for number in range(4):
        wait(site, f"cheap pills {number}")
    teaching.rank(site)
    wait(site, "just now")
    assert "just now" in order(site, moderator)[2:4]


def test_what_is_shown_blind_keeps_its_place(site: Site) -> None:
    blind = wait(site, "cheap pills", is_blind=True)
    wait(site, "cheap pills")
    wait(site, "more")
    teaching.rank(site)
    blind.refresh_from_db()
    assert blind.teaches == 0.5


def test_sites_that_learn_nothing_are_not_ranked(site: Site) -> None:
    PolicyFactory(site=site, learning="off")
    wait(site, "cheap pills")
    other = SiteFactory()
    wait(other, "cheap pills", why=QueueReason.REPORTED)
    assert teaching.due_sites() == [other]


def test_the_task_ranks_each_site(site: Site) -> None:
    entry = wait(site, "cheap pills")
    tasks.rank_lessons()
    entry.refresh_from_db()
    assert entry.teaches == 1
