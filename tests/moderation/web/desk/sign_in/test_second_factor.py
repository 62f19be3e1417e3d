"""The second step: asked for where there is one, set up, renewed and switched off."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import allauth
import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.models import Site, User
from moderation.notifications.mail import security
from tests.conftest import Api
from tests.conftest import signed_in as with_a_token
from tests.factories import MembershipFactory
from tests.mailbox import sent
from tests.moderation.web.desk.desk import QUEUE, read
from tests.moderation.web.desk.sign_in.people import (
    APP,
    CODE,
    CODES,
    LOGIN,
    PASSWORD,
    REVIEW,
    SECURITY,
    Protected,
    code_of,
    offered,
    sign_in,
)

# Asked for.


def test_a_password_alone_opens_nothing_to_who_has_a_second_factor(protected: Protected) -> None:
    answer = sign_in(protected.user)
    assert answer.headers["Location"] == CODE
    client = answer.client
    assert client.get(QUEUE).status_code == 302
    assert client.get(SECURITY).status_code == 302
    assert client.get(REVIEW).status_code == 401
    assert "Code of your authenticator app" in read(client, CODE)


def test_the_code_opens_the_desk_and_the_api(protected: Protected) -> None:
    client = sign_in(protected.user).client
    answer = client.post(CODE, {"code": code_of(protected.secret)})
    assert answer.headers["Location"] == QUEUE
    assert client.get(QUEUE).status_code == 200
    assert client.get(REVIEW).status_code == 200


@pytest.mark.parametrize(("later", "status"), [(-2, 200), (-1, 302), (1, 302), (2, 200)])
def test_a_clock_may_be_wrong_by_one_step(protected: Protected, later: int, status: int) -> None:
    code = code_of(protected.secret, later=later)
    assert sign_in(protected.user).client.post(CODE, {"code": code}).status_code == status


def test_a_code_is_taken_once(protected: Protected) -> None:
    code = code_of(protected.secret)
    assert sign_in(protected.user).client.post(CODE, {"code": code}).status_code == 302
    again = sign_in(protected.user).client.post(CODE, {"code": code})
    assert "Incorrect code" in again.text


def test_a_recovery_code_stands_in_once(protected: Protected) -> None:
    code = protected.codes[0]
    assert sign_in(protected.user).client.post(CODE, {"code": code}).status_code == 302
    assert sign_in(protected.user).client.post(CODE, {"code": code}).status_code == 200


def test_after_too_many_wrong_codes_even_the_right_one_waits(protected: Protected) -> None:
    client = sign_in(protected.user).client
    for _ in range(5):
        client.post(CODE, {"code": "000000"}, REMOTE_ADDR="198.51.100.1")
    answer = client.post(CODE, {"code": code_of(protected.secret)}, REMOTE_ADDR="198.51.100.2")
    assert answer.status_code == 429
    assert "Try again in 15 minutes" in answer.text
    with time_machine.travel(timezone.now() + timedelta(minutes=14, seconds=50)) as clock:
        client = sign_in(protected.user).client
        assert client.post(CODE, {"code": code_of(protected.secret)}).status_code == 429
        clock.shift(timedelta(seconds=20))
        assert client.post(CODE, {"code": code_of(protected.secret)}).status_code == 302


def test_nobody_reaches_the_second_step_without_a_password(db: None) -> None:
    assert Client().get(CODE).headers["Location"] == LOGIN


def test_somebody_else_can_sign_in_from_the_second_step(protected: Protected) -> None:
    client = sign_in(protected.user).client
    assert client.post(reverse("sign_in_again")).headers["Location"] == LOGIN
    assert client.get(CODE).headers["Location"] == LOGIN


def test_a_token_is_not_asked_for_it(protected: Protected) -> None:
    assert with_a_token(protected.user).get("queue").status_code == 200


def test_a_session_of_before_is_asked_to_sign_in_again(user: User) -> None:
    here, elsewhere = sign_in(user).client, sign_in(user).client
    here.post(APP, {"code": code_of(offered(here))})
    assert elsewhere.get(REVIEW).status_code == 401
    assert elsewhere.get(QUEUE).headers["Location"].startswith(LOGIN)
    assert here.get(QUEUE).status_code == 200


def test_where_it_is_required_a_password_alone_never_becomes_enough(
    user: User, settings: LazySettings
) -> None:
    settings.REQUIRE_TWO_FACTOR = True
    here, thief = sign_in(user).client, sign_in(user).client
    here.post(APP, {"code": code_of(offered(here))})
    assert thief.get(REVIEW).status_code == 401
    assert thief.get(QUEUE).headers["Location"].startswith(LOGIN)


def test_who_has_nothing_to_confirm_a_change_with_signs_in_again(user: User) -> None:
    user.set_unusable_password()
    user.save()
    client = Client()
    client.force_login(user)
    answer = client.get(APP, follow=True)
    assert answer.redirect_chain[-1][0] == f"{LOGIN}?{urlencode({'next': APP})}"


# Set up.


def test_a_moderator_sets_an_app_up_and_is_shown_recovery_codes_once(user: User) -> None:
    client = sign_in(user).client
    secret = offered(client)
    answer = client.post(APP, {"code": code_of(secret)})
    assert answer.headers["Location"] == CODES
    assert len(re.findall(r"<li><code>\d{8}</code>", read(client, CODES))) == 10
    assert "<li><code>" not in read(client, CODES)
    assert client.get(QUEUE).status_code == 200


def test_no_secret_lies_readable_in_the_database(user: User) -> None:
    client = sign_in(user).client
    secret = offered(client)
    assert secret not in str([session.get_decoded() for session in Session.objects.all()])
    client.post(APP, {"code": code_of(secret)})
    app, codes = Authenticator.objects.order_by("type").reverse()
    assert set(app.data) == {"secret"}
    assert secret not in str(app.data)
    assert str(codes.data["seed"]).startswith("gAAAA")


def test_a_wrong_code_sets_nothing_up_and_keeps_the_picture(user: User) -> None:
    client = sign_in(user).client
    secret = offered(client)
    page = client.post(APP, {"code": "123"}).text
    assert not Authenticator.objects.exists()
    assert secret in page.replace(" ", "")
    assert client.post(APP, {"code": code_of(secret)}).status_code == 302


def test_after_some_minutes_a_change_asks_for_the_password_again(user: User) -> None:
    client = sign_in(user).client
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        answer = client.get(APP)
        assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
        page = client.post(answer.headers["Location"], {"password": "wrong"})
        assert "Incorrect password" in page.text
        typed = {"password": PASSWORD, "next": APP}
        assert client.post(answer.headers["Location"], typed).headers["Location"] == APP
        assert offered(client)


def test_codes_are_renewed_and_former_ones_are_worth_nothing(protected: Protected) -> None:
    client = sign_in(protected.user).client
    client.post(CODE, {"code": protected.codes[0]})
    client.post(reverse("mfa_generate_recovery_codes"))
    fresh = re.findall(r"<li><code>(\d{8})</code>", read(client, CODES))
    assert len(fresh) == 10
    again = sign_in(protected.user).client
    assert again.post(CODE, {"code": protected.codes[1]}).status_code == 200
    assert again.post(CODE, {"code": fresh[0]}).status_code == 302


def test_switched_off_the_password_alone_signs_in(protected: Protected) -> None:
    client = sign_in(protected.user).client
    client.post(CODE, {"code": code_of(protected.secret)})
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
    assert sign_in(protected.user).headers["Location"] == QUEUE


# Required.


def test_where_it_is_required_everybody_is_led_to_set_it_up(
    user: User, settings: LazySettings
) -> None:
    settings.REQUIRE_TWO_FACTOR = True
    client = sign_in(user).client
    for page in (QUEUE, reverse("desk_tokens"), reverse("account_change_password")):
        assert client.get(page).headers["Location"] == SECURITY
    assert "A second step is required here" in read(client, SECURITY)
    assert client.get(REVIEW).status_code == 401
    client.post(APP, {"code": code_of(offered(client))})
    assert client.get(CODES).status_code == 200
    assert client.get(QUEUE).status_code == 200
    assert client.get(REVIEW).status_code == 200


def test_where_it_is_required_it_can_be_changed_but_not_be_done_without(
    user: User, settings: LazySettings
) -> None:
    settings.REQUIRE_TWO_FACTOR = True
    client = sign_in(user).client
    client.post(APP, {"code": code_of(offered(client))})
    client.post(reverse("mfa_deactivate_totp"))
    assert client.get(QUEUE).headers["Location"] == SECURITY


def test_where_it_is_required_no_token_is_made_by_a_post_either(
    user: User, settings: LazySettings
) -> None:
    settings.REQUIRE_TWO_FACTOR = True
    answer = sign_in(user).client.post(reverse("desk_tokens"))
    assert answer.headers["Location"] == SECURITY


# Passkeys; the browser tests sign in with one.


def test_a_passkey_is_asked_for_with_a_fresh_challenge(db: None) -> None:
    def challenge() -> Any:
        answer = Client().get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
        return answer.json()["request_options"]["publicKey"]

    first, second = challenge(), challenge()
    assert first["rpId"] == "testserver"
    assert first["userVerification"] == "required"
    assert first["challenge"] != second["challenge"]


def test_a_passkey_is_removed_by_its_owner_alone(user: User, site: Site) -> None:
    data = {"name": "My phone", "credential": {}}
    passkey = Authenticator.objects.create(user=user, type="webauthn", data=data)
    where = reverse("mfa_remove_webauthn", args=[passkey.pk])
    colleague = MembershipFactory(site=site).user
    colleague.set_password(PASSWORD)
    colleague.save()
    assert sign_in(colleague).client.post(where).status_code == 404
    codes = RecoveryCodes.activate(user).generate_codes()
    client = sign_in(user).client
    client.post(CODE, {"code": codes[0]})
    assert "My phone" in read(client, SECURITY)
    assert "Remove My phone?" in read(client, where)
    client.post(where)
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("credential", ["", "{}", '{"id": "x", "response": {}}', "[1]"])
def test_what_is_no_passkey_opens_nothing(user: User, credential: str) -> None:
    client = Client()
    client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert answer.headers["Location"] == LOGIN
    assert client.get(REVIEW).status_code == 401


NO_PASSKEYS = [
    "",
    "{}",
    "null",
    "3",
    "[1]",
    '"x"',
    "not json",
    '{"id": "x"}',
    '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}',
    '{"id": "eA", "rawId": "eA", "type": "public-key", "response": '
    '{"clientDataJSON": "e30", "attestationObject": "oA"}}',
    '{"id": "eA", "rawId": "eA", "type": "public-key", "response": '
    '{"clientDataJSON": "eyJ0eXBlIjoieCJ9", "attestationObject": "!!!"}}',
    '{"id": "eA", "rawId": "eA", "type": "public-key", "response": '
    '{"clientDataJSON": "_w", "attestationObject": "_w"}}',
    '{"id": 1, "rawId": [], "type": {}, "response": "x"}',
]


@pytest.mark.parametrize("credential", NO_PASSKEYS)
@pytest.mark.parametrize("has_begun", [True, False])
def test_what_is_no_passkey_is_not_added(user: User, credential: str, has_begun: bool) -> None:
    client = sign_in(user).client
    if has_begun:
        client.get(reverse("mfa_add_webauthn"))
    answer = client.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": credential})
    assert answer.status_code == 400
    assert not Authenticator.objects.exists()


# What is told by mail.


def test_a_change_of_the_second_step_is_told_by_mail(
    user: User, django_capture_on_commit_callbacks: Any
) -> None:
    client = sign_in(user).client
    with django_capture_on_commit_callbacks(execute=True):
        client.post(APP, {"code": code_of(offered(client))})
    told = {message.subject: message.to for message in sent()}
    assert told["An authenticator app was set up"] == [user.email]


def test_all_that_the_library_tells_is_passed_on_or_told_otherwise() -> None:
    told = set()
    for path in Path(allauth.__file__).parent.rglob("internal/flows*/**/*.py"):
        told |= set(re.findall(r'"((?:mfa|account)/email/\w+)"', path.read_text()))
    for path in Path(allauth.__file__).parent.rglob("internal/flows.py"):
        told |= set(re.findall(r'"(mfa/email/\w+)"', path.read_text()))
    assert {event for event in told if event.startswith("mfa/")} == set(security.EVENTS)


def test_a_new_password_is_told_by_mail_and_the_mail_opens_nothing(user: User) -> None:
    sign_in(user)
    user.refresh_from_db()
    user.set_password("another long password")
    user.save()
    (message,) = sent()
    assert (message.subject, message.to) == ("Your password was changed", [user.email])
    assert "/sign-in/forgotten/" not in message.body


def test_a_new_account_is_told_nothing(db: None) -> None:
    User.objects.create_user("new@mail.example", "a long password for tests")
    assert sent() == []


def test_the_review_api_asks_nobody_for_an_app(review: Api, settings: LazySettings) -> None:
    settings.REQUIRE_TWO_FACTOR = True
    assert review.get("queue").status_code == 200
