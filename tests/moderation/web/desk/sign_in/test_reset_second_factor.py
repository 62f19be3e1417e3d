"""A colleague who lost the phone is let in again, by who looks after their account."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from comments.models import Membership, Role, Site, User
from moderation.models import AuditEntry
from tests.factories import MembershipFactory, SiteFactory, UserFactory
from tests.moderation.web.desk.desk import QUEUE, read
from tests.moderation.web.desk.sign_in.people import PASSWORD, Protected, sign_in


def signed_in(user: User) -> Client:
    user.set_password(PASSWORD)
    user.save()
    return sign_in(user).client


def owner(site: Site) -> Client:
    return signed_in(MembershipFactory(site=site, role=Role.OWNER).user)


def reset(client: Client, user: User) -> Any:
    return client.post(reverse("desk_reset_second_factor", args=[user.pk]))


def test_an_owner_resets_it_for_a_member(protected: Protected, site: Site) -> None:
    client = owner(site)
    membership = Membership.objects.get(user=protected.user)
    where = reverse("desk_reset_second_factor", args=[protected.user.pk])
    page = read(client, reverse("admin:comments_membership_change", args=[membership.pk]))
    assert where in page
    assert protected.user.email in read(client, where)
    assert reset(client, protected.user).status_code == 302
    assert sign_in(protected.user).headers["Location"] == QUEUE


def test_it_is_in_the_log_of_every_site_of_the_member(protected: Protected, site: Site) -> None:
    other = SiteFactory()
    MembershipFactory(site=other, user=protected.user)
    boss = MembershipFactory(site=site, role=Role.OWNER).user
    MembershipFactory(site=other, user=boss, role=Role.OWNER)
    reset(signed_in(boss), protected.user)
    log = AuditEntry.objects.filter(act="SECOND_FACTOR_RESET", who=boss.email)
    assert {entry.site for entry in log} == {site, other}


def test_a_superuser_resets_it_for_anybody(protected: Protected) -> None:
    boss = UserFactory(is_superuser=True)
    client = signed_in(boss)
    page = read(client, reverse("admin:comments_user_change", args=[protected.user.pk]))
    assert reverse("desk_reset_second_factor", args=[protected.user.pk]) in page
    reset(client, protected.user)
    assert not Authenticator.objects.exists()


def test_an_owner_does_not_reset_it_for_who_works_at_sites_of_others_too(
    protected: Protected, site: Site
) -> None:
    MembershipFactory(user=protected.user)
    assert reset(owner(site), protected.user).status_code == 404
    assert Authenticator.objects.exists()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MODERATOR])
def test_who_does_not_own_the_site_resets_nothing(
    protected: Protected, site: Site, role: Role
) -> None:
    client = signed_in(MembershipFactory(site=site, role=role).user)
    assert reset(client, protected.user).status_code == 404
    assert Authenticator.objects.exists()


def test_an_owner_of_another_site_or_of_a_superusers_resets_nothing(
    protected: Protected, site: Site
) -> None:
    assert reset(owner(SiteFactory()), protected.user).status_code == 404
    User.objects.filter(pk=protected.user.pk).update(is_superuser=True)
    assert reset(owner(site), protected.user).status_code == 404
    assert Authenticator.objects.exists()


def test_nobody_resets_their_own_by_this_page(site: Site) -> None:
    boss = UserFactory(is_superuser=True)
    assert reset(signed_in(boss), boss).status_code == 404


def test_an_operator_resets_it_on_the_command_line(protected: Protected, capsys: Any) -> None:
    call_command("reset_two_factor", protected.user.email)
    assert "password alone" in capsys.readouterr().out
    assert sign_in(protected.user).headers["Location"] == QUEUE
    call_command("reset_two_factor", protected.user.email)
    assert "no second factor" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("reset_two_factor", "nobody@staff.example")
