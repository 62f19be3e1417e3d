"""Flood mode on the desk: the queue says that it is on, and a page switches it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from comments.models import Role, Site
from moderation.insight import floods
from moderation.models.audit import SystemActor
from tests.factories import SiteFactory
from tests.moderation.web.desk.desk import QUEUE, member, read

pytestmark = pytest.mark.django_db
PAGE = reverse("desk_flood")


def switch_on(site: Site) -> None:
    floods.begin(site, by=SystemActor.COMMAND_LINE, now=timezone.now())


def is_on(site: Site) -> bool:
    return Site.objects.get(pk=site.pk).in_flood


def test_a_moderator_switches_it_on_and_off_and_is_led_back(site: Site) -> None:
    client = member(Role.MODERATOR, site)
    answer = client.post(PAGE, {"on": site.slug, "next": PAGE}, follow=True)
    assert f"Flood mode is on at {site}." in answer.content.decode()
    assert "Switch it off" in answer.content.decode()
    assert is_on(site)
    client.post(PAGE, {"off": site.slug})
    assert not is_on(site)


@pytest.mark.parametrize("role", Role)
def test_the_queue_says_that_it_is_on(site: Site, role: Role) -> None:
    client = member(role, site)
    assert "Flood mode is on" not in read(client, QUEUE)
    switch_on(site)
    page = read(client, QUEUE)
    assert f"Flood mode is on at {site}." in page
    assert PAGE in page


def test_the_queue_says_nothing_of_a_flood_elsewhere(site: Site) -> None:
    switch_on(SiteFactory())
    assert "Flood mode is on" not in read(member(Role.MODERATOR, site), QUEUE)


def test_a_viewer_sees_it_and_has_no_button(site: Site) -> None:
    client = member(Role.VIEWER, site)
    assert 'name="on"' not in read(client, PAGE)
    assert client.post(PAGE, {"on": site.slug}).status_code == 404
    assert not is_on(site)


@pytest.mark.parametrize("act", ["on", "off"])
def test_another_sites_is_neither_seen_nor_switched(site: Site, act: str) -> None:
    other = SiteFactory(name="A foreign site")
    if act == "off":
        switch_on(other)
    client = member(Role.OWNER, site)
    assert "A foreign site" not in read(client, PAGE)
    assert client.post(PAGE, {act: other.slug}).status_code == 404
    assert is_on(other) == (act == "off")
