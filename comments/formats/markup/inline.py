"""Write what stands in a line of HTML as Markdown: text, emphasis, links, code."""

import re
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import NamedTuple

from comments.formats.markup import escape
from comments.formats.markup.tree import CODE, EMPHASIS, STRONG, STRUCK, TAGS, MarkupNode
from comments.text.foreign_html import BLOCKS

INLINE = TAGS - BLOCKS
# What HTML shows as one space; others, such as U+00A0, are text.
_SPACE = re.compile(r"[ \t\n\r\f]+")
# What may follow an address that is written bare.
_BACKTICKS = re.compile("`++")
_AFTER_ADDRESS = re.compile(r"[.,;:!?)]{0,50}+(?:\s|$)")


class Style(Enum):
    """How much of the markup is written; each shows the same words."""

    RICH = auto()
    # Without emphasis, which can't be written within words or beside some punctuation.
    LINKS = auto()
    # And with all punctuation escaped, which nothing takes for markup.
    SAFE = auto()
    # Text alone.
    PLAIN = auto()


class Piece(NamedTuple):
    """A part of a line: escaped `text`, or markup; `mark` is that of an emphasis's ends."""

    text: str
    is_text: bool = False
    mark: str = ""


BREAK = Piece("\n")


def text_of(node: MarkupNode) -> str:
    """Return the text of a tree, with its spaces and line breaks."""
    own = "\n" if node.tag == "br" else node.value if not node.tag else ""
    return own + "".join(text_of(child) for child in node.children)


def paragraph(children: Sequence[MarkupNode], style: Style) -> str:
    """Return the Markdown of elements that stand in lines together."""
    pieces = _spaced(_pieces(children, style))
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece is BREAK:
            lines.append([])
        else:
            lines[-1].append(piece)
    return "\n".join(filter(None, map(_line, lines)))


def _line(pieces: Sequence[Piece]) -> str:
    text = "".join(piece.text for piece in pieces).strip()
    first = next((piece for piece in pieces if piece.text.strip()), None)
    return escape.escape_start(text) if first and first.is_text else text


def _pieces(children: Sequence[MarkupNode], style: Style) -> Iterator[Piece]:
    for child in children:
        if not child.tag:
            yield from _text(child.value, style)
        elif child.tag == "br":
            yield BREAK
        elif child.tag == "a" and child.value and style is not Style.PLAIN:
            yield from _link(child, style)
        elif child.tag in CODE and style is not Style.PLAIN:
            yield from _code(text_of(child))
        else:
            yield from _emphasised(child, _mark(child, style), style)


def _mark(node: MarkupNode, style: Style) -> str:
    if style is Style.RICH:
        for tags, mark in ((STRONG, "**"), (EMPHASIS, "*"), (STRUCK, "~~")):
            if node.tag in tags:
                return mark
    return ""


def _emphasised(node: MarkupNode, mark: str, style: Style) -> Iterator[Piece]:
    """Yield the pieces of an element between its marks, with its outer spaces outside of them."""
    inner = list(_pieces(node.children, style))
    marked = [at for at, piece in enumerate(inner) if piece.text.strip()]
    if not mark or not marked or BREAK in inner[marked[0] : marked[-1]]:
        yield from inner
        return
    first, last = marked[0], marked[-1]
    before = inner[first].text
    inner[first] = inner[first]._replace(text=before.lstrip())
    yield from inner[:first]
    yield Piece(" " if before[:1].isspace() else "", is_text=True)
    yield Piece(mark, mark=mark)
    after = inner[last].text
    inner[last] = inner[last]._replace(text=after.rstrip())
    yield from inner[first : last + 1]
    yield Piece(mark, mark=mark)
    yield Piece(" " if after[-1:].isspace() else "", is_text=True)
    yield from inner[last + 1 :]


def _text(text: str, style: Style) -> Iterator[Piece]:
    text = _SPACE.sub(" ", text)
    if style in (Style.SAFE, Style.PLAIN):
        yield Piece(escape.escape_all(text), is_text=True)
        return
    position = 0
    for part, is_address in escape.split_addresses(text):
        position += len(part)
        if not is_address:
            yield Piece(escape.escape(part), is_text=True)
        elif escape.is_bare(part) and _AFTER_ADDRESS.match(text, position):
            yield Piece(part)
        else:
            yield Piece(f"[{escape.escape(part)}]({escape.destination(part)})")


def _link(node: MarkupNode, style: Style) -> Iterator[Piece]:
    text = _SPACE.sub(" ", text_of(node)).strip()
    if not text:
        yield from _pieces(node.children, style)
    elif text == node.value and escape.is_bare(text) and style is Style.RICH:
        yield Piece(text)
    else:
        label = escape.escape_all(text) if style is Style.SAFE else escape.escape(text)
        spaces = text_of(node)
        yield Piece(" " if spaces[:1].isspace() else "", is_text=True)
        yield Piece(f"[{label}]({escape.destination(node.value)})")
        yield Piece(" " if spaces[-1:].isspace() else "", is_text=True)


def longest_fence(text: str) -> int:
    """Return the length of the longest run of backticks in a text."""
    return max(map(len, _BACKTICKS.findall(text)), default=0)


def _code(text: str) -> Iterator[Piece]:
    text = _SPACE.sub(" ", text).strip()
    if not text:
        return
    fence = "`" * (longest_fence(text) + 1)
    space = " " if "`" in (text[0], text[-1]) else ""
    yield Piece(f"{fence}{space}{text}{space}{fence}")


def _spaced(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Yield the pieces with one space where several come together."""
    ends_in_space = True
    for piece in pieces:
        if piece.is_text and ends_in_space:
            piece = piece._replace(text=piece.text.lstrip(" "))
        if piece.text:
            ends_in_space = piece.text[-1] in " \n"
            yield piece
