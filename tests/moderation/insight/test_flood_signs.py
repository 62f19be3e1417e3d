"""By what a flood is known: counted to the edges of each time, and compared with what is usual."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from comments.models import Comment, Site
from comments.models.ids import id_at
from moderation.insight import flood_signs
from moderation.insight.flood_signs import Signs
from tests.factories import NOW, AuthorFactory, CommentFactory, SiteFactory, ThreadFactory

pytestmark = pytest.mark.django_db
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def few(settings: LazySettings) -> None:
    settings.FLOOD_LEAST, settings.FLOOD_TIMES, settings.FLOOD_CALM_MINUTES = 4, 10, 30


def write(site: Site, *agos: timedelta, first_seen: timedelta | None = None, **fields: Any) -> None:
    """Write a comment at each of these times; of a new author, or one first seen so long ago."""
    thread = ThreadFactory(site=site)
    for ago in agos:
        at = NOW - ago
        seen = at if first_seen is None else NOW - first_seen
        author = AuthorFactory(site=site, first_seen_at=seen)
        CommentFactory(
            **{"id": id_at(at), "thread": thread, "created_at": at, "author": author, **fields}
        )


def is_crowded(site: Site) -> bool:
    return site.pk in flood_signs.crowded(now=NOW)


@pytest.mark.parametrize(
    ("agos", "crowded"),
    [
        ((10, 9, 6, 1), True),
        ((10, 9, 6, 2), True),
        ((10.1, 9, 6, 1), False),  # One is too old.
        ((5, 4, 3, 1), False),  # It has just begun.
        ((10, 9, 6, 2.1), False),  # It is over again.
        ((9, 8, 7, 0), False),  # What is stored at this instant is counted the next time.
    ],
)
def test_so_many_in_ten_minutes_that_last_and_go_on(
    site: Site, agos: tuple[float, ...], crowded: bool
) -> None:
    write(site, *(n * MINUTE for n in agos))
    assert is_crowded(site) is crowded


def test_a_share_must_have_come_before_and_lately(site: Site, settings: LazySettings) -> None:
    settings.FLOOD_LEAST = 20
    write(site, 6 * MINUTE, *[4 * MINUTE] * 17, *[MINUTE] * 2)
    assert not is_crowded(site)
    write(site, 6 * MINUTE)
    assert flood_signs.crowded(now=NOW) == {site.pk: 21}


def test_new_is_who_was_first_seen_within_a_day(site: Site) -> None:
    write(site, *[6 * MINUTE] * 2, *[MINUTE] * 2, first_seen=timedelta(days=1))
    assert not is_crowded(site)
    write(site, *[6 * MINUTE] * 2, *[MINUTE] * 2, first_seen=timedelta(days=1) - SECOND)
    assert flood_signs.crowded(now=NOW) == {site.pk: 4}


def test_what_was_imported_keeps_its_date(site: Site) -> None:
    write(site, *[6 * MINUTE] * 2, *[MINUTE] * 2)
    Comment.objects.update(created_at=NOW - timedelta(days=30))
    assert not is_crowded(site)


@pytest.mark.parametrize(
    ("found", "flood"),
    [(Signs(4, 0), True), (Signs(3, 0), False), (Signs(10, 1), True), (Signs(9, 1), False)],
)
def test_a_flood_is_many_and_many_times_what_is_usual(found: Signs, flood: bool) -> None:
    assert flood_signs.is_flood(found) is flood


def test_usual_is_the_mean_of_a_week_up_to_an_hour_ago(site: Site) -> None:
    hour, week = timedelta(hours=1), timedelta(days=7)
    write(site, hour + SECOND, week + hour, author=None)
    write(site, hour, week + hour + SECOND, MINUTE)
    found = flood_signs.signs(site, strangers=100, now=NOW)
    assert found == Signs(100, 2 / (7 * 24 * 6))


def test_more_than_makes_it_usual_is_not_counted(site: Site) -> None:
    write(site, *[timedelta(hours=2)] * 5)
    found = flood_signs.signs(site, strangers=0, now=NOW)
    assert found.usual == 1 / (7 * 24 * 6)


def test_calm_is_half_of_a_flood_in_the_calm_time(site: Site) -> None:
    write(site, 30 * MINUTE, first_seen=timedelta(days=2))
    write(site, 30 * MINUTE)
    assert flood_signs.is_calm(site, now=NOW)
    write(site, 29 * MINUTE)
    assert not flood_signs.is_calm(site, now=NOW)


def test_it_is_not_calm_while_challenges_stay_unsolved(site: Site) -> None:
    site.flood_pressed_at = NOW - 30 * MINUTE + SECOND
    assert not flood_signs.is_calm(site, now=NOW)
    site.flood_pressed_at = NOW - 30 * MINUTE
    assert flood_signs.is_calm(site, now=NOW)


def test_a_site_rests_after_a_person_ended_it(site: Site) -> None:
    def rested(ended: timedelta | None) -> bool:
        site.flood_ended_at = NOW - ended if ended else None
        return bool(flood_signs.rested([site], now=NOW, rest=timedelta(hours=1)))

    assert rested(None)
    assert rested(timedelta(hours=1))
    assert not rested(timedelta(minutes=59))


def test_what_comes_elsewhere_is_neither_usual_here_nor_keeps_it_from_calm(site: Site) -> None:
    other = SiteFactory()
    write(other, *[timedelta(hours=2)] * 3, *[MINUTE] * 9)
    assert flood_signs.signs(site, strangers=100, now=NOW).usual == 0
    assert flood_signs.is_calm(site, now=NOW)
    assert not flood_signs.is_calm(other, now=NOW)


def test_it_is_calm_where_as_much_is_usual(site: Site) -> None:
    write(site, *[timedelta(hours=2)] * 600, author=None)
    write(site, *[MINUTE] * 2)
    assert flood_signs.is_calm(site, now=NOW)
