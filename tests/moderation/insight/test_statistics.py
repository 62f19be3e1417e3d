"""The figures of a period are what counting all rows one by one, in Python, comes to."""

from random import Random

import pytest

from moderation.insight import statistics
from tests.factories import NOW, SiteFactory, UserFactory
from tests.moderation.insight.history import history
from tests.moderation.insight.plain_counting import SINCE, UNTIL, computed, counted

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("chosen", [1, 2, 3])
@pytest.mark.parametrize("seed", range(3))
def test_the_figures_of_some_or_all_sites_are_what_counting_comes_to(
    seed: int, chosen: int
) -> None:
    random, people = Random(seed), UserFactory.create_batch(3)
    sites = SiteFactory.create_batch(3)
    for site in sites:
        history(random, site, people)
    assert computed(sites[:chosen]) == counted(sites[:chosen])


def test_without_a_site_there_is_nothing_to_count() -> None:
    history(Random(0), SiteFactory(), [])
    found = statistics.compute([], since=SINCE, until=UNTIL, now=NOW)
    assert (found["received"], found["decisions"], found["threads"]) == (0, {}, [])
    assert found["seconds_to_decision"] is found["seconds_waited"] is None
