"""A text that the database keeps encrypted under EMAIL_KEYS, and Python sees in the clear."""

import json
from typing import Any

from cryptography.fernet import InvalidToken
from django.db import models

from comments.privacy import email_addresses


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """A text for storing alone: only "" can be looked up. Without its key it reads as ""."""

    def from_db_value(self, value: str | None, *args: Any) -> str | None:
        """Return the plaintext of a stored value."""
        return _plaintext(value)

    def get_prep_value(self, value: Any) -> Any:
        """Return a value as it is stored; "" stays empty."""
        text = super().get_prep_value(value)
        return email_addresses.encrypt(text) if text else text


class EncryptedJSONField(models.Field):  # type: ignore[type-arg]
    """A JSON value for storing alone. Without its key it reads as an empty object."""

    def get_internal_type(self) -> str:
        """Return the type of the column."""
        return "TextField"

    def from_db_value(self, value: str | None, *args: Any) -> Any:
        """Return the value."""
        return json.loads(_plaintext(value) or "{}")

    def get_prep_value(self, value: Any) -> Any:
        """Return a value as it is stored."""
        return email_addresses.encrypt(json.dumps(value))


def _plaintext(value: str | None) -> str | None:
    try:
        return email_addresses.decrypt(value) if value else value
    except InvalidToken:
        return ""
