"""The alarms of a site: the hour of the daily mail is on the clock of who looks."""

import pytest
from django.test import Client
from django.urls import reverse

from comments.models import Role, Site
from moderation.models import Alarm
from tests.moderation.web.desk.desk import member, read

LIST = reverse("admin:moderation_alarm_changelist")
NEW = reverse("admin:moderation_alarm_add")
FORM = {"queue_size": "5", "by_mail": "on", "shape": "slack", "url": ""}


@pytest.fixture
def owner(site: Site) -> Client:
    client = member(Role.OWNER, site)
    # Kathmandu is five hours and three quarters before UTC, the whole year.
    client.cookies["desk_time_zone"] = "Asia/Kathmandu"
    return client


def test_the_hour_is_chosen_on_the_viewers_clock_and_stored_in_utc(
    owner: Client, site: Site
) -> None:
    page = read(owner, NEW)
    assert '<option value="2">07:45</option>' in page
    assert "UTC" not in page
    owner.post(NEW, {**FORM, "site": str(site.pk), "digest_hour": "2"})
    assert Alarm.objects.get().digest_hour == 2
    assert "07:45" in read(owner, LIST)


def test_no_hour_is_no_daily_mail(owner: Client, site: Site) -> None:
    owner.post(NEW, {**FORM, "site": str(site.pk), "digest_hour": ""})
    assert Alarm.objects.get().digest_hour is None


def test_an_hour_that_no_day_has_is_refused_and_the_rest_is_kept(owner: Client, site: Site) -> None:
    form = {**FORM, "queue_size": "77", "site": str(site.pk), "digest_hour": "24"}
    page = owner.post(NEW, form).content.decode()
    assert 'value="77"' in page
    assert not Alarm.objects.exists()
