"""The page on a site's scores, at the desk."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.accounts import api_keys
from comments.models import KeyMode, Role, Site
from moderation.screening import shadow_comparison
from moderation.screening.shadow_comparison import ComparedScore
from tests.factories import CommentFactory, SiteFactory, ThreadFactory
from tests.moderation.web.desk.desk import member

pytestmark = pytest.mark.django_db


def page(client: Client, site: Site, **asked: object) -> str:
    answer = client.get(reverse("admin:comments_site_calibration", args=[site.pk]), asked)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def thread(site: Site) -> None:
    thread = ThreadFactory(site=site)
    for body in ("How vile", "You idiot", *(f"Hello {n}" for n in range(8))):
        CommentFactory(thread=thread, body=body)


@pytest.fixture
def compared(site: Site) -> None:
    now = timezone.now()
    key = api_keys.issue(site, scopes=["akismet"], name="x", now=now, mode=KeyMode.SHADOW).key
    said = [
        ComparedScore(category="SPAM", text_digest=str(n), score=n / 10, ours=n > 5, theirs=n > 7)
        for n in range(10)
    ]
    shadow_comparison.record(said, key=key, now=now)


def test_the_threshold_for_a_share_is_drawn_and_said(
    desk: Client, site: Site, thread: None
) -> None:
    told = page(desk, site, rate=20)
    assert "From 70&nbsp;%" in told
    assert "10 newest comments" in told
    assert told.count('role="img"') == 2


@pytest.mark.parametrize("rate", ["x", "-1", "101"])
def test_a_share_that_is_none_is_said_to_be_none(
    desk: Client, site: Site, thread: None, rate: str
) -> None:
    assert "A share is a number from 0 to 100." in page(desk, site, rate=rate)


def test_a_site_without_comments_is_told_what_to_do(desk: Client, site: Site) -> None:
    told = page(desk, site)
    assert "manage.py calibrate gazette" in told
    assert "--mode shadow" in told


def test_both_services_are_shown(desk: Client, site: Site, compared: None) -> None:
    told = page(desk, site)
    assert ">80\N{NO-BREAK SPACE}%<" in told  # Alike: all but two.
    assert "As much as they, from" in told


def test_without_a_classifier_it_says_so(desk: Client, site: Site, no_classifier: None) -> None:
    assert "The classifier is away" in page(desk, site)


def test_another_sites_page_does_not_exist(desk: Client) -> None:
    other = SiteFactory()
    answer = desk.get(reverse("admin:comments_site_calibration", args=[other.pk]))
    assert answer.status_code == 404


def test_a_viewer_may_look(site: Site, thread: None) -> None:
    assert "newest comments" in page(member(Role.VIEWER, site), site)


def test_nobody_else_gets_in(site: Site) -> None:
    answer = Client().get(reverse("admin:comments_site_calibration", args=[site.pk]))
    assert answer.status_code == 302
