"""Signing in: tries are counted, and a second step is asked for where there is one."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP

from comments.accounts import two_factor
from comments.models import Authenticator, Role, Site, User
from comments.privacy import email_addresses
from tests.factories import MembershipFactory
from tests.moderation.web.desk.desk import QUEUE, read, signed_in

LOGIN, CHECK = reverse("admin:login"), reverse("moderation_second_step")
PAGE = reverse("moderation_two_factor")
PASSWORD = "a long password for tests"
REVIEW = "/api/v1/review/queue"


@pytest.fixture
def user(site: Site) -> User:
    user = MembershipFactory(site=site, role=Role.MODERATOR).user
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(user: User, password: str = PASSWORD, client: Client | None = None, **meta: Any) -> Any:
    client = client or Client()
    typed = {"username": user.email, "password": password, "next": QUEUE}
    answer = client.post(LOGIN, typed, **meta)
    answer.used = client
    return answer


def code_of(secret: str, *, later: int = 0) -> str:
    """Return what the app shows, or will show so many steps later."""
    import base64

    clock = TOTP(base64.b32decode(secret))
    clock.time = (timezone.now() + timedelta(seconds=30 * later)).timestamp()
    return f"{clock.token():06}"


@pytest.fixture
def protected(user: User) -> tuple[User, str, list[str]]:
    """A user with a second factor, its secret and recovery codes."""
    secret = two_factor.new_secret()
    codes = two_factor.set_up(
        user, secret=secret, code=code_of(secret, later=-1), now=timezone.now()
    )
    return user, secret, codes


# Tries.


def test_a_right_password_opens_the_desk(user: User) -> None:
    assert sign_in(user).headers["Location"] == QUEUE


def test_after_too_many_wrong_passwords_even_the_right_one_waits(user: User) -> None:
    for _ in range(5):
        answer = sign_in(user, "wrong")
    assert answer.status_code == 429
    assert "Try again in 15 minutes" in answer.content.decode()
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert sign_in(user).status_code == 429


def test_others_and_other_addresses_are_not_kept_out(user: User, site: Site) -> None:
    for _ in range(5):
        sign_in(user, "wrong", REMOTE_ADDR="198.51.100.1")
    assert sign_in(user, REMOTE_ADDR="198.51.100.2").status_code == 302
    colleague = MembershipFactory(site=site).user
    colleague.set_password(PASSWORD)
    colleague.save()
    assert sign_in(colleague, REMOTE_ADDR="198.51.100.1").status_code == 302


def test_an_address_is_known_behind_a_proxy(user: User, settings: LazySettings) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    for _ in range(5):
        sign_in(user, "wrong", HTTP_X_FORWARDED_FOR="198.51.100.1")
    assert sign_in(user, HTTP_X_FORWARDED_FOR="198.51.100.1").status_code == 429
    assert sign_in(user, HTTP_X_FORWARDED_FOR="198.51.100.2").status_code == 302


def test_capitals_in_an_address_give_no_more_tries(user: User) -> None:
    for n in range(5):
        shouted = User(email=user.email.upper() if n % 2 else user.email)
        sign_in(shouted, "wrong")
    assert sign_in(user).status_code == 429


def test_the_wait_ends(user: User, settings: LazySettings) -> None:
    for _ in range(5):
        sign_in(user, "wrong")
    settings.AXES_COOLOFF_TIME = timedelta(0)
    assert sign_in(user).status_code == 302


# The second step.


def test_a_password_alone_opens_nothing_to_who_has_a_second_factor(
    protected: tuple[User, str, list[str]],
) -> None:
    client = sign_in(protected[0]).used
    assert client.get(QUEUE).headers["Location"].startswith(CHECK)
    assert client.get(REVIEW).status_code == 401
    assert "Code of your authenticator app" in read(client, CHECK)


def test_the_code_opens_the_desk_and_the_api(protected: tuple[User, str, list[str]]) -> None:
    user, secret, _ = protected
    client = sign_in(user).used
    answer = client.post(f"{CHECK}?next={QUEUE}", {"code": code_of(secret)})
    assert answer.headers["Location"] == QUEUE
    assert client.get(QUEUE).status_code == 200
    assert client.get(REVIEW).status_code == 200


def test_a_code_is_taken_once(protected: tuple[User, str, list[str]]) -> None:
    user, secret, _ = protected
    code = code_of(secret)
    sign_in(user).used.post(CHECK, {"code": code})
    again = sign_in(user).used.post(CHECK, {"code": code})
    assert "This code is not right" in again.content.decode()


def test_a_recovery_code_stands_in_once(protected: tuple[User, str, list[str]]) -> None:
    user, _, codes = protected
    typed = codes[0].upper()
    assert sign_in(user).used.post(CHECK, {"code": typed}).status_code == 302
    assert sign_in(user).used.post(CHECK, {"code": typed}).status_code == 400
    assert two_factor.codes_left(user) == 9


def test_wrong_codes_must_wait(protected: tuple[User, str, list[str]]) -> None:
    user, secret, _ = protected
    client = sign_in(user).used
    for _ in range(2):
        Authenticator.objects.update(throttling_failure_timestamp=None)
        client.post(CHECK, {"code": "000000"})
    answer = client.post(CHECK, {"code": code_of(secret)})
    assert re.search(r"Try again in \d seconds", answer.content.decode())


def test_the_second_step_leads_to_no_other_site(protected: tuple[User, str, list[str]]) -> None:
    user, secret, _ = protected
    answer = sign_in(user).used.post(
        f"{CHECK}?next=https://evil.example/", {"code": code_of(secret)}
    )
    assert answer.headers["Location"] == QUEUE


def test_nobody_reaches_the_second_step_without_a_password(db: None) -> None:
    assert Client().get(CHECK).headers["Location"] == LOGIN


# Setting it up.


def offered(client: Client) -> str:
    page = read(client, PAGE)
    assert "<svg" in page
    return re.search(r"type the key: <code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")


def test_a_moderator_sets_it_up_and_is_given_recovery_codes(user: User) -> None:
    client = sign_in(user).used
    secret = offered(client)
    page = client.post(PAGE, {"act": "set_up", "code": code_of(secret)}).content.decode()
    assert len(re.findall(r"<li><code>\w{5}-\w{5}</code>", page)) == 10
    assert client.get(QUEUE).status_code == 200
    assert secret not in Authenticator.objects.get().secret


def test_a_wrong_code_sets_nothing_up_and_keeps_the_picture(user: User) -> None:
    client = sign_in(user).used
    secret = offered(client)
    client.post(PAGE, {"act": "set_up", "code": "123"})
    assert not Authenticator.objects.exists()
    assert offered(client) == secret


def test_codes_are_renewed_and_it_is_switched_off_with_a_code(
    protected: tuple[User, str, list[str]],
) -> None:
    user, secret, codes = protected
    client = sign_in(user).used
    client.post(CHECK, {"code": code_of(secret)})
    page = client.post(PAGE, {"act": "renew", "code": codes[0]}).content.decode()
    fresh = re.findall(r"<code>(\w{5}-\w{5})</code>", page)
    client.post(PAGE, {"act": "switch_off", "code": codes[1]})
    assert Authenticator.objects.exists()
    Authenticator.objects.update(throttling_failure_count=0)
    client.post(PAGE, {"act": "switch_off", "code": fresh[0]})
    assert not Authenticator.objects.exists()
    assert client.get(QUEUE).status_code == 200


def test_where_it_is_required_everybody_is_led_to_set_it_up(
    user: User, settings: LazySettings
) -> None:
    settings.REQUIRE_TWO_FACTOR = True
    client = sign_in(user).used
    assert client.get(QUEUE).headers["Location"].startswith(PAGE)
    assert client.get(REVIEW).status_code == 401
    client.post(PAGE, {"act": "set_up", "code": code_of(offered(client))})
    assert client.get(QUEUE).status_code == 200


def test_an_operator_takes_it_away(protected: tuple[User, str, list[str]], capsys: Any) -> None:
    call_command("reset_two_factor", protected[0].email)
    assert "password alone" in capsys.readouterr().out
    assert signed_in(protected[0]).get(QUEUE).status_code == 200
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("reset_two_factor", "nobody@staff.example")


def test_secrets_move_to_a_new_key(
    protected: tuple[User, str, list[str]], settings: LazySettings
) -> None:
    from cryptography.fernet import Fernet

    old = settings.EMAIL_KEYS
    settings.EMAIL_KEYS = [Fernet.generate_key().decode(), *old]
    call_command("rotate_email_keys")
    settings.EMAIL_KEYS = settings.EMAIL_KEYS[:1]
    assert email_addresses.decrypt(Authenticator.objects.get().secret) == protected[1]
