"""Marking words in the HTML of a comment, for those who must know why a machine stumbled."""

from collections.abc import Sequence
from html import escape
from html.parser import HTMLParser
from typing import NamedTuple

import nh3

from comments.text.markdown import TAGS

# Rendering shortens a text, and a line break or a list may add so many characters again.
SLACK = 8
_cleaner = nh3.Cleaner(
    tags=TAGS | {"mark"},
    attributes={"a": {"href", "title"}, "ol": {"start"}, "mark": {"class", "title"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener",
)


class Highlight(NamedTuple):
    """A piece of a comment's text (in characters of `body`), and how it is to be marked."""

    start: int
    end: int
    kind: str
    title: str = ""


def marked(html: str, body: str, marks: Sequence[Highlight]) -> str:
    """Return the HTML of a comment with pieces of its text in `<mark class=kind title=…>`.

    A piece that is not to be seen, such as the address behind a link, is left out. `html` is what
    `rendering.render` made of `body`; the result is as safe.
    """
    reader = _Texts()
    reader.feed(html)
    reader.close()
    found = _find("".join(reader.texts), body, sorted(marks))
    return _cleaner.clean(reader.write(found))


def _find(text: str, body: str, marks: Sequence[Highlight]) -> list[Highlight]:
    """Return the marks in places of the rendered text instead of the source's."""
    placed, cursor, source = [], 0, 0
    for mark in marks:
        word = body[mark.start : mark.end]
        reach = cursor + (mark.start - source) + SLACK + len(word)
        at = text.find(word, cursor, reach) if word and mark.start >= source else -1
        if at >= 0:
            cursor, source = at + len(word), mark.end
            placed.append(Highlight(at, cursor, mark.kind, mark.title))
    return placed


class _Texts(HTMLParser):
    """Takes sanitised HTML apart into tags and texts, and puts it together with marks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[tuple[bool, str]] = []

    @property
    def texts(self) -> list[str]:
        return [piece for is_text, piece in self.pieces if is_text]

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.pieces.append((False, self.get_starttag_text() or ""))

    def handle_endtag(self, tag: str) -> None:
        self.pieces.append((False, f"</{tag}>"))

    def handle_data(self, data: str) -> None:
        self.pieces.append((True, data))

    def write(self, marks: Sequence[Highlight]) -> str:
        """Return the HTML; a mark that reaches over a tag is closed before it and opened again."""
        written, offset = [], 0
        for is_text, piece in self.pieces:
            written.append(_write_text(piece, offset, marks) if is_text else piece)
            offset += len(piece) if is_text else 0
        return "".join(written)


def _write_text(text: str, offset: int, marks: Sequence[Highlight]) -> str:
    written, cursor = [], 0
    for mark in marks:
        start, end = max(mark.start - offset, cursor), min(mark.end - offset, len(text))
        if start < end:
            told = f' title="{escape(mark.title)}"' if mark.title else ""
            opening = f'<mark class="{escape(mark.kind)}"{told}>'
            written += [escape(text[cursor:start]), opening, escape(text[start:end]), "</mark>"]
            cursor = end
    return "".join([*written, escape(text[cursor:])])
