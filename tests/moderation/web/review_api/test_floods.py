"""Flood mode in the review API."""

import pytest
from django.utils import timezone

from comments.models import Role, Site
from moderation.insight import floods
from moderation.models.audit import SystemActor
from tests.conftest import Api, signed_in
from tests.factories import MembershipFactory, SiteFactory

pytestmark = pytest.mark.django_db


def where(site: Site) -> str:
    return f"flood?site={site.slug}"


def test_a_moderator_switches_it_on_and_off(review: Api, site: Site) -> None:
    assert review.get(where(site)).json() == {"on": False, "since": None, "by_hand": False}
    switched = review.put(where(site), {"on": True}).json()
    assert (switched["on"], switched["by_hand"]) == (True, True)
    assert switched["since"] is not None
    assert review.get(where(site)).json() == switched
    assert review.put(where(site), {"on": False}).json()["on"] is False


def test_to_switch_it_on_twice_changes_nothing(review: Api, site: Site) -> None:
    first = review.put(where(site), {"on": True}).json()
    assert review.put(where(site), {"on": True}).json() == first


def test_without_saying_which_it_is_not_switched(review: Api, site: Site) -> None:
    assert review.put(where(site), {}).status_code == 400


def test_a_viewer_sees_it_and_does_not_switch_it(site: Site) -> None:
    floods.begin(site, by=SystemActor.COMMAND_LINE, now=timezone.now())
    viewer = signed_in(MembershipFactory(site=site, role=Role.VIEWER).user)
    assert viewer.get(where(site)).json()["on"] is True
    assert viewer.put(where(site), {"on": False}).status_code in (403, 404)


def test_that_of_another_site_is_not_there(review: Api) -> None:
    other = SiteFactory()
    assert review.get(where(other)).status_code == 404
    assert review.put(where(other), {"on": True}).status_code == 404
    assert not Site.objects.get(pk=other.pk).in_flood
