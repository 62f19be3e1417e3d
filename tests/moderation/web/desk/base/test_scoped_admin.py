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
from moderation.web.desk.base.permissions import DetailAdmin, ScopedAdmin, SuperusersOnly
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


class AppendOnly(ScopedAdmin):
    """A stored row stays as it is."""

    is_append_only = True
    fixed_fields = ("target",)
    readonly_fields = ("reason",)


class Detail(DetailAdmin):
    """Shows a row by a template."""

    detail_template = "desk/some_page.html"

    def detail(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Return the row, and who asks."""
        return {"row": (request, row)}


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


def test_a_row_is_changed_by_the_role_at_its_own_site(site: Site, ban: Ban) -> None:
    foreign = Ban.objects.create(site=SiteFactory(), target="DOMAIN", value="pills.example")
    request = by(member(site, Role.MODERATOR))
    assert list(page(Banning).changeable(Ban.objects.all(), request)) == [ban]
    assert page(Banning).has_role(request, ban)
    assert not page(Banning).has_role(request, foreign)


def test_a_viewer_of_a_site_may_change_and_add_nothing_there(site: Site, ban: Ban) -> None:
    request = by(member(site, Role.VIEWER))
    assert list(page(Banning).get_queryset(request)) == [ban]
    assert not page(Banning).changeable(Ban.objects.all(), request).exists()
    assert not page(Banning).addable_sites(request).exists()
    assert not page(Banning).has_role(request)


def test_a_stored_row_of_an_append_only_admin_cannot_be_changed(site: Site, ban: Ban) -> None:
    request = by(member(site, Role.OWNER))
    assert page(AppendOnly).has_change_permission(request)
    assert not page(AppendOnly).has_change_permission(request, ban)


def test_the_fixed_fields_are_read_only_in_a_stored_row(site: Site, ban: Ban) -> None:
    request = by(member(site, Role.OWNER))
    assert page(AppendOnly).get_readonly_fields(request, ban) == ("target", "reason")
    assert page(AppendOnly).get_readonly_fields(request) == ("reason",)
    assert page(Banning).get_readonly_fields(request, ban) == ()


def test_deleting_many_rows_deletes_each_as_if_alone(site: Site, ban: Ban) -> None:
    other = Ban.objects.create(site=site, target="DOMAIN", value="pills2.example")
    request, deleted = by(member(site, Role.OWNER)), []
    admin_page = page(Banning)
    admin_page.delete_model = lambda request, row: deleted.append((request, row))
    admin_page.delete_queryset(request, Ban.objects.order_by("id"))
    assert deleted == [(request, ban), (request, other)]


# A page of a row.


def test_the_page_of_a_row_renders_its_template_with_its_context(site: Site, ban: Ban) -> None:
    request = by(member(site, Role.VIEWER))
    answer = page(Detail).changeform_view(request, str(ban.pk))
    assert answer.template_name == "desk/some_page.html"
    assert answer.context_data["row"] == (request, ban)
    assert answer.context_data["site_title"] == admin.site.each_context(request)["site_title"]


@pytest.mark.parametrize("pk", ["", "019a0000-0000-7000-8000-000000000001", "no id"])
def test_a_row_that_does_not_exist_is_not_found(site: Site, pk: str) -> None:
    with pytest.raises(Http404):
        page(Detail).changeform_view(by(member(site, Role.OWNER)), pk)


def test_a_row_of_another_site_is_not_found(ban: Ban) -> None:
    with pytest.raises(Http404):
        page(Detail).changeform_view(by(member(SiteFactory(), Role.OWNER)), str(ban.pk))


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


@pytest.mark.parametrize(
    ("held", "asked", "may"),
    [
        (Role.MODERATOR, {}, True),
        (Role.VIEWER, {}, False),
        (Role.MODERATOR, {"role": Role.OWNER}, False),
        (Role.OWNER, {"role": Role.OWNER}, True),
    ],
)
def test_a_role_counts_at_the_site_where_it_is_held(
    site: Site, held: Role, asked: dict[str, Role], may: bool
) -> None:
    request = by(MembershipFactory(site=site, role=held).user)
    assert permissions.has_role_at(request, site.pk, **asked) is may
    assert not permissions.has_role_at(request, SiteFactory().pk, **asked)
