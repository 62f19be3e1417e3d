"""`send_test_mail ADDRESS`: send a mail and print whether the mail server accepted it."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from moderation.management.command import CommandError, OperatorCommand
from moderation.models import DeliveryState, MailKind
from moderation.notifications.mail import outbox, smtp


class Command(OperatorCommand):
    help = "Send a mail to an address, the way every mail goes, and tell what came of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("address", help="to whom")

    def run(self, **options: Any) -> Mapping[str, Any]:
        try:
            validate_email(options["address"])
        except ValidationError:
            raise CommandError("This is no email address.") from None
        now = timezone.now()
        email = outbox.OutgoingEmail(
            kind=MailKind.TEST, to=options["address"], language=settings.LANGUAGE_CODE
        )
        mail = outbox.enqueue(email, now=now)
        with smtp.connected() as connection:
            smtp.deliver(connection, now=now, pk=mail.pk)
        mail.refresh_from_db()
        if mail.state != DeliveryState.DELIVERED:
            raise CommandError(f"It was not sent: {mail.last_error} EMAIL_URL says how to send.")
        return {"backend": settings.EMAIL_BACKEND}

    def describe(self, result: Mapping[str, Any]) -> str:
        if "smtp" in result["backend"]:
            return "The mail server took it. Look into the mailbox."
        where = getattr(settings, "EMAIL_FILE_PATH", "") or "the terminal"
        return f"Mail works, and goes to {where}: set EMAIL_URL to have it sent."
