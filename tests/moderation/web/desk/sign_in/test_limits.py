"""How often somebody may try to sign in, and what still opens while others fail."""

from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import time_machine
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from comments.models import Site, User
from moderation.models import Mail
from tests.factories import MembershipFactory
from tests.moderation.web.desk.desk import QUEUE
from tests.moderation.web.desk.sign_in.people import (
    CODE,
    PASSWORD,
    Protected,
    code_of,
    sign_in,
)
from tests.moderation.web.desk.sign_in.test_openid_connect import BACK, configure
from tests.moderation.web.desk.sign_in.test_password_reset import FORGOTTEN, NEW, link, set_by

DEVICE = "leave_a_reply_device"
PASSKEY = "/sign-in/passkey/"


def colleague(site: Site) -> User:
    other = MembershipFactory(site=site).user
    other.set_password(PASSWORD)
    other.save()
    return other


def browser_of(client: Client) -> Client:
    """Return a browser in which somebody signed in once, and signed out."""
    browser = Client()
    browser.cookies = SimpleCookie({DEVICE: client.cookies[DEVICE].value})
    return browser


def attack(user: User, *, networks: int = 40) -> list[int]:
    """Try a wrong password from so many networks; return the status codes."""
    tries = [sign_in(user, "wrong", REMOTE_ADDR=f"198.51.100.{n}") for n in range(networks)]
    return [answer.status_code for answer in tries]


# One account from one network.


def test_after_too_many_wrong_passwords_even_the_right_one_waits(user: User) -> None:
    for _ in range(5):
        assert sign_in(user, "wrong").status_code == 200
    answer = sign_in(user)
    assert answer.status_code == 429
    assert "Try again in 15 minutes" in answer.text
    assert 890 < int(answer.headers["Retry-After"]) <= 900


def test_others_and_other_networks_are_not_kept_out(user: User, site: Site) -> None:
    for _ in range(6):
        sign_in(user, "wrong", REMOTE_ADDR="198.51.100.1")
    assert sign_in(user, REMOTE_ADDR="198.51.100.2").status_code == 302
    assert sign_in(colleague(site), REMOTE_ADDR="198.51.100.1").status_code == 302


def test_all_addresses_of_an_ipv6_network_share_their_tries(user: User) -> None:
    answers = [sign_in(user, "wrong", REMOTE_ADDR=f"2001:db8::{n:x}") for n in range(40)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 35
    assert sign_in(user, REMOTE_ADDR="2001:db8::ffff").status_code == 429


def test_an_ipv4_address_is_the_same_in_ipv6_notation(user: User) -> None:
    for _ in range(5):
        sign_in(user, "wrong", REMOTE_ADDR="198.51.100.1")
    assert sign_in(user, REMOTE_ADDR="::ffff:198.51.100.1").status_code == 429


def test_an_address_is_known_behind_a_proxy(user: User, settings: LazySettings) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    for _ in range(5):
        sign_in(user, "wrong", HTTP_X_FORWARDED_FOR="198.51.100.1")
    assert sign_in(user, HTTP_X_FORWARDED_FOR="198.51.100.1").status_code == 429
    assert sign_in(user, HTTP_X_FORWARDED_FOR="198.51.100.2").status_code == 302


def test_whose_address_is_hidden_is_not_kept_out_by_others(
    user: User, site: Site, settings: LazySettings
) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    for number in range(settings.SIGN_IN_TRIES * 10):
        sign_in(User(email=f"{number}@mail.example"), "wrong", HTTP_X_FORWARDED_FOR="unknown")
    assert sign_in(user, HTTP_X_FORWARDED_FOR="unknown").status_code == 302


def test_capitals_in_an_address_give_no_more_tries(user: User) -> None:
    for n in range(5):
        sign_in(User(email=user.email.upper() if n % 2 else user.email), "wrong")
    assert sign_in(user).status_code == 429


def test_after_the_wait_the_right_password_opens(user: User) -> None:
    for _ in range(5):
        sign_in(user, "wrong")
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        assert sign_in(user).status_code == 302


def test_the_wait_ends_and_the_next_one_is_longer(user: User) -> None:
    for _ in range(5):
        sign_in(user, "wrong")
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)) as clock:
        assert sign_in(user, "wrong").status_code == 200
        assert "Try again in 30 minutes" in sign_in(user).text
        clock.shift(timedelta(minutes=30, seconds=1))
        assert sign_in(user).status_code == 302


def test_right_passwords_use_up_no_tries(user: User) -> None:
    for _ in range(25):
        assert sign_in(user).status_code == 302


# One account from everywhere.


def test_an_account_that_is_tried_from_everywhere_is_closed_for_a_while(user: User) -> None:
    assert attack(user) == [200] * 20 + [429] * 20
    assert sign_in(user, REMOTE_ADDR="203.0.113.1").status_code == 429
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        assert sign_in(user, REMOTE_ADDR="203.0.113.1").status_code == 302


