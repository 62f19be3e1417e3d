"""Signing in at a provider of OpenID Connect."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from comments.models import User
from config.sign_in import PROVIDER_ID, allauth_settings
from tests.moderation.web.desk.desk import QUEUE, read
from tests.moderation.web.desk.sign_in.people import (
    CODE,
    LOGIN,
    PASSWORD,
    REVIEW,
    Protected,
    code_of,
    sign_in,
)
from tests.moderation.web.desk.sign_in.provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    Provider,
    listening,
)

START = reverse("openid_connect_login", args=[PROVIDER_ID])
BACK = reverse("openid_connect_callback", args=[PROVIDER_ID])


def configure(settings: LazySettings, issuer: str) -> None:
    oidc = {"issuer": issuer, "client_id": CLIENT_ID, "secret": CLIENT_SECRET, "name": "The Firm"}
    given = allauth_settings(oidc=oidc, https=False)
    settings.SOCIALACCOUNT_PROVIDERS = given["SOCIALACCOUNT_PROVIDERS"]


@pytest.fixture
def provider(settings: LazySettings, user: User) -> Iterator[Provider]:
    with listening() as server:
        server.claims["email"] = user.email
        settings.OUTGOING_ALLOW = [f"127.0.0.1:{server.server_port}"]
        configure(settings, server.issuer)
        yield server


def come_back(client: Client, start: str = f"{START}?next={QUEUE}") -> Any:
    """Go to the provider and come back from it, as a browser does."""
    at_provider = client.get(start).headers["Location"]
    back = httpx.get(at_provider).headers["Location"]
    return client.get(back.removeprefix("http://testserver"))


def test_the_provider_signs_in_whose_verified_address_has_an_account(
    provider: Provider, user: User
) -> None:
    client = Client()
    assert "The Firm" in read(client, LOGIN)
    assert come_back(client).headers["Location"] == QUEUE
    assert client.get(QUEUE).status_code == 200
    assert client.get(REVIEW).status_code == 200


def test_the_address_is_compared_without_regard_to_capitals(provider: Provider, user: User) -> None:
    provider.claims["email"] = user.email.upper()
    assert come_back(Client()).status_code == 302


def test_nothing_is_stored_and_the_password_stays(provider: Provider, user: User) -> None:
    come_back(Client())
    assert not SocialAccount.objects.exists()
    assert not EmailAddress.objects.exists()
    assert sign_in(user, PASSWORD).status_code == 302


@pytest.mark.parametrize("verified", [False, None, "false", "no", ""])
def test_an_address_that_is_not_verified_signs_nobody_in(
    provider: Provider, user: User, verified: Any
) -> None:
    provider.claims["email_verified"] = verified
    client = Client()
    answer = come_back(client)
    assert answer.status_code == 403
    assert "an address that your provider has verified" in answer.text
    assert client.get(REVIEW).status_code == 401


def test_nobody_signs_up(provider: Provider, user: User) -> None:
    provider.claims["email"] = "stranger@x.example"
    assert come_back(Client()).status_code == 403
    assert User.objects.get() == user


@pytest.mark.parametrize(("field", "status"), [("is_active", 403), ("is_staff", 302)])
def test_a_closed_account_stays_closed(
    provider: Provider, user: User, field: str, status: int
) -> None:
    User.objects.update(**{field: False})
    client = Client()
    assert come_back(client).status_code == status
    assert client.get(REVIEW).status_code == 401


def test_userinfo_about_somebody_else_is_not_believed(provider: Provider, user: User) -> None:
    provider.userinfo = {"sub": "8"}
    assert come_back(Client()).status_code == 403


@pytest.mark.parametrize(
    "token", [{"aud": "another-client"}, {"iss": "https://evil.example"}, {"exp": 1_000_000_000}]
)
def test_a_token_for_others_from_others_or_of_old_opens_nothing(
    provider: Provider, token: dict[str, Any]
) -> None:
    provider.token = token
    client = Client()
    assert come_back(client).status_code == 401
    assert client.get(REVIEW).status_code == 401


def test_an_answer_that_nobody_asked_for_opens_nothing(provider: Provider) -> None:
    client, victim = Client(), Client()
    back = httpx.get(client.get(START).headers["Location"]).headers["Location"]
    assert victim.get(back.removeprefix("http://testserver")).status_code == 401
    assert victim.get(REVIEW).status_code == 401
    assert provider.exchanges == []


def test_who_is_signed_in_connects_no_account_of_the_provider(
    provider: Provider, user: User
) -> None:
    provider.claims["email"] = "somebody@elsewhere.example"
    client = sign_in(user).client
    assert come_back(client, f"{START}?process=connect").status_code == 403
    assert not SocialAccount.objects.exists()


def test_it_leads_to_no_other_site(provider: Provider) -> None:
    answer = come_back(Client(), f"{START}?next=https://evil.example/")
    assert answer.headers["Location"] == "/admin/"


def test_who_cancels_is_told_so(provider: Provider) -> None:
    client = Client()
    at_provider = urlsplit(client.get(START).headers["Location"])
    state = parse_qs(at_provider.query)["state"][0]
    answer = client.get(BACK, {"error": "access_denied", "state": state}, follow=True)
    assert "You stopped signing in" in answer.text


# The second step.


def test_whoever_has_a_second_factor_here_is_asked_for_it(
    provider: Provider, protected: Protected
) -> None:
    client = Client()
    assert come_back(client).headers["Location"] == CODE
    answer = client.post(CODE, {"code": code_of(protected.secret)})
    assert answer.headers["Location"] == QUEUE


def test_a_required_second_factor_is_the_providers_business(
    provider: Provider, settings: LazySettings
) -> None:
    settings.REQUIRE_TWO_FACTOR = True
    client = Client()
    come_back(client)
    assert client.get(QUEUE).status_code == 200


# Where requests go.


def test_a_provider_at_a_private_address_is_not_asked(
    provider: Provider, settings: LazySettings
) -> None:
    settings.OUTGOING_ALLOW = []
    answer = Client().get(START)
    assert answer.status_code == 502
    assert "can’t be reached" in answer.text


def test_no_redirect_of_the_provider_is_followed(
    provider: Provider, settings: LazySettings
) -> None:
    configure(settings, f"{provider.issuer}/moved")
    assert Client().get(START).status_code == 502


def test_every_address_that_the_provider_names_is_checked(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    def discovery() -> dict[str, Any]:
        return {**Provider.discovery(provider), "token_endpoint": "http://127.0.0.1:1/token"}

    monkeypatch.setattr(provider, "discovery", discovery)
    client = Client()
    assert come_back(client).status_code == 401
    assert client.get(REVIEW).status_code == 401


def test_a_provider_that_is_away_is_told(provider: Provider, settings: LazySettings) -> None:
    settings.OUTGOING_ALLOW = ["127.0.0.1"]
    configure(settings, "http://127.0.0.1:1")
    assert Client().get(START).status_code == 502


def test_without_a_provider_there_is_neither_button_nor_page(
    db: None, settings: LazySettings
) -> None:
    configure(settings, "")
    assert "/with/" not in read(Client(), LOGIN)
    assert Client().get(START).status_code == 404
