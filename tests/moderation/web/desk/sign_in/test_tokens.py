"""Review tokens, made and revoked by who uses them."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from comments.models import Role, Site, User
from moderation.models import AuditEntry
from tests.conftest import Api
from tests.factories import MembershipFactory, SiteFactory, UserFactory
from tests.mailbox import sent
from tests.moderation.web.desk.desk import read
from tests.moderation.web.desk.sign_in.people import sign_in

TOKENS = reverse("desk_tokens")


def api(token: str) -> Api:
    return Api("/api/v1/review/", Authorization=f"Token {token}")


def make(client: Client, *, name: str = "my script", lifetime: str = "90 days"):
    return client.post(TOKENS, {"name": name, "lifetime": lifetime})


def ending(user: User) -> str:
    """Return the address that ends the only token of somebody."""
    return reverse("desk_token_revoke", args=[user.pk, AuthToken.objects.get().digest[:16]])


def made(page: str) -> str:
    name, token = re.search(r'id="([\w-]+)" readonly value="(\w+)"', page).groups()
    assert f'data-copy="{name}"' in page
    return token


def test_a_token_is_shown_once_and_opens_the_review_api(user: User) -> None:
    client = sign_in(user).client
    token = made(make(client).text)
    assert api(token).get("queue").status_code == 200
    assert token not in read(client, TOKENS)
    assert token[:8] not in read(client, TOKENS)
    assert "my script" in read(client, TOKENS)


def test_a_revoked_token_opens_nothing(user: User) -> None:
    client = sign_in(user).client
    token = made(make(client).text)
    client.post(ending(user))
    assert api(token).get("queue").status_code == 401


def test_both_are_in_the_log_of_the_site(user: User, site: Site) -> None:
    client = sign_in(user).client
    token = made(make(client).text)
    client.post(ending(user))
    log = AuditEntry.objects.filter(site=site, who=user.email).order_by("id")
    assert [entry.act for entry in log] == ["TOKEN_ISSUED", "TOKEN_REVOKED"]
    assert token not in str(list(log.values()))


def test_a_colleague_neither_sees_nor_ends_it(user: User, site: Site) -> None:
    make(sign_in(user).client)
    colleague = sign_in(account(site, Role.MODERATOR)).client
    assert "my script" not in read(colleague, TOKENS)
    assert colleague.post(ending(user)).status_code == 404
    assert colleague.get(of_member(user)).status_code == 404
    assert AuthToken.objects.exists()


def test_an_owner_of_a_site_sees_and_ends_those_of_its_members(user: User, site: Site) -> None:
    token = made(make(sign_in(user).client).text)
    owner = sign_in(account(site, Role.OWNER)).client
    assert "my script" in read(owner, of_member(user))
    owner.post(ending(user))
    assert api(token).get("queue").status_code == 401
    assert AuditEntry.objects.filter(act="TOKEN_REVOKED", detail__token="my script").exists()


def test_an_owner_of_another_site_does_not(user: User) -> None:
    make(sign_in(user).client)
    stranger = sign_in(account(SiteFactory(), Role.OWNER)).client
    assert stranger.get(of_member(user)).status_code == 404
    assert stranger.post(ending(user)).status_code == 404


@pytest.mark.parametrize(
    ("lifetime", "days", "status"),
    [
        ("90 days", 89, 200),
        ("90 days", 91, 401),
        ("30 days", 31, 401),
        ("a year", 364, 200),
        ("for ever", 4000, 200),
    ],
)
def test_it_ends_when_its_owner_chose(user: User, lifetime: str, days: int, status: int) -> None:
    token = made(make(sign_in(user).client, lifetime=lifetime).text)
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        assert api(token).get("queue").status_code == status


@pytest.mark.parametrize("chosen", [{"name": ""}, {"lifetime": ""}, {"lifetime": "a century"}])
def test_for_how_long_and_for_what_is_a_choice(user: User, chosen: dict[str, str]) -> None:
    assert make(sign_in(user).client, **chosen).status_code == 400
    assert not AuthToken.objects.exists()


def test_it_is_shown_when_it_was_last_used(user: User) -> None:
    client = sign_in(user).client
    token = made(make(client).text)
    assert "never used" in read(client, TOKENS)
    api(token).get("queue")
    assert "last used" in read(client, TOKENS)


def test_a_new_password_ends_it_whoever_sets_it(user: User) -> None:
    token = made(make(sign_in(user).client).text)
    user.set_password("another long password")
    user.save()
    assert api(token).get("queue").status_code == 401
    assert not AuthToken.objects.exists()


def test_who_is_no_member_any_more_has_none(user: User, site: Site) -> None:
    token = made(make(sign_in(user).client).text)
    owner = sign_in(account(site, Role.OWNER)).client
    membership = user.memberships.get()
    owner.post(reverse("admin:comments_membership_delete", args=[membership.pk]), {"post": "yes"})
    MembershipFactory(site=site, user=user)
    assert api(token).get("queue").status_code == 401


def test_a_closed_account_has_none_when_it_is_opened_again(user: User) -> None:
    token = made(make(sign_in(user).client).text)
    admin = Client()
    admin.force_login(UserFactory(is_staff=True, is_superuser=True))
    path = reverse("admin:comments_user_change", args=[user.pk])
    rows = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    assert admin.post(path, {"email": user.email, **rows}).status_code == 302
    User.objects.update(is_active=True)
    assert api(token).get("queue").status_code == 401


def test_its_owner_is_told_by_mail(user: User) -> None:
    make(sign_in(user).client, name="nightly export")
    (message,) = [mail for mail in sent() if "review API" in mail.subject]
    assert message.to == [user.email]
    assert "nightly export" in message.body


def account(site: Site, role: Role) -> User:
    """Return a member of a site who signs in with the password of the tests."""
    colleague = MembershipFactory(site=site, role=role).user
    colleague.set_password("a long password for tests")
    colleague.save()
    return colleague


def of_member(user: User) -> str:
    return reverse("desk_tokens_of_member", args=[user.pk])


def test_a_token_is_made_by_who_has_just_shown_who_they_are(user: User) -> None:
    client = sign_in(user).client
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        answer = make(client)
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert not AuthToken.objects.exists()
