"""Model fields of what is published: names, websites, titles and texts.

Names and websites hold no email address: the doors refuse such names or replace them
(`comments.privacy.names`). None holds what turns or hides the text around it
(`comments.text.visible`). These fields are the last net: whatever a door forgets is neither stored
nor shown.
"""

from typing import Any

from django.db import models

from comments.privacy import names
from comments.text import visible


class _PublicText(models.Field):  # type: ignore[type-arg]
    """A text that `publish` passes whenever it is stored or read."""

    def publish(self, value: str) -> str:
        """Return the text as it may be published."""
        raise NotImplementedError

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Return the value to store, and leave it on the instance."""
        value = self._published(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Return the value to store, for updates in bulk, too."""
        return super().get_db_prep_save(self._published(value), connection)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the value to show, of rows that were stored otherwise, too."""
        return self._published(value)

    def _published(self, value: Any) -> Any:
        # Expressions of the database are no text yet.
        return self.publish(value) if isinstance(value, str) else value


class PublicNameField(_PublicText, models.CharField):  # type: ignore[type-arg]
    """A name as it may be published; one with an email address is stored and read as ""."""

    def publish(self, value: str) -> str:
        """Return the name in one line, or "" for one that shows an email address, or nothing."""
        name = visible.one_line(names.public_name(value))
        return names.public_name(name) if visible.is_visible(name) else ""


class PublicUrlField(_PublicText, models.URLField):  # type: ignore[type-arg]
    """A website as it may be published; one with an email address is stored and read as ""."""

    def publish(self, value: str) -> str:
        """Return the website, or "" for one that shows an email address."""
        return names.public_url(value)


class PublicTitleField(_PublicText, models.CharField):  # type: ignore[type-arg]
    """A title in one line, without what can't be seen or turns the text around it."""

    def publish(self, value: str) -> str:
        """Return the title as it is shown."""
        return visible.one_line(value)


class PublicBodyField(_PublicText, models.TextField):  # type: ignore[type-arg]
    """The text of a comment, without what turns or covers the text around it."""

    def publish(self, value: str) -> str:
        """Return the text as it is shown, in mails and tools as well."""
        return visible.contained(value)
