"""`{% trail as … %}`: the way to a page in the words of the sidebar, and the page's own name."""

from typing import Any, NamedTuple

from django import template
from django.utils.text import capfirst

from moderation.web.desk.base.navigation import Entry, entry_of

register = template.Library()


class Trail(NamedTuple):
    """The section, the entry above the page where there is one, and the name of the page."""

    section: str
    above: Entry | None
    name: str


@register.simple_tag(takes_context=True)
def trail(context: dict[str, Any]) -> Trail:
    """Return the way to the page that is being rendered."""
    entry, name = entry_of(context["request"].path), _name(context)
    if entry is None:
        return Trail("", None, name)
    is_own_page = "cl" in context or name.casefold() == entry.title.casefold()
    return Trail(
        entry.section, None if is_own_page else entry, entry.title if is_own_page else name
    )


def _name(context: dict[str, Any]) -> str:
    row = context.get("original")
    is_row = row is not None and not isinstance(row, str)
    # An address is no sentence: its first letter stays small.
    return str(row) if is_row else str(capfirst(str(context.get("title", ""))))
