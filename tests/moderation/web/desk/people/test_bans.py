"""Bans, typed in and lifted."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comments.models import Role, Site
from comments.privacy import email_addresses
from moderation.models import Ban
from tests.factories import MembershipFactory
from tests.moderation.web.desk.desk import EMAIL, member, read, signed_in

ADD = reverse("admin:moderation_ban_add")


def ban(client: Client, site: Site, target: str, value: str) -> Any:
    data = {"site": site.pk, "target": target, "value": value, "reason": ""}
    return client.post(ADD, {**data, "until_0": "", "until_1": ""})


def lift(client: Client, kept: Ban) -> int:
    where = reverse("admin:moderation_ban_delete", args=[kept.pk])
    return client.post(where, {"post": "yes"}).status_code


@pytest.mark.parametrize(
    ("target", "typed", "kept"),
    [
        ("EMAIL", EMAIL.upper(), lambda: email_addresses.email_digest(EMAIL)),
        ("NETWORK", "203.0.113.9", lambda: email_addresses.network_digest("203.0.113.1")),
        ("DOMAIN", "www.Pills.example", lambda: "pills.example"),
    ],
)
def test_a_ban_is_kept_as_it_is_looked_up(
    desk: Client, site: Site, target: str, typed: str, kept: Any
) -> None:
    ban(desk, site, target, typed)
    assert Ban.objects.get().value == kept()


def test_a_list_of_bans_tells_no_address(desk: Client, site: Site) -> None:
    ban(desk, site, "EMAIL", EMAIL)
    page = read(desk, reverse("admin:moderation_ban_changelist"))
    assert "Email address" in page
    assert EMAIL not in page


@pytest.mark.parametrize("target", ["EMAIL", "NETWORK", "DOMAIN"])
def test_what_is_no_such_thing_can_not_be_banned(desk: Client, site: Site, target: str) -> None:
    assert "This is no" in ban(desk, site, target, "no such thing").content.decode()
    assert not Ban.objects.exists()


def test_a_moderator_lifts_a_ban(desk: Client, site: Site) -> None:
    assert lift(desk, Ban.objects.create(site=site, target="DOMAIN", value="a.example")) == 302
    assert not Ban.objects.exists()


def test_a_viewer_neither_bans_nor_lifts(site: Site) -> None:
    viewer, kept = member(Role.VIEWER, site), Ban.objects.create(site=site, value="a.example")
    assert ban(viewer, site, "DOMAIN", "b.example").status_code == 403
    assert lift(viewer, kept) == 403
    assert list(Ban.objects.all()) == [kept]


def test_nobody_bans_or_lifts_at_a_foreign_site(site: Site) -> None:
    stranger, kept = member(Role.OWNER), Ban.objects.create(site=site, value="a.example")
    ban(stranger, site, "DOMAIN", "b.example")
    lift(stranger, kept)
    assert list(Ban.objects.all()) == [kept]


def test_choosing_many_lifts_none_where_one_only_looks(site: Site) -> None:
    user = MembershipFactory(site=site, role=Role.VIEWER).user
    MembershipFactory(user=user, role=Role.MODERATOR)
    kept = Ban.objects.create(site=site, target="DOMAIN", value="a.example")
    chosen = {"action": "delete_selected", "_selected_action": [str(kept.pk)], "post": "yes"}
    signed_in(user).post(reverse("admin:moderation_ban_changelist"), chosen)
    assert Ban.objects.exists()
