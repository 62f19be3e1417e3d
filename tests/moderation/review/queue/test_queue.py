"""The numbers of the queue, and who holds how much of it."""

from datetime import timedelta

import pytest

from comments.models import Site, User
from moderation.models import QueueReason, Reviewable
from moderation.review.queue import queue
from moderation.review.queue.queue import ClaimHolder, QueueFilters
from tests.factories import NOW, MembershipFactory, ReviewableFactory, SiteFactory

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=10)


@pytest.fixture
def colleague(site: Site) -> User:
    return MembershipFactory(site=site, user__email="aaron@staff.example").user


def waiting(site: Site, **fields: object) -> Reviewable:
    return ReviewableFactory(comment__thread__site=site, **fields)


def test_open_entries_are_counted_by_site_reason_category_and_language(
    site: Site, moderator: User
) -> None:
    other = SiteFactory(slug="other")
    waiting(site, category="INSULT", language="de")
    waiting(site, category="INSULT", why=QueueReason.APPEALED, escalated_at=NOW)
    waiting(other, category="SPAM", language="de")
    waiting(site, closed_at=NOW)
    waiting(SiteFactory())
    told = queue.counts([site, other], user=moderator, now=NOW)
    assert told == {
        "total": 3,
        "mine": 0,
        "escalated": 1,
        "holders": [],
        "sites": {"gazette": 2, "other": 1},
        "why": {"SCREENED": 2, "APPEALED": 1},
        "categories": {"INSULT": 2, "SPAM": 1},
        "languages": {"de": 2},
    }


def test_claim_holders_are_sorted_by_address_and_count_unexpired_claims(
    site: Site, moderator: User, colleague: User
) -> None:
    for until in (NOW + timedelta(minutes=1), SOON):
        waiting(site, claimed_by=moderator, claimed_until=until)
    waiting(site, claimed_by=colleague, claimed_until=SOON)
    waiting(site, claimed_by=colleague, claimed_until=NOW)
    waiting(site, claimed_by=colleague, claimed_until=SOON, closed_at=NOW)
    waiting(SiteFactory(), claimed_by=colleague, claimed_until=SOON)
    told = queue.claim_holders([site.pk], now=NOW)
    assert told == [ClaimHolder(colleague, 1, SOON), ClaimHolder(moderator, 2, SOON)]
    assert told[1].to_json() == {
        "user": moderator.email,
        "name": str(moderator),
        "number": 2,
        "until": SOON,
    }
    assert queue.counts([site], user=moderator, now=NOW)["mine"] == 2


def test_a_claim_of_a_deleted_account_has_no_holder(site: Site) -> None:
    waiting(site, claimed_until=SOON)
    assert queue.claim_holders([site.pk], now=NOW) == []


@pytest.mark.parametrize(
    ("claimed", "names"),
    [
        ("me", {"mine"}),
        ("others", {"theirs"}),
        ("none", {"free", "over"}),
        ("", {"mine", "theirs", "free", "over"}),
    ],
)
def test_the_queue_is_filtered_by_the_holder_of_the_claim(
    site: Site, moderator: User, colleague: User, claimed: str, names: set[str]
) -> None:
    waiting(site, category="mine", claimed_by=moderator, claimed_until=SOON)
    waiting(site, category="theirs", claimed_by=colleague, claimed_until=SOON)
    waiting(site, category="free")
    waiting(site, category="over", claimed_by=moderator, claimed_until=NOW)
    found = queue.select(QueueFilters(claimed=claimed), sites=[site], user=moderator, now=NOW)
    assert {one.category for one in found} == names


def test_the_site_filter_selects_among_the_given_sites_alone(site: Site, moderator: User) -> None:
    foreign = SiteFactory(slug="foreign")
    mine, _ = waiting(site), waiting(foreign)
    for slug, expected in (("gazette", [mine]), ("foreign", []), ("", [mine])):
        found = queue.select(QueueFilters(site=slug), sites=[site], user=moderator, now=NOW)
        assert list(found) == expected


@pytest.mark.parametrize("field", ["thread", "author"])
def test_a_malformed_id_matches_nothing(site: Site, moderator: User, field: str) -> None:
    waiting(site)
    filters = QueueFilters(**{field: "no id"})
    assert not queue.select(filters, sites=[site], user=moderator, now=NOW).exists()


def test_the_queue_is_filtered_by_escalation(site: Site, moderator: User) -> None:
    waiting(site)
    escalated = waiting(site, escalated_at=NOW)
    filters = QueueFilters(escalated=True)
    assert list(queue.select(filters, sites=[site], user=moderator, now=NOW)) == [escalated]


def test_only_the_filters_that_are_set_are_stored() -> None:
    filters = QueueFilters(site="gazette", links=True)
    assert filters.to_json() == {"site": "gazette", "links": True}
    assert QueueFilters(**filters.to_json()) == filters
