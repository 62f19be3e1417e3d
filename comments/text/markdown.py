"""Render a subset of Markdown to HTML, and sanitise it whatever the renderer did."""

import re

import nh3
from markdown_it import MarkdownIt

TAGS = {"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "s", "strong", "ul"}
# Characters that change the direction of what follows them (Unicode UAX #9): harmless in prose,
# but able to turn the page around the comment.
DIRECTION_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")

_markdown = (
    MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True, "maxNesting": 12})
    .enable(["linkify", "strikethrough"])
    .disable(["heading", "lheading", "hr", "image", "html_block", "html_inline", "reference"])
)
_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener",
)


def render(body: str) -> str:
    """Return the HTML of a comment's Markdown: no images, headings or raw HTML; links are `ugc`."""
    return _cleaner.clean(_markdown.render(DIRECTION_OVERRIDES.sub("", body))).strip()
