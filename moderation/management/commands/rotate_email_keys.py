"""`rotate_email_keys`: re-encrypt all that is encrypted at rest with the first of EMAIL_KEYS."""

from collections.abc import Mapping
from typing import Any

from cryptography.fernet import InvalidToken
from django.db import models, transaction

from comments.accounts import api_keys, two_factor
from comments.models import Author, IdempotencyKey, Picture, Site
from comments.privacy import email_addresses
from moderation.management.command import OperatorCommand
from moderation.models import AkismetCheck, Ban, ExternalModerator, Mail, Webhook
from moderation.models.ban import BanTarget

# The columns that hold nothing but a token of `email_addresses.encrypt`, or "".
ENCRYPTED: Mapping[type[models.Model], tuple[str, ...]] = {
    Site: ("sign_on_secret", "former_sign_on_secret", "coral_secret", "former_coral_secret"),
    Webhook: ("secret", "former_secret"),
    ExternalModerator: ("secret", "former_secret"),
    AkismetCheck: ("callback_key",),
    IdempotencyKey: ("answer",),
}


class Command(OperatorCommand):
    help = "Encrypt and digest every stored address and secret anew, under the first of EMAIL_KEYS."

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
        _rotate_pictures()
        for model, columns in ENCRYPTED.items():
            _rotate_columns(model, columns)
        two_factor.reencrypt()
        api_keys.rekey()
        return {"rotated": rotated, "unreadable": unreadable}

    def describe(self, result: Mapping[str, Any]) -> str:
        lost = f" {result['unreadable']} could not be read." if result["unreadable"] else ""
        return f"{result['rotated']} addresses, and all secrets, are under the newest key.{lost}"


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
    """Re-encrypt recipients and texts of unsent mail, and of sent mail that is still stored."""
    for mail in Mail.objects.exclude(recipient="").order_by("pk").iterator(chunk_size=500):
        try:
            email = email_addresses.decrypt(mail.recipient)
        except InvalidToken:
            continue
        Mail.objects.filter(pk=mail.pk).update(
            recipient=email_addresses.reencrypt(mail.recipient),
            recipient_digest=email_addresses.email_digest(email),
            text=mail.text,
            html=mail.html,
            headers=mail.headers,
        )


def _rotate_pictures() -> None:
    """Re-encrypt where readers' pictures come from; one that can't be read reads as ""."""
    for picture in Picture.objects.order_by("pk").iterator(chunk_size=500):
        if picture.url:
            Picture.objects.filter(pk=picture.pk).update(url=picture.url)


def _rotate_columns(model: type[models.Model], columns: tuple[str, ...]) -> None:
    """Re-encrypt columns row by row, each only while it holds what was read."""
    rows = model._base_manager.order_by("pk").values_list("pk", *columns)
    for pk, *tokens in rows.iterator(chunk_size=500):
        for column, token in zip(columns, tokens, strict=True):
            if token and (fresh := _reencrypted(token)):
                same = model._base_manager.filter(pk=pk, **{column: token})
                same.update(**{column: fresh})


def _reencrypted(token: str) -> str:
    """Return a token under the newest key; "" where no key opens it."""
    try:
        return email_addresses.reencrypt(token)
    except InvalidToken:
        return ""
