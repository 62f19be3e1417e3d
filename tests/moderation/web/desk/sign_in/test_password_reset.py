"""A forgotten password is replaced by a link in a mail."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comments.models import User
from moderation.models import Mail
from tests import mailbox
from tests.moderation.web.desk.desk import QUEUE
from tests.moderation.web.desk.sign_in.people import CODE, PASSWORD, REVIEW, Protected, sign_in

FORGOTTEN, NEW = reverse("account_reset_password"), "another long password"


def ask(address: str) -> Any:
    return Client().post(FORGOTTEN, {"email": address})


def link(user: User) -> str:
    ask(user.email.upper())
    (mail,) = mailbox.sent()
    assert mail.to == [user.email]
    return mailbox.link(mail, "sign-in/forgotten")


def set_by(where: str, password: str = NEW) -> Any:
    client = Client()
    form = client.get(where, follow=True)
    page = form.redirect_chain[-1][0] if form.redirect_chain else where
    return client.post(page, {"password1": password, "password2": password}, follow=True)


def test_the_link_sets_a_new_password_and_ends_every_session(user: User) -> None:
    elsewhere = sign_in(user).client
    assert "Your password is changed" in set_by(link(user)).text
    assert sign_in(user).status_code == 200
    assert sign_in(user, NEW).headers["Location"] == QUEUE
    assert elsewhere.get(QUEUE).status_code == 302


def test_the_link_signs_nobody_in_and_the_second_step_stays(protected: Protected) -> None:
    set_by(link(protected.user))
    assert sign_in(protected.user, NEW).headers["Location"] == CODE


def test_the_link_does_not_stay_in_the_address(user: User) -> None:
    where = link(user)
    shown = Client().get(where).headers["Location"]
    assert shown.endswith("-set-password/")
    assert "no-store" in Client().get(where).headers.get("Cache-Control", "")


def test_the_link_works_once(user: User) -> None:
    where = link(user)
    set_by(where)
    assert "was used, has expired" in Client().get(where, follow=True).text
    assert sign_in(user, NEW).status_code == 302


def test_the_link_works_for_an_hour(user: User) -> None:
    where = link(user)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert "was used, has expired" in Client().get(where, follow=True).text


def test_signing_in_ends_the_link(user: User) -> None:
    where = link(user)
    sign_in(user)
    assert "was used, has expired" in Client().get(where, follow=True).text


def test_a_poor_password_is_refused(user: User) -> None:
    assert "too common" in set_by(link(user), "password1").text
    assert sign_in(user, PASSWORD).status_code == 302


def test_the_mail_is_queued_and_its_address_is_encrypted(user: User) -> None:
    ask(user.email)
    mail = Mail.objects.get()
    assert mail.site is None
    assert mail.state == "waiting"
    assert user.email not in mail.recipient + mail.text + mail.html


def test_an_unknown_address_gets_the_same_answer_and_no_mail(user: User) -> None:
    known, unknown = ask(user.email), ask("nobody@x.example")
    assert known.headers["Location"] == unknown.headers["Location"]
    assert known.status_code == unknown.status_code
    assert len(mailbox.sent()) == 1


def test_an_unknown_address_makes_the_same_work(user: User) -> None:
    # The first request of a network makes its counter.
    ask("somebody@x.example")
    with CaptureQueriesContext(connection) as known:
        ask(user.email)
    with CaptureQueriesContext(connection) as unknown:
        ask("nobody@x.example")
    assert abs(len(known) - len(unknown)) <= 2


@pytest.mark.parametrize("what", ["closed", "without a password"])
def test_who_could_not_sign_in_with_a_password_gets_no_mail(user: User, what: str) -> None:
    if what == "closed":
        user.is_active = False
    else:
        user.set_unusable_password()
    user.save()
    ask(user.email)
    assert not Mail.objects.exists()


def test_nobodys_mailbox_can_be_filled(user: User) -> None:
    answers = [ask(user.email).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert [ask("nobody@x.example").status_code for _ in range(6)] == answers
    assert Mail.objects.count() == 5


def test_the_link_leads_to_the_public_address_whatever_host_was_called(user: User) -> None:
    Client().post(FORGOTTEN, {"email": user.email}, headers={"Host": "localhost"})
    (mail,) = mailbox.sent()
    assert "http://testserver/sign-in/forgotten/" in mail.body


def test_a_link_for_somebody_else_opens_nothing(user: User) -> None:
    where = link(user).replace("forgotten/", "forgotten/zz")
    assert "was used, has expired" in Client().get(where, follow=True).text
    assert Client().get(REVIEW).status_code == 401
