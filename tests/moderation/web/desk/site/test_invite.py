"""Owners invite people by a link, and people accept."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.models import Invitation, Role, Site, User
from moderation.models import AuditAction, AuditEntry, Mail
from tests.factories import MembershipFactory, SiteFactory, UserFactory
from tests.moderation.web.desk.desk import member, signed_in

INVITE = reverse("desk_invite")
NEW = "new@staff.example"
PASSWORD = "a long enough password"
SMTP = "django.core.mail.backends.smtp.EmailBackend"
FILES = "django.core.mail.backends.filebased.EmailBackend"


@pytest.fixture
def owner(site: Site, settings: Any) -> Client:
    settings.EMAIL_BACKEND = FILES
    return member(Role.OWNER, site)


def invite(owner: Client, site: Site, email: str = NEW, role: str = "moderator") -> Any:
    return owner.post(INVITE, {"email": email, "role": role, "site": site.slug})


def link_in(answer: Any) -> str:
    found = re.search(r"/sign-in/invitation/[^/\"]+/", answer.content.decode())
    assert found
    return found[0]


def accept(client: Client, link: str, password: str = PASSWORD) -> Any:
    return client.post(link, {"new_password1": password, "new_password2": password})


def test_without_mail_the_link_is_shown_and_makes_an_account(owner: Client, site: Site) -> None:
    link = link_in(invite(owner, site))
    assert accept(Client(), link).url == reverse("account_login")
    user = User.objects.get(email=NEW)
    assert user.check_password(PASSWORD)
    assert user.is_staff
    assert user.memberships.get().role == Role.MODERATOR


def test_with_mail_the_link_goes_by_mail_alone(owner: Client, site: Site, settings: Any) -> None:
    settings.EMAIL_BACKEND = SMTP
    assert invite(owner, site).url == INVITE
    assert "/sign-in/invitation/" in Mail.objects.get(kind="invitation").text


def test_a_link_works_once(owner: Client, site: Site) -> None:
    link = link_in(invite(owner, site))
    accept(Client(), link)
    assert accept(Client(), link).status_code == 404


def test_a_link_ends_after_a_week(owner: Client, site: Site) -> None:
    link = link_in(invite(owner, site))
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert accept(Client(), link).status_code == 404
    assert not User.objects.filter(email=NEW).exists()


def test_the_database_has_no_link(owner: Client, site: Site) -> None:
    secret = link_in(invite(owner, site)).split("/")[-2]
    assert secret not in str(Invitation.objects.values().get())


def test_a_weak_password_makes_no_account(owner: Client, site: Site) -> None:
    assert accept(Client(), link_in(invite(owner, site)), "12345").status_code == 400
    assert not User.objects.filter(email=NEW).exists()


def test_a_known_account_signs_in_first(owner: Client, site: Site) -> None:
    known = UserFactory()
    link = link_in(invite(owner, site, known.email.upper()))
    for other in (Client(), signed_in(UserFactory())):
        accept(other, link)
        assert not known.memberships.exists()
    assert signed_in(known).post(link).status_code == 302
    assert known.memberships.get().site == site
    assert not known.check_password(PASSWORD)


def test_a_closed_account_is_not_taken_in(owner: Client, site: Site) -> None:
    known = UserFactory()
    link = link_in(invite(owner, site, known.email))
    User.objects.filter(pk=known.pk).update(is_active=False)
    signed_in(known).post(link)
    assert not known.memberships.exists()


def test_a_member_is_not_invited_again(owner: Client, site: Site) -> None:
    user = MembershipFactory(site=site).user
    assert "a member already" in invite(owner, site, user.email).content.decode()


@pytest.mark.parametrize(
    ("has", "invited", "becomes", "told"),
    [
        ("viewer", "moderator", "moderator", "gives you the new role"),
        ("owner", "viewer", "owner", "Accepting changes nothing"),
    ],
)
def test_who_became_a_member_meanwhile_gets_the_higher_role(
    owner: Client, site: Site, has: str, invited: str, becomes: str, told: str
) -> None:
    known = UserFactory()
    link = link_in(invite(owner, site, known.email, role=invited))
    MembershipFactory(site=site, user=known, role=has)
    client = signed_in(known)
    assert told in client.get(link).content.decode()
    client.post(link)
    assert known.memberships.get().role == becomes
    assert AuditEntry.objects.order_by("id").last().detail["role"] == becomes


def test_another_invitation_takes_the_place_of_the_first(owner: Client, site: Site) -> None:
    first = link_in(invite(owner, site))
    second = link_in(invite(owner, site, role="viewer"))
    assert Client().get(first).status_code == 404
    accept(Client(), second)
    assert site.memberships.get(user__email=NEW).role == Role.VIEWER


def test_a_withdrawn_invitation_opens_nothing(owner: Client, site: Site) -> None:
    link = link_in(invite(owner, site))
    row = Invitation.objects.get()
    owner.post(reverse("desk_invitation_withdraw", args=[row.pk]))
    assert Client().get(link).status_code == 404


def test_it_is_in_the_log(owner: Client, site: Site) -> None:
    accept(Client(), link_in(invite(owner, site)))
    acts = AuditEntry.objects.order_by("id").values_list("act", flat=True)
    assert list(acts) == [AuditAction.MEMBER_INVITED, AuditAction.MEMBER_SET]


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.VIEWER])
def test_owners_alone_invite(site: Site, role: Role) -> None:
    assert invite(member(role, site), site).status_code == 403
    assert not Invitation.objects.exists()


def test_an_owner_invites_nobody_elsewhere(owner: Client, site: Site) -> None:
    other = SiteFactory()
    assert invite(owner, other).status_code == 400
    invite(owner, site)
    row = Invitation.objects.get()
    stranger = member(Role.OWNER, other)
    assert stranger.post(reverse("desk_invitation_withdraw", args=[row.pk])).status_code == 404
    assert Invitation.objects.filter(pk=row.pk).exists()
