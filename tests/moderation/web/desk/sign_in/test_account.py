"""Signing in with a password: who may, how often, and where it leads."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from comments.models import User
from tests.moderation.web.desk.desk import QUEUE, signed_in
from tests.moderation.web.desk.sign_in.people import LOGIN, PASSWORD, REVIEW, SECURITY, sign_in

# Who may.


def test_a_right_password_opens_the_desk_and_the_api(user: User) -> None:
    answer = sign_in(user)
    assert answer.headers["Location"] == QUEUE
    assert answer.client.get(QUEUE).status_code == 200
    assert answer.client.get(REVIEW).status_code == 200


def test_a_wrong_password_is_told_as_an_unknown_address_is(user: User) -> None:
    wrong, unknown = sign_in(user, "wrong"), sign_in(User(email="nobody@x.example"), "wrong")
    told = "The email address and/or password you specified are not correct."
    assert told in wrong.text
    assert told in unknown.text


@pytest.mark.parametrize("field", ["is_active", "is_staff"])
def test_whom_the_desk_lets_in_no_more_does_not_sign_in(user: User, field: str) -> None:
    User.objects.update(**{field: False})
    answer = sign_in(user)
    assert answer.headers["Location"] == reverse("account_inactive")
    assert "closed" in answer.client.get(answer.headers["Location"]).text
    assert answer.client.get(REVIEW).status_code == 401


def test_who_loses_the_desk_while_signed_in_is_asked_to_sign_in_as_somebody_else(
    user: User,
) -> None:
    client = sign_in(user).client
    User.objects.update(is_staff=False)
    answer = client.get(QUEUE, follow=True)
    assert answer.redirect_chain[-1][0].startswith(LOGIN)
    assert "Password" in answer.text


def test_signing_in_gives_a_fresh_session(user: User) -> None:
    client = Client()
    client.get(LOGIN)
    client.session.save()
    before = client.session.session_key
    sign_in(user, client=client)
    assert client.session.session_key != before


# Where it leads.


def test_the_admins_own_login_leads_to_ours_and_keeps_where_to(db: None) -> None:
    answer = Client().get("/admin/figures/", follow=True)
    assert answer.redirect_chain[-1][0] == f"{LOGIN}?next=%2Fadmin%2Ffigures%2F"
    assert 'name="next" value="/admin/figures/"' in answer.text


@pytest.mark.parametrize(
    "where", ["https://evil.example/", "//evil.example/", "http://localhost/", "javascript:x"]
)
def test_signing_in_leads_to_no_other_site(user: User, where: str) -> None:
    typed = {"login": user.email, "password": PASSWORD, "next": where}
    assert Client().post(LOGIN, typed).headers["Location"] == "/admin/"


def test_the_pages_of_signing_in_run_under_the_strict_policy(db: None) -> None:
    answer = Client().get(LOGIN)
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert "<style" not in answer.text
    assert " style=" not in answer.text


@pytest.mark.parametrize(
    "name", ["account_signup", "account_email", "socialaccount_connections", "socialaccount_signup"]
)
def test_there_is_no_sign_up_and_no_page_of_addresses_or_connections(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_the_pages_of_an_account_are_for_who_is_signed_in(db: None) -> None:
    assert Client().get(SECURITY).headers["Location"].startswith("/admin/login/")


# Changing the password.


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(user: User) -> None:
    here, elsewhere = sign_in(user).client, sign_in(user).client
    new = "another long password"
    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post(reverse("account_change_password"), typed).headers["Location"] == SECURITY
    assert here.get(QUEUE).status_code == 200
    assert elsewhere.get(QUEUE).status_code == 302
    assert sign_in(user, new).status_code == 302


def test_a_new_password_needs_the_old_one_and_must_be_a_good_one(user: User) -> None:
    client = sign_in(user).client
    typed = {"oldpassword": "wrong", "password1": "12345678", "password2": "12345678"}
    page = client.post(reverse("account_change_password"), typed).text
    assert "current password" in page
    assert "too common" in page


def test_the_admins_own_page_of_passwords_leads_to_ours(user: User) -> None:
    answer = signed_in(user).get("/admin/password_change/")
    assert answer.headers["Location"] == reverse("account_change_password")


def test_who_has_no_password_gets_none_here(user: User) -> None:
    client = sign_in(user).client
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    assert "Change your password" not in client.get(SECURITY).text
    answer = client.get(reverse("account_change_password"), follow=True)
    assert answer.redirect_chain[-1][0] == SECURITY
