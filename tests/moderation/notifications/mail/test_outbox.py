"""Email messages are enqueued in the transaction of their cause, and retried until sent."""

from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.mail.backends.base import BaseEmailBackend
from django.db import InterfaceError, OperationalError, transaction

from comments.models import Site
from comments.privacy import email_addresses
from moderation.management import tasks as maintenance
from moderation.models import DeliveryState, Mail, MailKind, Suppression, SuppressionReason
from moderation.notifications.mail import outbox as mail_outbox
from moderation.notifications.mail import smtp, tasks
from moderation.notifications.mail.outbox import OutgoingEmail
from tests.factories import NOW
from tests.moderation.management.test_commands import run

pytestmark = pytest.mark.django_db
EMAIL = "ann.reader@mail.example"


class Server(BaseEmailBackend):
    """A mail server that answers each message in turn: with an error, or by taking it."""

    def __init__(self, *answers: Exception | None) -> None:
        super().__init__()
        self.answers, self.taken = list(answers), []

    def send_messages(self, messages: Any) -> int:
        answer = self.answers.pop(0) if self.answers else None
        if answer:
            raise answer
        self.taken += messages
        return len(messages)


def write(site: Site | None = None, **changes: Any) -> Mail:
    letter = {"kind": MailKind.TEST, "to": EMAIL, "language": "en", "site": site, **changes}
    return mail_outbox.enqueue(OutgoingEmail(**letter), now=NOW)


def refused(code: int, text: bytes) -> SMTPRecipientsRefused:
    return SMTPRecipientsRefused({EMAIL: (code, text)})


def send(server: Server, *, now=NOW) -> None:
    while smtp.deliver(server, now=now):
        pass


def state() -> str:
    return Mail.objects.get().state


def test_a_mail_has_a_plain_and_an_html_part_and_the_sites_name(site: Site) -> None:
    write(site)
    server = Server()
    send(server)
    (sent,) = server.taken
    assert sent.to == [EMAIL]
    assert sent.from_email == f'"{site.name}" <comments@testserver>' or site.name in sent.from_email
    assert "Mail arrives" in sent.body
    assert "Mail arrives" in sent.alternatives[0].content
    assert (sent.subject, state()) == ("Mail works", DeliveryState.DELIVERED)


def test_an_address_is_kept_encrypted() -> None:
    write()
    assert EMAIL not in str(Mail.objects.values())
    assert email_addresses.decrypt(Mail.objects.get().recipient) == EMAIL


def test_nothing_is_sent_of_a_transaction_that_is_rolled_back() -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert not Mail.objects.exists()


def test_a_mail_is_sent_once() -> None:
    write()
    server = Server()
    send(server)
    send(server, now=NOW + timedelta(days=4))
    assert len(server.taken) == 1


def test_a_mail_waits_for_its_time() -> None:
    write(delay=timedelta(seconds=20))
    server = Server()
    send(server, now=NOW + timedelta(seconds=19))
    assert not server.taken
    send(server, now=NOW + timedelta(seconds=20))
    assert server.taken


def test_a_mail_that_fails_is_tried_again_under_the_same_message_id() -> None:
    write()
    server = Server(SMTPDataError(451, b"busy"))
    send(server)
    assert state() == DeliveryState.WAITING
    send(server)  # Its time has not come.
    assert not server.taken
    send(server, now=NOW + timedelta(minutes=1))
    assert server.taken[0].extra_headers["Message-ID"] == f"<{Mail.objects.get().pk}@testserver>"


def test_it_is_given_up_after_three_days() -> None:
    write()
    server = Server(*(SMTPServerDisconnected("gone") for _ in range(50)))
    for day in range(5):
        for hour in range(24):
            send(server, now=NOW + timedelta(days=day, hours=hour))
    assert state() == DeliveryState.DEAD
    assert Mail.objects.get().attempts == len(Mail.retry_policy.delays) + 1


