"""The column that tells why something was not delivered."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from moderation.models import delivery_errors


class FailureColumn:
    """Adds `failure` to an admin of rows with a `last_error`."""

    @admin.display(ordering="last_error", description=_("last failure"))
    def failure(self, row: Any) -> str:
        """Return why the last attempt failed, in the language of who looks."""
        return delivery_errors.in_words(row.last_error)
