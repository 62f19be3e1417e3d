"""Quotas: how often one address may post at one site, to the second."""

from datetime import datetime, timedelta

import pytest

from comments.models import Site
from comments.models.insertion import insert_all
from comments.privacy import email_addresses
from comments.threads.threads import PageReference
from moderation.intake import quotas, receive
from moderation.intake.lookup import look_up
from moderation.intake.quotas import Quota
from moderation.intake.refusals import TooManyPosts
from moderation.intake.submission import Submission
from tests.factories import NOW, CommentFactory, SiteFactory

pytestmark = pytest.mark.django_db
ADDRESS = "198.51.100.1"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def posted(site: Site, *moments: datetime, address: str = ADDRESS) -> None:
    digest = email_addresses.address_digest(address)
    for at in moments:
        CommentFactory(thread__site=site, address_digest=digest, created_at=at)


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def left(site: Site) -> list[Quota]:
    submission = Submission(page=PageReference(key="a"), body="Hello", address=ADDRESS)
    return quotas.remaining(look_up(submission, site=site, now=NOW).posted, now=NOW)


def test_who_has_not_posted_may_post_ten_times_a_minute_and_sixty_an_hour(site: Site) -> None:
    assert left(site) == [Quota(10, MINUTE, 10, 0), Quota(60, HOUR, 60, 0)]


def test_each_post_counts_for_a_minute_and_for_an_hour(site: Site) -> None:
    posted(site, ago(seconds=20), ago(minutes=5))
    assert left(site) == [Quota(10, MINUTE, 9, 41), Quota(60, HOUR, 58, 55 * 60 + 1)]


@pytest.mark.parametrize(("seconds", "remaining"), [(59, 9), (60, 10), (61, 10)])
def test_a_post_counts_until_the_minute_is_over(site: Site, seconds: int, remaining: int) -> None:
    posted(site, ago(seconds=seconds))
    assert left(site)[0].remaining == remaining


@pytest.mark.parametrize(("minutes", "remaining"), [(59, 59), (60, 60)])
def test_a_post_counts_until_the_hour_is_over(site: Site, minutes: int, remaining: int) -> None:
    posted(site, ago(minutes=minutes))
    assert left(site)[1].remaining == remaining


def test_no_more_remains_than_nothing_and_the_oldest_that_counts_makes_room(site: Site) -> None:
    posted(site, *(ago(seconds=n) for n in range(1, 13)))
    assert left(site)[0] == Quota(10, MINUTE, 0, 51)


def test_another_address_and_another_site_are_no_matter(site: Site) -> None:
    posted(site, NOW, address="198.51.100.2")
    posted(SiteFactory(), NOW)
    assert [quota.remaining for quota in left(site)] == [10, 60]


# At the way in.


def send(site: Site, *, address: str = ADDRESS, limited: bool = True) -> receive.ReceivedComment:
    submission = Submission(page=PageReference(key="a"), body="Hello", address=address)
    received = receive.accept(submission, site=site, now=NOW, limited=limited)
    insert_all(received.rows)
    return received


def test_what_is_left_is_told_with_each_comment(site: Site) -> None:
    assert [quota.remaining for quota in send(site).quotas] == [9, 59]
    assert [quota.remaining for quota in send(site).quotas] == [8, 58]


def test_the_tenth_is_taken_and_the_eleventh_waits(site: Site) -> None:
    posted(site, *[ago(seconds=30)] * 9)
    assert send(site).quotas[0].remaining == 0
    with pytest.raises(TooManyPosts, match="Try again in 31 seconds") as refused:
        send(site)
    assert (refused.value.retry_after, refused.value.quotas[0].remaining) == (31, 0)


def test_who_used_up_the_hour_too_waits_for_the_later_of_the_two(site: Site) -> None:
    posted(site, *[ago(minutes=30)] * 50, *[ago(seconds=30)] * 10)
    with pytest.raises(TooManyPosts) as refused:
        send(site)
    assert refused.value.retry_after == 30 * 60 + 1


def test_who_has_used_up_the_hour_waits_although_the_minute_is_fresh(site: Site) -> None:
    posted(site, *[ago(minutes=30)] * 60)
    with pytest.raises(TooManyPosts):
        send(site)


@pytest.mark.parametrize("free", [{"address": ""}, {"limited": False}])
def test_without_an_address_and_for_a_sites_own_server_nothing_is_counted(
    site: Site, free: dict
) -> None:
    posted(site, *[NOW] * 10)
    assert send(site, **free).quotas == []
