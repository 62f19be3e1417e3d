"""The page on a site's scores, at the desk."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.accounts import api_keys
from comments.models import KeyMode, Role, Site
from moderation.screening import shadow_comparison
from moderation.screening.policy import calibration
from moderation.screening.policy.time_budget import one_at_a_time
from moderation.screening.shadow_comparison import ComparedScore
from tests.factories import CommentFactory, SiteFactory, ThreadFactory
from tests.moderation.web.desk.desk import member, read

pytestmark = pytest.mark.django_db


def page(client: Client, site: Site, **asked: object) -> str:
    answer = client.get(reverse("admin:comments_site_calibration", args=[site.pk]), asked)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def owner(site: Site) -> Client:
    return member(Role.OWNER, site)


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
    owner: Client, site: Site, thread: None
) -> None:
    told = page(owner, site, rate=20)
    assert "From 70&nbsp;%" in told
    assert "10 newest comments" in told
    assert told.count('role="img"') == 2


@pytest.mark.parametrize("rate", ["x", "-1", "101"])
def test_a_share_that_is_none_is_said_to_be_none(
    owner: Client, site: Site, thread: None, rate: str
) -> None:
    assert "A share is a number from 0 to 100." in page(owner, site, rate=rate)


def test_a_site_without_comments_is_told_what_to_do(owner: Client, site: Site) -> None:
    told = page(owner, site)
    assert "manage.py calibrate gazette" in told
    assert "--mode shadow" in told


def test_both_services_are_shown(owner: Client, site: Site, compared: None) -> None:
    told = page(owner, site)
    assert ">80\N{NO-BREAK SPACE}%<" in told  # Alike: all but two.
    assert "As much as they, from" in told


def test_without_a_classifier_it_says_so(owner: Client, site: Site, no_classifier: None) -> None:
    assert "The classifier is away" in page(owner, site)


def test_another_sites_page_does_not_exist(owner: Client) -> None:
    other = SiteFactory()
    answer = owner.get(reverse("admin:comments_site_calibration", args=[other.pk]))
    assert answer.status_code == 404


def test_an_owner_may_look(site: Site, thread: None) -> None:
    assert "newest comments" in page(member(Role.OWNER, site), site)


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.VIEWER])
def test_who_may_not_set_the_house_rules_starts_no_simulation(
    site: Site, thread: None, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(calibration, "of_site")
    client = member(role, site)
    answer = client.get(reverse("admin:comments_site_calibration", args=[site.pk]))
    assert answer.status_code in (403, 404)
    assert "calibration" not in read(client, reverse("admin:comments_site_change", args=[site.pk]))


def test_nobody_else_gets_in(site: Site) -> None:
    answer = Client().get(reverse("admin:comments_site_calibration", args=[site.pk]))
    assert answer.status_code == 302


def test_a_calibration_that_runs_already_is_waited_for(owner: Client, site: Site) -> None:
    with one_at_a_time(site, "calibration"):
        assert "This is running for the site already" in page(owner, site)
