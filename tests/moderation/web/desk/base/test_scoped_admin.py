"""The rule that every page of the desk inherits: the role at the object's own site decides."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest
from django.test import RequestFactory

from comments.models import Role, Site, User
from moderation.models import Ban
from moderation.web.desk.base import permissions
from moderation.web.desk.base.permissions import ScopedAdmin, SuperusersOnly
from tests.factories import MembershipFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db


class Banning(ScopedAdmin):
    """Moderators may do everything."""

    may_add = may_delete = True


class OwnersOnly(ScopedAdmin):
    """Owners look and change."""

    seen_by = role = Role.OWNER


class ReadOnly(ScopedAdmin):
    """Nobody changes anything."""

    may_change = False


def page(kind: type[ScopedAdmin]) -> ScopedAdmin:
    return kind(Ban, admin.site)


def by(user: Any) -> HttpRequest:
    request = RequestFactory().get("/desk/")
    request.user = user
    return request


def member(site: Site, role: Role) -> User:
    return MembershipFactory(site=site, role=role).user


@pytest.fixture
def ban(site: Site) -> Ban:
    return Ban.objects.create(site=site, target="DOMAIN", value="pills.example")


def allowed(kind: type[ScopedAdmin], user: Any, ban: Ban | None) -> dict[str, bool]:
    request = by(user)
    return {
        "view": bool(page(kind).has_view_permission(request, ban)),
        "add": bool(page(kind).has_add_permission(request)),
        "change": bool(page(kind).has_change_permission(request, ban)),
        "delete": bool(page(kind).has_delete_permission(request, ban)),
    }


@pytest.mark.parametrize(
    ("role", "may"), [(Role.OWNER, True), (Role.MODERATOR, True), (Role.VIEWER, False)]
)
def test_at_the_own_site_the_role_decides(site: Site, ban: Ban, role: Role, may: bool) -> None:
    user = member(site, role)
    for it in (ban, None):
        expected = {"view": True, "add": may, "change": may, "delete": may}
        assert allowed(Banning, user, it) == expected


def test_a_role_elsewhere_is_none_for_this_object(ban: Ban) -> None:
    told = allowed(Banning, member(SiteFactory(), Role.OWNER), ban)
    # A list may be looked at, and what may be added is added at the own site.
    assert told == {"view": True, "add": True, "change": False, "delete": False}


def test_what_an_admin_does_not_offer_nobody_may(site: Site, ban: Ban) -> None:
    owner = member(site, Role.OWNER)
    assert allowed(OwnersOnly, owner, ban) == {
        "view": True,
        "add": False,
        "change": True,
        "delete": False,
    }
    assert allowed(ReadOnly, owner, ban)["change"] is False


def test_what_owners_see_a_moderator_does_not(site: Site, ban: Ban) -> None:
    told = allowed(OwnersOnly, member(site, Role.MODERATOR), ban)
    assert told == {"view": False, "add": False, "change": False, "delete": False}


@pytest.mark.parametrize(("active", "staff"), [(False, True), (True, False)])
def test_who_may_not_sign_in_to_the_desk_looks_at_nothing(
    site: Site, ban: Ban, active: bool, staff: bool
) -> None:
    user = MembershipFactory(site=site, user__is_active=active, user__is_staff=staff).user
    assert not page(Banning).has_module_permission(by(user))
    assert not page(Banning).has_view_permission(by(user), ban)


def test_the_lists_hold_what_is_of_the_users_sites(site: Site, ban: Ban) -> None:
    Ban.objects.create(site=SiteFactory(), target="DOMAIN", value="pills.example")
    viewer, moderator = member(site, Role.VIEWER), member(site, Role.MODERATOR)
    assert list(page(Banning).get_queryset(by(viewer))) == [ban]
    assert list(page(OwnersOnly).get_queryset(by(moderator))) == []


def test_a_form_offers_the_sites_of_the_role_and_no_others(site: Site) -> None:
    user = member(site, Role.MODERATOR)
    MembershipFactory(user=user, role=Role.VIEWER)
    field = page(Banning).formfield_for_foreignkey(Ban._meta.get_field("site"), by(user))
    assert list(field.queryset) == [site]


def test_a_form_offers_every_choice_of_what_is_no_site(site: Site, moderator: User) -> None:
    field = Ban._meta.get_field("created_by")
    offered = page(Banning).formfield_for_foreignkey(field, by(moderator)).queryset
    assert list(offered) == list(User.objects.all())


# Who is asking.


def test_who_is_not_signed_in_has_no_sites_and_is_nobody(site: Site) -> None:
    request = by(AnonymousUser())
    assert list(permissions.sites_of(request)) == []
    assert not permissions.is_superuser(request)
    with pytest.raises(Http404):
        permissions.user_of(request)


def test_who_is_signed_in_is_known(site: Site, moderator: User) -> None:
    assert permissions.user_of(by(moderator)) == moderator
    assert list(permissions.sites_of(by(moderator))) == [site]
    assert list(permissions.sites_of(by(moderator), Role.OWNER)) == []


@pytest.mark.parametrize(
    ("role", "is_owner"), [(Role.OWNER, True), (Role.MODERATOR, False), (Role.VIEWER, False)]
)
def test_an_owner_is_who_owns_a_site(site: Site, role: Role, is_owner: bool) -> None:
    assert permissions.is_owner(by(member(site, role))) is is_owner


@pytest.mark.parametrize("is_superuser", [True, False])
def test_what_is_for_superusers_is_for_nobody_else(site: Site, is_superuser: bool) -> None:
    user = UserFactory(is_superuser=is_superuser)
    MembershipFactory(site=site, user=user, role=Role.OWNER)
    request, rule = by(user), SuperusersOnly()
    assert permissions.is_superuser(request) is is_superuser
    assert rule.has_module_permission(request) is is_superuser
    assert rule.has_view_permission(request) is is_superuser
    assert rule.has_add_permission(request) is is_superuser
    assert rule.has_change_permission(request) is is_superuser
    assert rule.has_delete_permission(request) is is_superuser