def test_no_attack_closes_an_account_for_longer_than_some_hours(user: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for n in range(60):
            sign_in(user, "wrong", REMOTE_ADDR=f"198.51.100.{n}")
            clock.shift(timedelta(hours=1))
        answer = sign_in(user, REMOTE_ADDR="203.0.113.1")
        assert int(answer.headers.get("Retry-After", 0)) <= 4 * 3600


def test_an_unknown_address_is_closed_alike(user: User) -> None:
    assert attack(User(email="nobody@x.example")) == attack(user)


def test_a_browser_that_signed_in_before_gets_in_all_the_same(user: User) -> None:
    browser = browser_of(sign_in(user).client)
    attack(user)
    assert sign_in(user, client=browser, REMOTE_ADDR="198.51.100.1").status_code == 302


def test_a_browser_that_signed_in_before_has_no_more_tries_than_another(user: User) -> None:
    browser = browser_of(sign_in(user).client)
    for n in range(5):
        sign_in(user, "wrong", browser, REMOTE_ADDR=f"198.51.100.{n}")
    assert sign_in(user, client=browser).status_code == 429


def test_a_browser_is_known_for_the_accounts_that_signed_in_with_it_alone(
    user: User, site: Site
) -> None:
    other = colleague(site)
    browser = browser_of(sign_in(other).client)
    attack(user)
    assert sign_in(user, client=browser).status_code == 429
    assert sign_in(other, client=browser).status_code == 302


def test_a_forged_cookie_makes_no_browser_known(user: User) -> None:
    attack(user)
    browser = Client()
    for value in (f'{{"{user.pk}": "x"}}', "e30:x:y", "W10:1x:z", ""):
        browser.cookies = SimpleCookie({DEVICE: value})
        assert sign_in(user, client=browser).status_code == 429


def test_the_cookie_opens_nothing_and_no_script_reads_it(user: User) -> None:
    client = sign_in(user).client
    assert client.cookies[DEVICE]["httponly"]
    assert client.cookies[DEVICE]["samesite"] == "Lax"
    assert browser_of(client).get(QUEUE).status_code == 302


def test_a_new_password_by_mail_lets_the_owner_in_during_an_attack(user: User) -> None:
    attack(user)
    browser = set_by(link(user)).client
    assert sign_in(user, NEW, browser).status_code == 302


# One network with many accounts.


def test_a_network_that_tries_many_accounts_waits_with_all_of_them(user: User, site: Site) -> None:
    for n in range(40):
        sign_in(User(email=f"person{n}@x.example"), "wrong", REMOTE_ADDR=f"2001:db8::{n:x}")
    assert sign_in(user, REMOTE_ADDR="2001:db8::ffff").status_code == 429
    assert sign_in(user, REMOTE_ADDR="2001:db8:0:1::1").status_code == 302


# Codes, passkeys, the provider, and mails.


def test_a_known_browser_takes_codes_while_others_guess_them(protected: Protected) -> None:
    client = sign_in(protected.user).client
    client.post(CODE, {"code": protected.codes[0]})
    browser, thief = browser_of(client), sign_in(protected.user).client
    for _ in range(6):
        thief.post(CODE, {"code": "000000"})
    assert thief.post(CODE, {"code": protected.codes[1]}).status_code == 429
    sign_in(protected.user, client=browser)
    assert browser.post(CODE, {"code": code_of(protected.secret)}).status_code == 302


def test_a_password_alone_makes_no_browser_known_where_there_is_a_second_step(
    protected: Protected,
) -> None:
    assert DEVICE not in sign_in(protected.user).client.cookies


def test_recovery_codes_and_codes_share_their_tries(protected: Protected) -> None:
    client = sign_in(protected.user).client
    for n in range(5):
        client.post(CODE, {"code": "000000" if n % 2 else "00000000"})
    assert client.post(CODE, {"code": protected.codes[0]}).status_code == 429


def test_a_stolen_session_has_few_guesses_at_the_password(user: User) -> None:
    client = sign_in(user).client
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        page = client.get("/admin/security/app/").headers["Location"]
        statuses = [client.post(page, {"password": "wrong"}).status_code for _ in range(6)]
        assert statuses == [200] * 5 + [429]
        assert sign_in(user).status_code == 302


def test_wrong_passkeys_are_counted_by_network(db: None, settings: LazySettings) -> None:
    settings.MFA_RATE_LIMITS = {"webauthn_login": None}

    def present(address: str) -> Any:
        return Client().post(PASSKEY, {"credential": '{"id": "x"}'}, REMOTE_ADDR=address)

    answers = [present(f"2001:db8::{n:x}").status_code for n in range(41)]
    assert answers == [302] * 40 + [429]
    assert present("2001:db8:0:1::1").status_code == 302


def test_false_returns_from_a_provider_are_counted_by_network(
    db: None, settings: LazySettings
) -> None:
    configure(settings, "https://login.example")

    def come_back(address: str) -> int:
        return Client().get(BACK, {"code": "x", "state": "y"}, REMOTE_ADDR=address).status_code

    answers = [come_back(f"2001:db8::{n:x}") for n in range(41)]
    assert answers[-1] == 429
    assert 429 not in answers[:40]
    assert come_back("2001:db8:0:1::1") != 429


def test_mails_for_a_new_password_come_more_and_more_seldom(user: User) -> None:
    def ask(minute: int) -> int:
        with time_machine.travel(start + timedelta(minutes=minute), tick=False):
            return Client().post(FORGOTTEN, {"email": user.email}).status_code

    start = timezone.now()
    assert [ask(0) for _ in range(6)] == [302] * 5 + [429]
    # 15, 30 and 60 minutes, and 60 ever after: a mail is valid for as long.
    for minute in (15, 45, 105, 165):
        assert [ask(minute - 1), ask(minute)] == [429, 302]
    assert Mail.objects.count() == 9


def test_a_network_asks_for_a_number_of_mails(db: None) -> None:
    answers = [
        Client().post(FORGOTTEN, {"email": f"p{n}@x.example"}, REMOTE_ADDR=f"2001:db8::{n:x}")
        for n in range(41)
    ]
    assert answers[-1].status_code == 429
