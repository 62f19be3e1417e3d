"""Mail through a real server and real workers: none is lost, and nobody is flooded."""

import asyncio
import signal
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.services.conftest import Installation
from tests.services.processes import free_port, manage, wait_for

SENT = 40


class Mailbox:
    """Takes mail; `slow` seconds for each, or none at all while it is `closed`."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.connections = 0
        self.slow = 0.0
        self.closed = False

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.slow)
        if self.closed:
            return "451 4.3.0 not now"
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append(message)
        return "250 taken"

    def ids(self) -> Counter[str]:
        return Counter(str(mail["Message-ID"]) for mail in self.mails)


@pytest.fixture
def mailbox(installation: Installation) -> Iterator[Mailbox]:
    """A mail server, and an installation that sends there."""
    mailbox, port = Mailbox(), free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    installation.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
    yield mailbox
    controller.stop()


def write(installation: Installation, count: int = SENT) -> None:
    manage(installation.environment, "shell", "-c", WRITE.format(count=count))


def waiting(installation: Installation) -> int:
    query = "SELECT count(*) FROM moderation_mail WHERE state = 'waiting'"
    return int(installation.rows(query)[0][0])


def all_sent(installation: Installation) -> bool:
    return waiting(installation) == 0


def test_a_worker_sends_what_waits_over_one_connection(
    installation: Installation, mailbox: Mailbox
) -> None:
    write(installation)
    installation.start_worker()
    wait_for(lambda: all_sent(installation), seconds=60, what="the mails")
    assert len(mailbox.mails) == len(mailbox.ids()) == SENT
    assert mailbox.connections < SENT / 4
    mail = mailbox.mails[0]
    assert mail["From"] == "G <comments@127.0.0.1>"
    assert {part.get_content_type() for part in mail.iter_parts()} == {"text/plain", "text/html"}


def test_a_killed_worker_loses_no_mail_and_repeats_at_most_the_one_it_had_in_hand(
    installation: Installation, mailbox: Mailbox
) -> None:
    mailbox.slow = 0.1
    write(installation)
    worker = installation.start_worker()
    wait_for(lambda: len(mailbox.mails) > 5, seconds=60, what="some mails")
    worker.stop(signal.SIGKILL)
    assert waiting(installation) > 0
    # The lease of the mail in hand runs out.
    installation.change(
        "UPDATE moderation_mail SET claimed_until = now() - interval '1 second'"
        " WHERE claimed_until IS NOT NULL"
    )
    mailbox.slow = 0
    installation.start_worker()
    wait_for(lambda: all_sent(installation), seconds=60, what="another worker")
    assert len(mailbox.ids()) == SENT
    assert len(mailbox.mails) <= SENT + 1


def test_two_workers_send_each_mail_once(installation: Installation, mailbox: Mailbox) -> None:
    mailbox.slow = 0.02
    installation.start_worker()
    installation.start_worker()
    write(installation)
    wait_for(lambda: all_sent(installation), seconds=60, what="two workers")
    assert set(mailbox.ids().values()) == {1}


def test_a_server_that_was_closed_is_not_flooded_when_it_opens(
    installation: Installation, mailbox: Mailbox
) -> None:
    mailbox.closed = True
    write(installation, 5)
    installation.start_worker()
    wait_for(
        lambda: installation.rows("SELECT min(attempts) FROM moderation_mail")[0][0] == 1,
        seconds=60,
        what="the first attempts",
    )
    assert installation.rows("SELECT max(attempts) FROM moderation_mail") == [(1,)]
    mailbox.closed = False
    installation.change("UPDATE moderation_mail SET next_attempt_at = now()")
    wait_for(lambda: all_sent(installation), seconds=60, what="the second attempts")
    assert set(mailbox.ids().values()) == {1}


WRITE = """
from django.utils import timezone
from comments.models import Site
from moderation.notifications.mail import outbox
from moderation.models import MailKind
for n in range({count}):
    letter = outbox.OutgoingEmail(
        kind=MailKind.TEST, to=f"reader{{n}}@mail.example", language="en", site=Site.objects.get()
    )
    outbox.enqueue(letter, now=timezone.now())
"""
