"""What is wrong with an installation is told in words, part by part."""

import json
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone

from comments.models import RefusedOrigin, Role, Site
from moderation.insight import heartbeat
from moderation.insight.doctor import examine as doctor
from moderation.insight.doctor import programs, services, setup
from moderation.models import DeliveryState, Event, LearningState, Mail, Screening
from moderation.models import SiteClassifier as Learned
from tests.factories import CommentFactory, MembershipFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def told(subject: str, *, now: datetime) -> list[str]:
    """Return what is said of a part, each with how bad it is."""
    (part,) = [part for part in doctor.examine(now=now) if part.subject == subject]
    return [f"{diagnosis.level}: {diagnosis.text}" for diagnosis in part.found]


def mail(now: datetime, **fields: Any) -> Mail:
    values = {"kind": "reply", "created_at": now, "next_attempt_at": now, "text": "Hello."}
    return Mail.objects.create(**values | fields)


def test_settings_are_judged_as_check_does(now: datetime) -> None:
    assert "warning: Mail is kept in files and not sent." in told("Settings", now=now)


def test_a_database_that_does_not_answer_hides_nothing_else(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise DatabaseError("it is away")

    monkeypatch.setattr(services, "reach_database", away)
    assert told("Database", now=now) == ["error: The database does not answer: it is away"]
    assert told("Disk", now=now) == []


def test_an_examination_that_fails_says_so(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(now: datetime) -> None:
        raise RuntimeError("no answer")

    monkeypatch.setattr(doctor, "EXAMINATIONS", {"Mail": broken})
    assert told("Mail", now=now) == ["error: This can't be examined: RuntimeError: no answer"]


def test_a_worker_whose_clock_is_ahead_is_told(now: datetime) -> None:
    heartbeat.record(now=now + timedelta(seconds=9))
    assert told("Clock", now=now) == []
    heartbeat.record(now=now + timedelta(seconds=70))
    (text,) = told("Clock", now=now)
    assert text == "error: The clock of a worker is 70 seconds ahead of this machine’s."


def test_a_broker_that_is_away_is_told(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OSError("connection refused")

    monkeypatch.setattr(services, "reach_broker", away)
    (text,) = told("Broker", now=now)
    assert text.startswith("error: The broker does not answer (connection refused)")


def test_a_missing_classifier_is_told(now: datetime, no_classifier: None) -> None:
    (text,) = told("Classifier", now=now)
    assert text.startswith("error: There is no classifier (it is away)")


@pytest.mark.parametrize(("base", "lines"), [("fake-1", 0), ("fake-0", 1)])
def test_what_a_site_learned_on_an_older_classifier_is_told(
    base: str, lines: int, site: Site, now: datetime
) -> None:
    Learned.objects.create(
        site=site, number=1, state=LearningState.STANDING, base_version=base, layer={}, texts=9,
        learned_until=now, created_at=now,
    )  # fmt: skip
    assert len(told("Classifier", now=now)) == lines


def test_periodic_work_that_nobody_does_is_told(now: datetime) -> None:
    (text,) = told("Beat and workers", now=now)
    assert text.startswith("error: Periodic work was never done")
    heartbeat.record(now=now)
    assert told("Beat and workers", now=now) == []
    (text,) = told("Beat and workers", now=now + timedelta(hours=1))
    assert text == "error: Periodic work was last done 1\xa0hour ago."


def test_a_comment_that_no_worker_takes_is_told(now: datetime) -> None:
    comment = CommentFactory(created_at=now - programs.PATIENCE - timedelta(seconds=1))
    Screening.objects.create(comment=comment)
    (text,) = told("Queues of the workers", now=now)
    assert text.startswith("error: Comments have waited for 10\xa0minutes")
    Screening.objects.update(attempts=1)
    assert told("Queues of the workers", now=now) == []


def test_mail_that_the_server_does_not_take_is_told_with_its_answer(now: datetime) -> None:
    row = mail(now - timedelta(hours=2), last_error="535 Wrong password", attempts=2)
    (text,) = told("Mail", now=now)
    assert text == "error: A mail has not been taken for 2\xa0hours: 535 Wrong password"
    row.give_up("535 Wrong password")
    (text,) = told("Mail", now=now)
    assert text.startswith("warning: Mails of this week were given up")


def test_mail_that_bounced_is_nobodys_fault(now: datetime) -> None:
    mail(now, state=DeliveryState.DEAD, text="", last_error="550 5.1.1 Unknown")
    assert told("Mail", now=now) == []


def test_a_webhook_that_is_behind_is_told_without_its_path(
    webhook: Any, site: Site, now: datetime
) -> None:
    then = now - timedelta(hours=3)
    event = Event.objects.create(site=webhook.site, type="comment.approved", created_at=then)
    event.deliveries.create(webhook=webhook, next_attempt_at=now, last_error="500")
    (text,) = told("Webhooks", now=now)
    assert "127.0.0.1 is behind by 3\xa0hours." in text


def test_a_site_that_never_called_is_told(site: Site, now: datetime) -> None:
    (text,) = told("Sites", now=now)
    assert text.startswith("warning: ")
    assert "was never called from its pages" in text
    RefusedOrigin.objects.create(site=site, origin="https://other.example", last_at=now)
    (text,) = told("Sites", now=now)
    assert "was called from https://other.example, which is not among its origins" in text
    Site.objects.update(connected_at=now)
    assert told("Sites", now=now) == []


def test_the_demo_of_ours_is_no_site_that_never_called(now: datetime, settings: Any) -> None:
    SiteFactory(origins=[settings.PUBLIC_ORIGIN])
    assert told("Sites", now=now) == []


def test_many_sites_that_never_called_are_counted(now: datetime) -> None:
    SiteFactory.create_batch(12)
    assert told("Sites", now=now)[-1] == "warning: More sites that were never called: 2."


@pytest.mark.parametrize("role", [Role.OWNER, None])
def test_owners_and_superusers_with_a_password_alone_are_told(
    role: Role | None, now: datetime
) -> None:
    user = MembershipFactory(role=role).user if role else UserFactory(is_superuser=True)
    user.set_unusable_password()
    user.save()
    assert told("Second factors", now=now) == []
    user.set_password("a long password")
    user.save()
    (text,) = told("Second factors", now=now)
    assert user.email in text
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert len(told("Second factors", now=now)) == 1
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    assert told("Second factors", now=now) == []


# A backup is one transaction, which sees the same all the time.
@pytest.mark.django_db(transaction=True)
def test_a_backup_that_never_was_or_is_old_is_told(now: datetime, tmp_path: Path) -> None:
    assert told("Backups", now=now) == ["warning: No backup was made by “manage.py backup”."]
    call_command("backup", str(tmp_path / "b.gz"), stdout=StringIO())
    assert told("Backups", now=now) == []
    late = now + setup.LATE + timedelta(days=2)
    (text,) = told("Backups", now=late)
    assert text.startswith("warning: The last backup was made 1\xa0week")


def test_a_full_disk_is_told(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "BYTES_FREE", 10**18)
    monkeypatch.setattr(setup, "SHARE_FREE", 1.1)
    (text,) = told("Disk", now=now)
    assert text.startswith("error: Only ")


def test_what_was_installed_a_moment_ago_has_time_for_its_first_periodic_work(
    now: datetime,
) -> None:
    UserFactory(date_joined=now - timedelta(minutes=1))
    assert told("Beat and workers", now=now) == []
    assert told("Beat and workers", now=now + timedelta(minutes=5)) != []


def test_the_command_says_it_all_and_ends_with_1_where_something_fails() -> None:
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", stdout=out)
    assert ended.value.code == 1
    assert "✗ Beat and workers\n    Periodic work was never done." in out.getvalue()
    assert "✓ Disk" in out.getvalue()


def test_the_command_ends_well_with_warnings_alone(now: datetime) -> None:
    heartbeat.record(now=now)
    out = StringIO()
    call_command("doctor", "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert found["Beat and workers"] == {"level": "ok", "found": []}
    assert found["Backups"]["level"] == "warning"
