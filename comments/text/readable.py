"""The text that a person reads: what the classifier and the checks are given, at every door.

Markup can hide a word from a filter (`cas**i**no`, `cas&#105;no`), and markup that is judged makes
calm comments look odd. So both are judged by what they look like. Only the addresses behind links
stay, since a reader can go there.
"""

import re
from html import escape, unescape
from html.parser import HTMLParser

import nh3

from comments.text import foreign_html
from comments.text.markdown import TAGS
from comments.text.visible import contained

_BREAKS = foreign_html.BLOCKS | {"br"}
_PIECE = re.compile(r"<[^<>]*>|[^<]+|<")
_BARE_LINK = re.compile(r"\bhttps?://[^\s<>\"']{1,2000}", re.IGNORECASE)
_IMAGE = "img"
# Elements, or a comment, in a text whose sender did not say whether it is HTML; or else a sign.
_NAMES = "|".join(
    sorted(
        TAGS
        | foreign_html.BLOCKS
        | {_IMAGE, "b", "big", "del", "font", "i", "ins", "kbd", "mark", "q", "small", "span"}
        | {"strike", "sub", "sup", "tt", "u", "wbr"}
    )
)
_ELEMENT = re.compile(
    rf"(?P<element></?(?:{_NAMES})(?:\s[^<>]{{0,2000}})?/?>|<!--[^<>]{{0,500}}-->)|<", re.IGNORECASE
)
_cleaner = nh3.Cleaner(
    tags=TAGS | foreign_html.BLOCKS | {_IMAGE},
    attributes={"a": {"href", "class"}, _IMAGE: {"alt"}},
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)


def cleaned(html: str) -> str:
    """Return foreign HTML with blocks, links and names of pictures alone, to be read, not shown.

    Bare links are links, as they are where WordPress shows them. Takes linear time: of what has
    more tags than a person writes the words stay.
    """
    if foreign_html.is_bounded(html):
        return _with_links(_cleaner.clean(html))
    return _with_links(escape(foreign_html.words(html)))


def _with_links(html: str) -> str:
    """Return clean HTML with its bare links as elements."""
    if "://" not in html:
        return html
    pieces, is_linked = [], False
    for piece in _PIECE.findall(html):
        if piece.startswith(("<a ", "</a")):
            is_linked = piece.startswith("<a ")
        elif not is_linked and not piece.startswith("<"):
            piece = _BARE_LINK.sub(r'<a href="\g<0>">\g<0></a>', piece)
        pieces.append(piece)
    return "".join(pieces)


def of_html(html: str) -> str:
    """Return the text of HTML that is clean, each link's address behind its words."""
    if "<" not in html:
        return contained(unescape(html)).strip()
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    return contained("".join(reader.pieces)).strip()


def of_text(text: str) -> str:
    """Return a text whose sender did not say whether it is plain.

    Its entities are decoded, and elements of HTML read as they look; other signs are text.
    """
    elements = _ELEMENT.finditer(text) if "<" in text else iter(())
    if any(found["element"] for found in elements):
        return of_html(cleaned(_ELEMENT.sub(_element, text)))
    return contained(unescape(text)) if "&" in text else contained(text)


def _element(found: re.Match[str]) -> str:
    return found["element"] or "&lt;"


class _TextReader(HTMLParser):
    """Collects texts, with a line break for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._address, self._since = "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _BREAKS:
            self.pieces.append("\n")
        elif tag == _IMAGE:
            self.pieces.append(given.get("alt") or "")
        elif tag == "a":
            # Of somebody who is mentioned, as Mastodon writes it, the name is enough.
            is_mention = "mention" in (given.get("class") or "").split()
            self._address = "" if is_mention else given.get("href") or ""
            self._since = len(self.pieces)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BREAKS:
            self.pieces.append("\n")
        elif tag == "a" and self._address:
            words = "".join(self.pieces[self._since :])
            # A bare link is its own address, but for a scheme that was added.
            if not self._address.endswith(words.strip()):
                self.pieces.append(f" {self._address}")
            self._address = ""

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)
