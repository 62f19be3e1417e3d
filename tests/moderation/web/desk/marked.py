"""A language in which every translated string stands between marks, to see what is in none."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from unittest import mock

from django.utils.translation.trans_real import DjangoTranslation

BEGIN, END = "\u27e6", "\u27e7"
INNERMOST = re.compile(f"{BEGIN}[^{BEGIN}{END}]*{END}")
# What is read aloud or shown beside the text between the tags.
SPOKEN = {"aria-label", "aria-description", "alt", "placeholder", "title", "data-confirm"}
UNREAD = {"script", "style", "code", "pre", "kbd", "textarea", "svg", "samp"}
# Within one of these a translation begins and ends.
BLOCKS = {
    "p", "div", "li", "td", "th", "h1", "h2", "h3", "dt", "dd", "label", "option", "section",
    "form", "title", "caption", "ul", "table", "tr", "main", "button", "summary", "article",
    "header",
}  # fmt: skip
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


def marked(text: str) -> str:
    """Return a text between marks; nothing stays nothing."""
    return f"{BEGIN}{text}{END}" if text.strip() else text


@contextmanager
def marking() -> Iterator[set[str]]:
    """Mark what is translated; yield what was asked for, which fills while pages are made."""
    asked: set[str] = set()
    gettext, ngettext = DjangoTranslation.gettext, DjangoTranslation.ngettext

    def mark(self: DjangoTranslation, message: str) -> str:
        asked.add(message)
        return marked(gettext(self, message))

    def mark_number(self: DjangoTranslation, one: str, many: str, number: int) -> str:
        asked.add(one)
        return marked(ngettext(self, one, many, number))

    with (
        mock.patch.object(DjangoTranslation, "gettext", mark),
        mock.patch.object(DjangoTranslation, "ngettext", mark_number),
    ):
        yield asked


def without_marked(text: str) -> str:
    """Take out what stands between marks, marks within marks included."""
    while (less := INNERMOST.sub(" ", text)) != text:
        text = less
    return text


class Unmarked(HTMLParser):
    """Collects what a page shows, or has read aloud, outside of the marks."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._within: list[bool] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.texts += [without_marked(value) for name in SPOKEN if (value := given.get(name))]
        if tag == "input" and given.get("type") in ("submit", "button"):
            self.texts.append(without_marked(given.get("value") or ""))
        if tag in BLOCKS:
            self._depth = 0
        if tag not in VOID:
            icon = "material-symbols-outlined" in (given.get("class") or "")
            self._within.append(tag in UNREAD or icon or given.get("translate") == "no")

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self._within:
            self._within.pop()
        if tag in BLOCKS:
            self._depth = 0

    def handle_data(self, data: str) -> None:
        outside = ""
        for character in data:
            self._depth += (character == BEGIN) - (character == END)
            self._depth = max(self._depth, 0)
            if not self._depth and character != END:
                outside += character
        if not any(self._within) and outside.strip():
            self.texts.append(" ".join(outside.split()))


def unmarked(page: str) -> list[str]:
    """Return the texts of a page that no translation made."""
    reader = Unmarked()
    reader.feed(page)
    return reader.texts
