"""A page and who may post there are found with one statement, whatever the page is called."""

import pytest

from comments.models import Site
from moderation.intake.page_lookup import look_up_page
from moderation.models import SectionKind, SectionRules
from tests.factories import NOW, PolicyFactory, ThreadFactory

pytestmark = pytest.mark.django_db


def test_a_page_is_found_by_its_key_and_by_its_address(site: Site) -> None:
    thread = ThreadFactory(site=site, key="story-7")
    url = f"{site.origins[0]}/8"
    by_address = ThreadFactory(site=site, key=url)
    assert look_up_page(site, "story-7", now=NOW).thread == thread
    assert look_up_page(site, f"{url}?utm_source=x", now=NOW).thread == by_address


def test_a_page_is_not_found_at_another_site(site: Site) -> None:
    ThreadFactory(key="story-7")
    assert look_up_page(site, "story-7", now=NOW).thread is None


@pytest.mark.parametrize("name", ["", "x" * 5000, "nothing here"])
def test_a_page_without_comments_has_the_rules_of_its_site(site: Site, name: str) -> None:
    PolicyFactory(site=site, members_only=True)
    page = look_up_page(site, name, now=NOW)
    assert page.thread is None
    assert page.rules.members_only


def test_the_newest_policy_counts_at_once(site: Site) -> None:
    assert not look_up_page(site, "a", now=NOW).rules.is_closed
    PolicyFactory(site=site, paused=True)
    assert look_up_page(site, "a", now=NOW).rules.is_closed
    PolicyFactory(site=site)
    assert not look_up_page(site, "a", now=NOW).rules.is_closed


def test_one_statement_suffices_however_many_policies_there_were(
    site: Site, django_assert_num_queries
) -> None:
    ThreadFactory(site=site, key="a")
    PolicyFactory(site=site)
    PolicyFactory(site=site)
    look_up_page(site, "a", now=NOW)
    with django_assert_num_queries(1):
        look_up_page(site, "a", now=NOW)


def test_rules_of_sections_are_looked_up_where_there_are_some(site: Site) -> None:
    SectionRules.objects.create(
        site=site, kind=SectionKind.PREFIX, value="/news", members_only=True
    )
    origin = site.origins[0]
    assert look_up_page(site, f"{origin}/news/7", now=NOW).rules.members_only
    assert not look_up_page(site, f"{origin}/sport/7", now=NOW).rules.members_only
