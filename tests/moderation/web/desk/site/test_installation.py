"""The page that tells superusers what is wrong with the installation."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.models import Role
from tests.factories import UserFactory
from tests.moderation.web.desk.desk import member, signed_in

PAGE = reverse("desk_installation")


def shown(client: Client, **options: Any) -> str:
    return client.get(PAGE, **options).content.decode()


@pytest.fixture
def root(db: None) -> Client:
    # Long ago enough for periodic work to have been done.
    joined = timezone.now() - timedelta(hours=1)
    return signed_in(UserFactory(is_superuser=True, date_joined=joined))


def test_it_says_what_does_not_work_and_what_to_do(root: Client) -> None:
    page = shown(root)
    assert "Periodic work was never done" in page
    assert "Start one beat" in page
    assert "All is well with" in page


def test_owners_are_refused(site: Any) -> None:
    assert member(Role.OWNER, site).get(PAGE).status_code == 403


def test_a_proxy_that_is_not_named_is_told(root: Client) -> None:
    assert "TRUSTED_PROXIES" not in shown(root)
    page = shown(root, headers={"X-Forwarded-For": "203.0.113.9"})
    assert "came through a proxy at 127.0.0.1 that TRUSTED_PROXIES does not name" in page


def test_a_proxy_that_names_nobody_is_told(root: Client, settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    page = shown(root, headers={"X-Forwarded-For": "unknown"})
    assert "The proxy does not say for whom it asks in X-Forwarded-For" in page


def test_what_django_says_in_english_alone_is_said_in_the_language_of_who_looks(
    root: Client, settings: Any
) -> None:
    settings.DEBUG = settings.HTTPS = True
    page = shown(root, headers={"Accept-Language": "de"}, secure=True)
    assert "DEBUG ist an" in page
    assert "deployment" not in page


def test_https_that_does_not_arrive_is_told(root: Client, settings: Any) -> None:
    settings.HTTPS = True
    assert "This page came without HTTPS" in shown(root)
    assert "This page came without HTTPS" not in shown(root, secure=True)
