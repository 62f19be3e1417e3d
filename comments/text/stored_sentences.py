"""Sentences that are stored in English, as the API gives them, and translated where they are shown.

What goes wrong in a worker is told later, to people of several languages: the row keeps one of the
sentences that a list names, with what it speaks of in it.
"""

import re
from collections.abc import Iterable

from django.utils.translation import gettext

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def translated(text: str, templates: Iterable[str]) -> str:
    """Return a stored text in the language of who reads it, where a template of it is known.

    What stands at the end of a sentence may be such a sentence itself.
    """
    for template in templates:
        if text and (values := _values(template, text)) is not None:
            return gettext(template) % {
                name: translated(value, templates) if template.endswith(f"%({name})s") else value
                for name, value in values.items()
            }
    return text


def _values(template: str, text: str) -> dict[str, str] | None:
    """Return what a text has where a template has `%(name)s`; None where it is another sentence."""
    first, *parts = PLACEHOLDER.split(template)
    if not text.startswith(first):
        return None
    values: dict[str, str] = {}
    position = len(first)
    for name, literal in zip(parts[::2], parts[1::2], strict=True):
        is_last = len(values) == len(parts) // 2 - 1
        end = len(text) - len(literal) if is_last else text.find(literal, position)
        if end < position or not text.startswith(literal, end):
            return None
        values[name], position = text[position:end], end + len(literal)
    return values if position == len(text) else None
