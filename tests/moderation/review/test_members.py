"""Who may reset a colleague's second factor, and what the audit log says of it."""

import pytest
from allauth.mfa.models import Authenticator

from comments.accounts import two_factor
from comments.models import Role, Site, User
from moderation.models import AuditAction, AuditEntry
from moderation.review import members
from tests.factories import NOW, MembershipFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(site: Site) -> User:
    return MembershipFactory(site=site, role=Role.OWNER).user


@pytest.fixture
def superuser(db: None) -> User:
    return UserFactory(is_superuser=True)


@pytest.fixture
def protected(moderator: User) -> User:
    """A moderator who signs in with a second factor."""
    Authenticator.objects.create(user=moderator, type=Authenticator.Type.TOTP, data={})
    return moderator


# Who may.


def test_an_owner_may_for_a_member_of_the_own_site(owner: User, moderator: User) -> None:
    assert members.may_reset_second_factor(moderator, by=owner)


def test_an_owner_may_for_another_owner_of_the_site(owner: User, site: Site) -> None:
    other = MembershipFactory(site=site, role=Role.OWNER).user
    assert members.may_reset_second_factor(other, by=owner)


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.VIEWER])
def test_who_does_not_own_the_site_may_not(
    site: Site, moderator: User, owner: User, role: Role
) -> None:
    user = MembershipFactory(site=site, role=role).user
    assert not members.may_reset_second_factor(moderator, by=user)


def test_an_owner_may_not_for_who_also_works_at_a_foreign_site(
    owner: User, moderator: User
) -> None:
    MembershipFactory(user=moderator)
    assert not members.may_reset_second_factor(moderator, by=owner)


def test_an_owner_of_all_the_members_sites_may(owner: User, moderator: User) -> None:
    other = MembershipFactory(user=moderator).site
    MembershipFactory(user=owner, site=other, role=Role.OWNER)
    assert members.may_reset_second_factor(moderator, by=owner)


def test_an_owner_may_not_for_an_account_without_a_site(owner: User) -> None:
    assert not members.may_reset_second_factor(UserFactory(), by=owner)


def test_an_owner_may_not_for_a_superuser(owner: User, site: Site, superuser: User) -> None:
    MembershipFactory(site=site, user=superuser)
    assert not members.may_reset_second_factor(superuser, by=owner)


def test_a_superuser_may_for_everybody_else(superuser: User, moderator: User) -> None:
    for colleague in (moderator, UserFactory(), UserFactory(is_superuser=True)):
        assert members.may_reset_second_factor(colleague, by=superuser)


def test_nobody_may_for_themself(owner: User, superuser: User) -> None:
    for user in (owner, superuser):
        assert not members.may_reset_second_factor(user, by=user)


# The reset.


def test_a_reset_removes_the_second_factor_of_that_person_alone(
    protected: User, owner: User
) -> None:
    Authenticator.objects.create(user=owner, type=Authenticator.Type.TOTP, data={})
    assert members.reset_second_factor(protected, by=owner, now=NOW) is True
    assert not two_factor.is_on(protected)
    assert two_factor.is_on(owner)


def test_a_reset_is_logged_at_each_site_of_the_member_and_no_other(
    protected: User, owner: User, site: Site
) -> None:
    other = MembershipFactory(user=protected, site=SiteFactory()).site
    MembershipFactory(user=owner)
    members.reset_second_factor(protected, by=owner, now=NOW)
    entries = AuditEntry.objects.all()
    assert {entry.site for entry in entries} == {site, other}
    for entry in entries:
        assert (entry.act, entry.by, entry.at) == (AuditAction.SECOND_FACTOR_RESET, owner, NOW)
        assert entry.subject == str(protected.pk)
        assert entry.detail == {"member": protected.email}


def test_a_reset_on_the_command_line_is_logged_as_nobodys(protected: User) -> None:
    assert members.reset_second_factor(protected, by=None, now=NOW)
    assert AuditEntry.objects.get().by is None


def test_where_there_is_no_second_factor_nothing_is_reset_or_logged(
    moderator: User, owner: User
) -> None:
    assert members.reset_second_factor(moderator, by=owner, now=NOW) is False
    assert not AuditEntry.objects.exists()
