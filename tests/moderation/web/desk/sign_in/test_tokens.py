"""Review tokens, made and revoked by who uses them."""

import re
from datetime import timedelta

import time_machine
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from comments.models import Role, Site, User
from moderation.models import AuditEntry
from tests.conftest import Api
from tests.factories import MembershipFactory
from tests.moderation.web.desk.desk import member, read
from tests.moderation.web.desk.sign_in.people import sign_in

TOKENS = reverse("desk_tokens")


def api(token: str) -> Api:
    return Api("/api/v1/review/", Authorization=f"Token {token}")


def made(page: str) -> str:
    return re.search(r'readonly value="(\w+)"', page)[1]


def test_a_token_is_shown_once_and_opens_the_review_api(user: User) -> None:
    client = sign_in(user).client
    token = made(client.post(TOKENS).text)
    assert api(token).get("queue").status_code == 200
    assert token not in read(client, TOKENS)
    assert token[:8] in read(client, TOKENS)


def test_a_revoked_token_opens_nothing(user: User) -> None:
    client = sign_in(user).client
    token = made(client.post(TOKENS).text)
    client.post(reverse("desk_token_revoke", args=[AuthToken.objects.get().token_key]))
    assert api(token).get("queue").status_code == 401


def test_both_are_in_the_log_of_the_site(user: User, site: Site) -> None:
    client = sign_in(user).client
    token = made(client.post(TOKENS).text)
    client.post(reverse("desk_token_revoke", args=[AuthToken.objects.get().token_key]))
    log = AuditEntry.objects.filter(site=site, who=user.email).order_by("id")
    assert [entry.act for entry in log] == ["TOKEN_ISSUED", "TOKEN_REVOKED"]
    assert token not in str(list(log.values()))


def test_nobody_sees_or_ends_a_colleagues_token(user: User, site: Site) -> None:
    sign_in(user).client.post(TOKENS)
    token = AuthToken.objects.get()
    owner = member(Role.OWNER, site)
    owner.post(reverse("desk_token_revoke", args=[token.token_key]))
    assert AuthToken.objects.get() == token
    colleague = MembershipFactory(site=site).user
    colleague.set_password("a long password for tests")
    colleague.save()
    assert token.token_key not in read(sign_in(colleague).client, TOKENS)


def test_a_token_is_made_by_who_has_just_shown_who_they_are(user: User) -> None:
    client = sign_in(user).client
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        answer = client.post(TOKENS)
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert not AuthToken.objects.exists()
