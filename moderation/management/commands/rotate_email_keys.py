"""`rotate_email_keys`: re-encrypt every stored email address with the first of EMAIL_KEYS."""

from collections.abc import Mapping
from typing import Any

from cryptography.fernet import InvalidToken
from django.db import transaction

from comments.accounts import two_factor
from comments.models import Author
from comments.privacy import email_addresses
from moderation.management.command import OperatorCommand
from moderation.models import Ban, Mail
from moderation.models.ban import BanTarget


class Command(OperatorCommand):
    help = "Encrypt and digest every stored address anew, under the first of EMAIL_KEYS."

    def run(self, **options: Any) -> Mapping[str, Any]:
        rotated = unreadable = 0
        for author in Author.objects.order_by("pk").iterator(chunk_size=500):
            try:
                email = email_addresses.decrypt(author.email_encrypted)
            except InvalidToken:
                unreadable += 1
                continue
            _rotate(author, email)
            rotated += 1
        _rotate_mails()
        two_factor.reencrypt()
        return {"rotated": rotated, "unreadable": unreadable}

    def describe(self, result: Mapping[str, Any]) -> str:
        lost = f" {result['unreadable']} could not be read." if result["unreadable"] else ""
        return f"{result['rotated']} addresses are under the newest key.{lost}"


@transaction.atomic
def _rotate(author: Author, email: str) -> None:
    digest = email_addresses.email_digest(email)
    Ban.objects.filter(
        site=author.site_id, target=BanTarget.EMAIL, value=author.email_digest
    ).update(value=digest)
    Author.objects.filter(pk=author.pk).update(
        email_encrypted=email_addresses.reencrypt(author.email_encrypted), email_digest=digest
    )


def _rotate_mails() -> None:
    """Re-encrypt the recipients of unsent mail, and of sent mail that is still stored."""
    for mail in Mail.objects.exclude(recipient="").order_by("pk").iterator(chunk_size=500):
        try:
            email = email_addresses.decrypt(mail.recipient)
        except InvalidToken:
            continue
        Mail.objects.filter(pk=mail.pk).update(
            recipient=email_addresses.reencrypt(mail.recipient),
            recipient_digest=email_addresses.email_digest(email),
        )
