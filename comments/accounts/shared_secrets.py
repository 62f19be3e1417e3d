"""The secrets that a site shares with us, encrypted at rest: for single sign-on, and Coral's.

When one is replaced, the former one stays valid until it is dropped, so that the site's own server
can be given the new one without a gap.
"""

from collections.abc import Mapping
from enum import StrEnum

from cryptography.fernet import InvalidToken
from django.db import transaction

from comments.models import Site
from comments.privacy import email_addresses


class SecretUse(StrEnum):
    """What a secret is for; its columns are `<use>_secret` and `former_<use>_secret`."""

    SIGN_ON = "sign_on"
    CORAL = "coral"

    @property
    def column(self) -> str:
        """The column of the secret in use."""
        return f"{self}_secret"

    @property
    def former_column(self) -> str:
        """The column of the one before it, until it is dropped."""
        return f"former_{self}_secret"


def is_set(site: Site, use: SecretUse) -> bool:
    """Tell whether a site shares a secret."""
    return bool(getattr(site, use.column))


def has_former(site: Site, use: SecretUse) -> bool:
    """Tell whether a former secret is valid, too."""
    return bool(getattr(site, use.former_column))


def valid(site: Site, use: SecretUse) -> list[str]:
    """Return the valid secrets, the newest first, without those that no EMAIL_KEY decrypts."""
    readable = []
    for token in (getattr(site, use.column), getattr(site, use.former_column)):
        try:
            readable += [email_addresses.decrypt(token)] if token else []
        except InvalidToken:
            continue
    return readable


@transaction.atomic
def replace(site: Site, use: SecretUse, secret: str) -> None:
    """Set a site's secret; the one until now stays valid, and the one before that does not."""
    stored = getattr(Site.objects.select_for_update().get(pk=site.pk), use.column)
    _save(site, {use.column: email_addresses.encrypt(secret), use.former_column: stored})


def drop_former(site: Site, use: SecretUse) -> None:
    """End the former secret."""
    _save(site, {use.former_column: ""})


def remove(site: Site, use: SecretUse) -> None:
    """End both secrets."""
    _save(site, {use.column: "", use.former_column: ""})


def _save(site: Site, columns: Mapping[str, str]) -> None:
    for column, value in columns.items():
        setattr(site, column, value)
    site.save(update_fields=list(columns))
