"""What a mail says is encrypted in the database, and read in the clear."""

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from moderation.models import Mail, MailKind
from moderation.notifications.mail import outbox

pytestmark = pytest.mark.django_db
LINK = "https://comments.example/sign-in/forgotten/1-secret/"


@pytest.fixture
def mail() -> Mail:
    email = outbox.OutgoingEmail(
        kind=MailKind.PASSWORD,
        to="ann@mail.example",
        language="en",
        context={"link": LINK, "minutes": 60},
        headers={"List-Unsubscribe": f"<{LINK}>"},
    )
    return Mail.objects.get(pk=outbox.enqueue(email, now=timezone.now()).pk)


def stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM moderation_mail")
        return str(cursor.fetchall())


def test_no_link_of_a_mail_lies_in_the_table(mail: Mail) -> None:
    assert LINK in mail.text
    assert LINK in mail.html
    assert mail.headers == {"List-Unsubscribe": f"<{LINK}>"}
    assert "secret" not in stored()


def test_what_is_empty_stays_empty_and_is_found_so(mail: Mail) -> None:
    assert not Mail.objects.filter(text="").exists()
    Mail.objects.update(text="", html="")
    assert Mail.objects.filter(text="", html="").exists()


def test_it_is_rotated_with_the_addresses(mail: Mail, settings) -> None:
    new = Fernet.generate_key().decode()
    settings.EMAIL_KEYS = [new, *settings.EMAIL_KEYS]
    call_command("rotate_email_keys")
    settings.EMAIL_KEYS = [new]
    rotated = Mail.objects.get()
    assert (rotated.text, rotated.headers) == (mail.text, mail.headers)


def test_without_its_key_it_is_empty(mail: Mail, settings) -> None:
    settings.EMAIL_KEYS = [Fernet.generate_key().decode()]
    lost = Mail.objects.get()
    assert (lost.text, lost.html, lost.headers) == ("", "", {})
