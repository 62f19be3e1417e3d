"""Highlight parts of a comment's rendered HTML, such as the words that raised a score."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from html import escape
from html.parser import HTMLParser
from typing import NamedTuple

import nh3

from comments.text.markdown import TAGS

# Rendering shortens a text, but a line break or a list may add so many characters.
SLACK = 8
_cleaner = nh3.Cleaner(
    tags=TAGS | {"mark"},
    attributes={"a": {"href", "title"}, "ol": {"start"}, "mark": {"class", "title"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener",
)


class Highlight(NamedTuple):
    """A span of a comment's source text (in characters of `body`), and its CSS class."""

    start: int
    end: int
    kind: str
    title: str = ""


def highlight(html: str, body: str, highlights: Sequence[Highlight]) -> str:
    """Return a comment's HTML with `<mark class=kind title=…>` around the given spans.

    `html` is what `markdown.render` made of `body`; the result is as safe. A span that is not
    visible, such as the URL behind a link, is left out.
    """
    parser = _HighlightingParser()
    parser.feed(html)
    parser.close()
    placed = _place("".join(parser.texts), body, sorted(highlights))
    return _cleaner.clean(parser.write(placed))


def _place(text: str, body: str, highlights: Sequence[Highlight]) -> list[Highlight]:
    """Return the highlights with positions in the rendered text instead of the source."""
    placed, cursor, source = [], 0, 0
    for mark in highlights:
        word = body[mark.start : mark.end]
        search_end = cursor + (mark.start - source) + SLACK + len(word)
        at = text.find(word, cursor, search_end) if word and mark.start >= source else -1
        if at >= 0:
            cursor, source = at + len(word), mark.end
            placed.append(Highlight(at, cursor, mark.kind, mark.title))
    return placed


class _HighlightingParser(HTMLParser):
    """Splits sanitised HTML into tags and texts, and joins it again with highlights."""

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

    def write(self, highlights: Sequence[Highlight]) -> str:
        """Return the HTML; a highlight across a tag is closed before and reopened after it."""
        output, offset = [], 0
        for is_text, piece in self.pieces:
            output.append(_write_text(piece, offset, highlights) if is_text else piece)
            offset += len(piece) if is_text else 0
        return "".join(output)


def _write_text(text: str, offset: int, highlights: Sequence[Highlight]) -> str:
    output, cursor = [], 0
    first = bisect_right(highlights, offset, key=lambda mark: mark.end)
    last = bisect_left(highlights, offset + len(text), key=lambda mark: mark.start)
    for mark in highlights[first:last]:
        start, end = max(mark.start - offset, cursor), min(mark.end - offset, len(text))
        if start < end:
            title = f' title="{escape(mark.title)}"' if mark.title else ""
            opening = f'<mark class="{escape(mark.kind)}"{title}>'
            output += [escape(text[cursor:start]), opening, escape(text[start:end]), "</mark>"]
            cursor = end
    return "".join([*output, escape(text[cursor:])])
