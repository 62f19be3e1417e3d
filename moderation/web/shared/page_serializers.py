"""Serializers of the page that a comment is on, as a reader's browser names it."""

from typing import Any

from django.core.validators import MaxLengthValidator, URLValidator
from django.utils.translation import gettext as _
from rest_framework import serializers

from comments.models.page_identity import kept_length, usable_url
from comments.models.thread import LONGEST_NAME, LONGEST_TITLE
from comments.text import visible


class KeptLengthValidator(MaxLengthValidator):
    """Bounds a page's address as it is kept: escaped, it may be longer than as it was typed."""

    def clean(self, x: Any) -> Any:
        """Return the length that is compared with the limit."""
        return kept_length(x)


class PageUrlField(serializers.CharField):
    """A page's address as a browser tells it: "" for one that can't be kept."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Return the address, shortened where it is too long."""
        return usable_url(data, longest=LONGEST_NAME) if isinstance(data, str) else ""


class PageTitleField(serializers.CharField):
    """A page's title as a browser tells it, cut to what can be kept."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Return the title in one line."""
        return visible.one_line(data)[:LONGEST_TITLE] if isinstance(data, str) else ""


# Of a page's address as the site's own server tells it, which can be told that it is unusable.
ADDRESS_VALIDATORS = (URLValidator(schemes=["http", "https"]), KeptLengthValidator(LONGEST_NAME))


class ThreadReferenceSerializer(serializers.Serializer[Any]):
    """A page, by its address or by the site's own key for it.

    What a reader's browser says of the page is never refused for its form, since the reader can't
    change it: it is cut, or left out. One of the two names has to be left.
    """

    url = PageUrlField(
        required=False,
        help_text="The page's address; with a key, one that is no http(s) address is left out.",
    )
    key = serializers.CharField(
        max_length=LONGEST_NAME,
        required=False,
        allow_blank=True,
        help_text="The site's own name for the page.",
    )
    title = PageTitleField(required=False, help_text=f"Cut to {LONGEST_TITLE} characters.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require one of the two names."""
        if not attrs.get("url") and not attrs.get("key"):
            detail = _("This page has no address of its own: its owner has to give it a key.")
            raise serializers.ValidationError(detail, "page-unusable")
        return {name: value for name, value in attrs.items() if value}
