"""Sites and their members, which owners look after."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comments.models import Membership, Role, Site, User
from moderation.models import Mail
from tests.factories import MembershipFactory, UserFactory
from tests.moderation.web.desk.desk import member, read, signed_in

MEMBERS = reverse("admin:comments_membership_changelist")
ADD = reverse("admin:comments_membership_add")


@pytest.fixture
def owner(site: Site) -> Client:
    return member(Role.OWNER, site)


def save(client: Client, site: Site, **changes: Any) -> Any:
    data = {"name": site.name, "origins": "https://a.example\nhttps://b.example/"}
    data |= {"max_length": 100, "max_depth": 2, "min_seconds": 0, "form_hours": 1}
    where = reverse("admin:comments_site_change", args=[site.pk])
    return client.post(where, {**data, "edit_minutes": 5, **changes})


# Sites.


def test_an_owner_sets_the_rules_for_posting(owner: Client, site: Site) -> None:
    save(owner, site, name="The Gazette")
    site.refresh_from_db()
    assert (site.name, site.max_length) == ("The Gazette", 100)
    assert site.origins == ["https://a.example", "https://b.example"]


def test_the_name_in_addresses_stays(owner: Client, site: Site) -> None:
    save(owner, site, slug="other")
    site.refresh_from_db()
    assert site.slug == "gazette"


@pytest.mark.parametrize("origin", ["a.example", "https://a.example/blog", "javascript:alert(1)"])
def test_what_is_no_origin_is_named(owner: Client, site: Site, origin: str) -> None:
    assert f"without a path: {origin}" in save(owner, site, origins=origin).content.decode()


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.VIEWER])
def test_others_read_them_and_do_not_set_them(site: Site, role: Role) -> None:
    assert save(member(role, site), site).status_code == 403


def test_only_those_who_run_the_service_add_sites(owner: Client) -> None:
    add = reverse("admin:comments_site_add")
    assert owner.get(add).status_code == 403
    assert signed_in(UserFactory(is_superuser=True)).get(add).url == reverse("desk_set_up")


# Members.


def test_to_add_a_member_leads_to_invitations(owner: Client) -> None:
    assert owner.get(ADD).url == reverse("desk_invite")


def test_nobody_is_listed_who_is_no_member(owner: Client) -> None:
    stranger = UserFactory(first_name="Stranger")
    for where in (MEMBERS, reverse("desk_invite")):
        page = read(owner, where)
        assert stranger.email not in page
        assert "Stranger" not in page


def test_a_member_is_told_of_a_new_role_and_of_the_end(owner: Client, site: Site) -> None:
    kept = MembershipFactory(site=site, role=Role.VIEWER)
    owner.post(reverse("admin:comments_membership_change", args=[kept.pk]), {"role": "owner"})
    owner.post(reverse("admin:comments_membership_delete", args=[kept.pk]), {"post": "yes"})
    subjects = Mail.objects.filter(kind="security").order_by("id").values_list("subject", flat=True)
    assert list(subjects) == [
        f"You are owner at {site.name} now",
        f"You are no member of {site.name} any more",
    ]


def test_an_owner_changes_roles_and_lets_people_go(owner: Client, site: Site) -> None:
    kept = MembershipFactory(site=site, role=Role.VIEWER)
    owner.post(reverse("admin:comments_membership_change", args=[kept.pk]), {"role": "moderator"})
    kept.refresh_from_db()
    assert kept.role == Role.MODERATOR
    owner.post(reverse("admin:comments_membership_delete", args=[kept.pk]), {"post": "yes"})
    assert not Membership.objects.filter(pk=kept.pk).exists()


def test_a_site_keeps_an_owner(owner: Client, site: Site) -> None:
    last = site.memberships.get()
    owner.post(reverse("admin:comments_membership_change", args=[last.pk]), {"role": "viewer"})
    owner.post(reverse("admin:comments_membership_delete", args=[last.pk]), {"post": "yes"})
    last.refresh_from_db()
    assert last.role == Role.OWNER


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.VIEWER])
def test_others_do_not_see_the_members(site: Site, role: Role) -> None:
    other = member(role, site)
    assert other.get(MEMBERS).status_code == 403
    assert f'href="{MEMBERS}"' not in read(other, "/admin/comments/comment/")


# Accounts.


def test_a_superuser_adds_an_account(db: None) -> None:
    root = signed_in(UserFactory(is_superuser=True))
    password = "a long enough password"
    account = {"email": "new@staff.example", "password1": password, "password2": password}
    no_sites_yet = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    root.post(reverse("admin:comments_user_add"), {**account, **no_sites_yet})
    assert User.objects.get(email="new@staff.example").check_password(password)
