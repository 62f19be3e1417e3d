"""Render a subset of Markdown to HTML, and sanitise it whatever the renderer did."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import nh3
from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.linkify import linkify

from comments.text.visible import contained

TAGS = {"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "s", "strong", "ul"}
# Endings of domains that are those of files as well: `README.md/usage` is no page.
FILE_ENDINGS = frozenset(
    "ai as bz cc cs gz in la md mk ml mm pl pm pro ps py rb rs sc sh so st ts vi".split()  # noqa: SIM905
)
# How far a bare link is looked for, in characters, from where one may begin. Without a limit each
# "://" of a text has the rest of it searched, and all that came before.
LONGEST_LINK, LONGEST_SCHEME = 4096, 16
_SCHEME = re.compile(r"(?<![a-z0-9.+-])[a-z][a-z0-9.+-]*+$", re.IGNORECASE)


class NearbyLinks(LinkifyIt):
    """linkify-it, which looks for the end of a link in the characters that follow its scheme."""

    def match(self, text: str) -> list[Any] | None:
        """Return the links in a text that are meant as such; None without any."""
        return meant(super().match(text) or []) or None

    def test_schema_at(self, text: str, name: str, position: int) -> int:
        """Return the length of the link after a scheme that ends at `position`; 0 for none."""
        start = max(0, position - LONGEST_SCHEME)
        nearby = text[start : position + LONGEST_LINK]
        length: int = super().test_schema_at(nearby, name, position - start)
        return length


def meant(links: Sequence[Any]) -> list[Any]:
    """Keep the links with a scheme, with `www.`, or with a known host and a path on it.

    What remains are words with a dot, such as `README.md` and `great.It`.
    """
    return [link for link in links if link.schema not in ("", "//") or _is_meant(link.raw)]


def _is_meant(words: str) -> bool:
    host, slash, _path = words.removeprefix("//").partition("/")
    if host.lower().startswith("www."):
        return True
    ending = host.partition(":")[0].rpartition(".")[2]
    return bool(slash) and ending.islower() and ending not in FILE_ENDINGS


def _alternative(self: RendererHTML, tokens: Any, index: int, options: Any, env: Any) -> str:
    """Return the text that stands for an image; there are no images in comments."""
    return escapeHtml(self.renderInlineAsText(tokens[index].children, options, env))


def linkify_nearby(state: StateInline, silent: bool) -> bool:
    """Call markdown-it's rule for bare links where there is one: it reads all text before."""
    if not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME.search(state.pending[-LONGEST_SCHEME:])
    if scheme is None or state.md.linkify is None:
        return False
    start = state.pos - len(scheme.group())
    link = state.md.linkify.match_at_start(state.src[start : state.pos + LONGEST_LINK])
    return bool(link) and linkify(state, silent)


_markdown = (
    MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True, "maxNesting": 12})
    .enable(["linkify", "strikethrough"])
    .disable(["heading", "lheading", "hr", "html_block", "html_inline", "reference"])
)
_markdown.linkify = NearbyLinks()
_markdown.add_render_rule("image", _alternative)
_markdown.inline.ruler.at("linkify", linkify_nearby)
# Compiled when they are first asked for, which no two threads may do at once.
for _ruler in (
    _markdown.core.ruler,
    _markdown.block.ruler,
    _markdown.inline.ruler,
    _markdown.inline.ruler2,
):
    _ruler.getRules("")
_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener",
)


# What is validated is stored next; no more is kept in memory.
@lru_cache(maxsize=4)
def render(body: str) -> str:
    """Return the HTML of a comment's Markdown: no images, headings or raw HTML; links are `ugc`."""
    return sanitise(_markdown.render(body))


def sanitise(html: str) -> str:
    """Return HTML with nothing in it but what `render` may give, and nothing that leaves its place.

    That is looked for last: entities such as `&#x202e;` are characters by then.
    """
    return contained(_cleaner.clean(html)).strip()
