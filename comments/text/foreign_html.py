"""Bound the HTML that a parser is given.

HTML parsers take time that grows with the square of nesting, of items in a list and of attributes.
So foreign HTML is parsed where it has no more tags than a person writes, and is otherwise read as
its words, in one pass.
"""

import re
from html import unescape

MAX_TAGS, MAX_MARKUP = 1000, 131_072
# Elements that begin a line of their own. Table cells and definitions do, so far as words go.
BLOCKS = {
    *("address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt"),
    *("figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li"),
    *("main", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th"),
    *("thead", "tr", "ul"),
}
_TAG = re.compile(r"<[/!?]?(?P<name>\w{0,20})[^<>]*>")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def is_bounded(html: str) -> bool:
    """Tell whether HTML has so few tags and characters that any parser reads it in no time."""
    return html.count("<") <= MAX_TAGS and len(html) <= MAX_MARKUP


def words(html: str) -> str:
    """Return the text of HTML, a line for each block, in one pass over it."""
    return unescape(_TAG.sub(_line_break, _COMMENT.sub("", html)))


def _line_break(tag: re.Match[str]) -> str:
    return "\n" if tag["name"].lower() in BLOCKS | {"br"} else ""