def test_while_the_server_is_away_one_mail_at_a_time_is_tried() -> None:
    for _ in range(5):
        write()
    server = Server(*(SMTPServerDisconnected("gone") for _ in range(9)))
    send(server)
    assert len(server.answers) == 8
    assert sorted(Mail.objects.values_list("attempts", flat=True)) == [0, 0, 0, 0, 1]


def test_one_refused_mail_does_not_hold_up_the_others() -> None:
    write()
    write()
    server = Server(SMTPDataError(554, b"not this one"))
    send(server)
    assert len(server.taken) == 1


def test_what_a_dead_worker_had_in_hand_is_sent_by_another_one() -> None:
    write()
    Mail.objects.claim(now=NOW)
    server = Server()
    send(server, now=NOW + timedelta(seconds=1))
    assert not server.taken
    send(server, now=NOW + Mail.retry_policy.lease + timedelta(seconds=1))
    assert server.taken


@pytest.mark.parametrize(
    ("code", "text", "suppressed"),
    [(550, b"5.1.1 no such user", True), (554, b"5.7.1 we do not like you", False)],
)
def test_a_refusal_for_good_is_final(code: int, text: bytes, suppressed: bool) -> None:
    write()
    send(Server(refused(code, text)))
    assert state() == DeliveryState.DEAD
    assert Suppression.objects.exists() is suppressed


def test_a_refusal_for_now_is_not() -> None:
    write()
    send(Server(refused(450, b"4.2.1 greylisted")))
    assert state() == DeliveryState.WAITING


def test_what_a_server_said_is_kept_without_the_address() -> None:
    write()
    send(Server(refused(554, f"<{EMAIL}> is nobody".encode())))
    assert Mail.objects.get().last_error == "554 <[address]> is nobody"


def test_a_suppressed_address_gets_nothing() -> None:
    write()
    mail_outbox.suppress(EMAIL.upper(), SuppressionReason.COMPLAINT, now=NOW)
    assert state() == DeliveryState.DEAD
    write()
    server = Server()
    send(server)
    assert not server.taken


def test_a_subject_stays_one_line(site: Site) -> None:
    write(site, context={"public_url": "x\r\nBcc: everybody@mail.example"})
    server = Server()
    send(server)
    assert "\n" not in server.taken[0].subject


def test_a_name_of_a_site_with_a_line_break_sends_nothing_to_others(site: Site) -> None:
    site.name = "Gazette\nBcc: all@mail.example"
    site.save()
    write(site)
    send(Server())
    smtp.deliver(Server(), now=NOW)
    assert "Bcc" not in str(smtp.message(Mail.objects.get()).recipients())


def test_the_texts_and_recipients_of_old_messages_are_purged() -> None:
    write()
    send(Server())
    Mail.objects.update(created_at=NOW - timedelta(days=8))
    write()
    maintenance.purge()
    fresh, old = Mail.objects.order_by("-created_at")
    assert (old.text, old.html, old.recipient) == ("", "", "")
    assert fresh.text


def test_a_worker_sends_what_is_due() -> None:
    write()
    tasks.send_mails()
    assert len(outbox.outbox) == 1


def test_an_operator_tries_whether_mail_works() -> None:
    assert "Mail works" in run("send_test_mail", EMAIL)
    assert outbox.outbox[0].to == [EMAIL]


def test_a_mail_that_was_taken_while_the_database_went_away_is_not_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write()
    server, record, tries = Server(), Mail.succeed, iter([OperationalError, InterfaceError])

    def succeed(mail: Mail, **changes: Any) -> bool:
        if error := next(tries, None):
            raise error("the server closed the connection unexpectedly")
        return record(mail, **changes)

    monkeypatch.setattr(Mail, "succeed", succeed)
    monkeypatch.setattr(smtp, "PATIENCE", (0.0, 0.0, 0.0))
    monkeypatch.setattr(smtp.database, "close", lambda: None)
    send(server)
    send(server, now=NOW + timedelta(days=1))
    assert len(server.taken) == 1
    assert state() == DeliveryState.DELIVERED
