"""Flood mode switches itself on and off, and moderators hear of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from comments.models import Author, Comment, Site, User
from comments.models.ids import id_at
from comments.privacy import email_addresses
from moderation.insight import floods
from moderation.insight.flood_signs import NEW
from moderation.models import Alarm, AuditAction, AuditEntry, Mail
from moderation.models.audit import SystemActor
from tests.factories import NOW, AuthorFactory, CommentFactory, SiteFactory, ThreadFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def few(settings: LazySettings) -> None:
    settings.FLOOD_LEAST, settings.FLOOD_TIMES, settings.FLOOD_CALM_MINUTES = 6, 10, 30


def write(site: Site, many: int, *, ago: timedelta = MINUTE, **fields: Any) -> list[Comment]:
    """Write comments at the site; as new authors where none is given."""
    thread, at = ThreadFactory(site=site), NOW - ago
    return [
        CommentFactory(
            **{
                "id": id_at(at),
                "thread": thread,
                "created_at": at,
                "author": AuthorFactory(site=site, first_seen_at=at),
                **fields,
            }
        )
        for _ in range(many)
    ]


def pour(site: Site, many: int, **fields: Any) -> None:
    """Write comments for seven minutes, until now."""
    ago = fields.pop("ago", timedelta(0))
    write(site, many // 2, ago=ago + 7 * MINUTE, **fields)
    write(site, many - many // 2, ago=ago + MINUTE, **fields)


def is_on(site: Site) -> bool:
    return Site.objects.get(pk=site.pk).in_flood


def known(site: Site) -> Author:
    return AuthorFactory(site=site, first_seen_at=NOW - 2 * NEW)


# It begins.


def test_many_comments_of_new_authors_switch_it_on(site: Site) -> None:
    pour(site, 6)
    floods.watch(now=NOW)
    assert is_on(site)


@pytest.mark.parametrize("minutes", [1, 6], ids=["has just begun", "is over again"])
def test_a_burst_is_no_flood(site: Site, minutes: int) -> None:
    write(site, 30, ago=minutes * MINUTE)
    floods.watch(now=NOW)
    assert not is_on(site)


@pytest.mark.parametrize(
    "fields",
    [{"ago": 11 * MINUTE}, {"created_at": NOW - timedelta(days=300)}],
    ids=["earlier", "imported"],
)
def test_what_was_written_at_another_time_does_not_count(
    site: Site, fields: dict[str, Any]
) -> None:
    write(site, 6, **fields)
    floods.watch(now=NOW)
    assert not is_on(site)


def test_comments_of_authors_who_were_here_before_are_no_flood(site: Site) -> None:
    write(site, 12, author=known(site))
    pour(site, 5)
    floods.watch(now=NOW)
    assert not is_on(site)


def test_comments_without_an_address_count_as_those_of_new_authors(site: Site) -> None:
    pour(site, 6, author=None)
    floods.watch(now=NOW)
    assert is_on(site)


@pytest.mark.parametrize("status", ["pending", "approved", "held", "spam"])
def test_what_became_of_the_comments_does_not_matter(site: Site, status: str) -> None:
    pour(site, 6, status=status)
    floods.watch(now=NOW)
    assert is_on(site)


def test_a_site_where_that_much_is_usual_is_not_in_a_flood(
    site: Site, settings: LazySettings
) -> None:
    settings.FLOOD_TIMES = 1000
    write(site, 7, ago=timedelta(days=2), author=known(site))
    pour(site, 6)
    floods.watch(now=NOW)
    assert not is_on(site)


def test_a_flood_at_one_site_is_none_at_another(site: Site) -> None:
    pour(site, 6)
    other = SiteFactory()
    pour(other, 5)
    floods.watch(now=NOW)
    assert (is_on(site), is_on(other)) == (True, False)


def test_with_zero_it_is_switched_by_hand_alone(site: Site, settings: LazySettings) -> None:
    settings.FLOOD_LEAST = 0
    pour(site, 20)
    floods.watch(now=NOW)
    assert not is_on(site)
    assert floods.begin(site, by=SystemActor.COMMAND_LINE, now=NOW)
    assert is_on(site)


def test_where_a_person_switched_it_off_it_rests(site: Site) -> None:
    pour(site, 6)
    floods.watch(now=NOW)
    floods.end(site, by=SystemActor.COMMAND_LINE, now=NOW)
    floods.watch(now=NOW + MINUTE)
    assert not is_on(site)
    pour(site, 6, ago=-floods.REST)
    floods.watch(now=NOW + floods.REST + MINUTE)
    assert is_on(site)


# It ends.


def test_it_ends_by_itself_when_it_is_calm(site: Site) -> None:
    pour(site, 6)
    floods.watch(now=NOW)
    floods.watch(now=NOW + 29.9 * MINUTE)
    assert is_on(site)
    floods.watch(now=NOW + 30 * MINUTE)
    assert not is_on(site)


def test_it_goes_on_while_as_much_comes(site: Site) -> None:
    pour(site, 6)
    floods.watch(now=NOW)
    write(site, 3, ago=-20 * MINUTE)
    floods.watch(now=NOW + 40 * MINUTE)
    assert is_on(site)


def test_it_goes_on_while_challenges_stay_unsolved_in_numbers(site: Site) -> None:
    pour(site, 6)
    floods.watch(now=NOW)
    for _ in range(floods.UNSOLVED):
        floods.note_unsolved(site, now=NOW + 20 * MINUTE)
    assert Site.objects.get(pk=site.pk).flood_pressed_at is None
    floods.note_unsolved(site, now=NOW + 20 * MINUTE)
    floods.watch(now=NOW + 40 * MINUTE)
    assert is_on(site)
    floods.watch(now=NOW + 51 * MINUTE)
    assert not is_on(site)


def test_unsolved_challenges_are_counted_for_each_site(site: Site) -> None:
    other = SiteFactory()
    for _ in range(floods.UNSOLVED + 1):
        floods.note_unsolved(other, now=NOW)
    floods.note_unsolved(site, now=NOW)
    pressed = dict(Site.objects.values_list("pk", "flood_pressed_at"))
    assert pressed == {site.pk: None, other.pk: NOW}


def test_unsolved_challenges_are_written_down_once_a_minute(site: Site) -> None:
    def press(seconds: int) -> timedelta:
        at = NOW + timedelta(seconds=seconds)
        for _ in range(floods.UNSOLVED + 1):
            floods.note_unsolved(site, now=at)
        return Site.objects.get(pk=site.pk).flood_pressed_at - NOW

    assert [press(seconds).seconds for seconds in (0, 60, 61, 100)] == [0, 0, 61, 61]


def test_nothing_is_left_of_one_that_has_ended(site: Site) -> None:
    floods.begin(site, by=SystemActor.COMMAND_LINE, now=NOW)
    Site.objects.update(flood_pressed_at=NOW)
    floods.end(site, by=SystemActor.COMMAND_LINE, now=NOW)
    site.refresh_from_db()
    assert (site.flood_since, site.flood_by_hand, site.flood_pressed_at) == (None, False, None)


def test_what_a_person_switched_on_stays_for_a_day(site: Site) -> None:
    floods.begin(site, by=SystemActor.COMMAND_LINE, now=NOW)
    floods.watch(now=NOW + timedelta(hours=23))
    assert is_on(site)
    floods.watch(now=NOW + timedelta(hours=24))
    assert not is_on(site)


def test_it_is_switched_once(site: Site, moderator: User) -> None:
    assert floods.begin(site, by=moderator, now=NOW)
    assert not floods.begin(site, by=moderator, now=NOW)
    assert floods.end(site, by=moderator, now=NOW)
    assert not floods.end(site, by=moderator, now=NOW)
    assert AuditEntry.objects.count() == 2


# Who hears of it.


def test_moderators_get_a_mail_when_it_begins_and_when_it_ends(site: Site, moderator: User) -> None:
    pour(site, 6)
    floods.watch(now=NOW)
    (mail,) = Mail.objects.all()
    assert email_addresses.decrypt(mail.recipient) == moderator.email
    assert "new authors wrote 6 comments in ten minutes" in mail.text
    assert "It ends by itself" in mail.text
    floods.watch(now=NOW + 40 * MINUTE)
    assert "it is calm again" in Mail.objects.latest("id").text


def test_the_sites_messenger_hears_of_it(site: Site) -> None:
    alarm = Alarm.objects.create(site=site, url="https://chat.example/hook", shape="json")
    floods.begin(site, by=SystemActor.COMMAND_LINE, now=NOW)
    alarm.refresh_from_db()
    assert alarm.payload is not None
    assert "flood mode" in " ".join(alarm.payload["why"])


def test_nobody_hears_of_it_where_the_owners_want_no_such_alarm(
    site: Site, moderator: User
) -> None:
    Alarm.objects.create(site=site, flood=False)
    floods.begin(site, by=moderator, now=NOW)
    assert not Mail.objects.exists()


def test_the_log_says_who_switched_it_and_by_which_signs(site: Site, moderator: User) -> None:
    write(site, 60, ago=timedelta(days=2), author=known(site))
    pour(site, 6)
    floods.watch(now=NOW)
    floods.end(site, by=moderator, now=NOW)
    begun, ended = AuditEntry.objects.order_by("id")
    assert (begun.act, begun.who) == (AuditAction.FLOOD_BEGUN, SystemActor.SERVICE)
    assert begun.detail == {"strangers": 6, "usual": 0.1}
    assert (ended.act, ended.by) == (AuditAction.FLOOD_ENDED, moderator)
