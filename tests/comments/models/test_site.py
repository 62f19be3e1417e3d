"""Sites: who has which role where, and which addresses are a site's own."""

import pytest

from comments.models import Role, Site, User
from tests.factories import MembershipFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "enough"),
    [
        (Role.OWNER, [Role.OWNER]),
        (Role.MODERATOR, [Role.OWNER, Role.MODERATOR]),
        (Role.VIEWER, [Role.OWNER, Role.MODERATOR, Role.VIEWER]),
    ],
)
def test_each_role_may_do_all_that_the_next_ones_may(role: Role, enough: list[Role]) -> None:
    assert Role.at_least(role) == enough


def sites_of(user: User, *roles: Role) -> list[Site]:
    return list(Site.objects.of(user, roles) if roles else Site.objects.of(user))


@pytest.mark.parametrize("role", [*Role])
def test_a_member_of_any_role_sees_the_own_site_and_no_other(role: Role) -> None:
    SiteFactory()
    member = MembershipFactory(role=role)
    assert sites_of(member.user) == [member.site]


def test_only_sites_where_the_member_has_one_of_the_roles_count() -> None:
    owner = MembershipFactory(role=Role.OWNER)
    MembershipFactory(user=owner.user, role=Role.VIEWER)
    assert sites_of(owner.user, Role.OWNER) == [owner.site]
    assert sites_of(owner.user, Role.OWNER, Role.MODERATOR) == [owner.site]
    assert sites_of(owner.user, Role.MODERATOR) == []


def test_a_role_of_somebody_else_at_the_site_is_no_role_of_ones_own() -> None:
    owner = MembershipFactory(role=Role.OWNER)
    viewer = MembershipFactory(site=owner.site, role=Role.VIEWER)
    assert sites_of(viewer.user, Role.OWNER) == []


def test_who_is_member_of_nothing_sees_nothing() -> None:
    MembershipFactory()
    assert sites_of(UserFactory()) == []


def test_a_superuser_has_every_role_everywhere() -> None:
    site = SiteFactory()
    assert sites_of(UserFactory(is_superuser=True), Role.OWNER) == [site]


@pytest.mark.parametrize(
    ("url", "is_own"),
    [
        ("https://a.example", True),
        ("https://a.example/", True),
        ("https://a.example/page", True),
        ("https://b.example:8000/page", True),
        ("https://a.example.evil.example/", False),
        ("https://a.examples", False),
        ("http://a.example/", False),
        ("https://evil.example/?https://a.example/", False),
        ("", False),
    ],
)
def test_an_address_is_the_sites_own_under_one_of_its_origins(url: str, is_own: bool) -> None:
    site = SiteFactory.build(origins=["https://a.example", "https://b.example:8000"])
    assert site.owns(url) is is_own


def test_a_site_without_origins_owns_no_address() -> None:
    assert not SiteFactory.build(origins=[]).owns("https://a.example/")
