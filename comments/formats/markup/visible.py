"""Compare what is seen: the words that a reader reads, and where links lead."""

from functools import lru_cache
from html.parser import HTMLParser

from markdown_it.common.normalize_url import normalizeLink

from comments.formats.items import MAX_BODY
from comments.formats.markup.tree import MarkupNode
from comments.text.foreign_html import BLOCKS
from comments.text.markdown import render
from comments.text.visible import contained

HIDDEN = {"script", "style", "template", "title"}


@lru_cache(maxsize=4)
def rendered(body: str) -> str:
    """Return the HTML of our Markdown; the last few are kept, since they are asked for again."""
    return render(body)


def words(html: str) -> list[str]:
    """Return the words of HTML as they are read; a block is apart from what is beside it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return _split("".join(reader.texts))


def links(html: str) -> set[str]:
    """Return where the links of HTML lead, in normal form."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return {normalizeLink(href) for href in reader.links}


def is_same(markdown: str, node: MarkupNode) -> bool:
    """Return whether Markdown shows the words of a tree, and leads where its links lead."""
    if len(markdown) > MAX_BODY:
        # Nobody will read it: comments are shorter.
        return True
    html = rendered(markdown)
    texts: list[str] = []
    hrefs: set[str] = set()
    _collect(node, texts, hrefs)
    return words(html) == _split("".join(texts)) and hrefs <= links(html)


def _collect(node: MarkupNode, texts: list[str], hrefs: set[str]) -> None:
    if not node.tag:
        texts.append(node.value)
    is_apart = node.tag in BLOCKS or node.tag == "br"
    texts += [" "] * is_apart
    length = len(texts)
    for child in node.children:
        _collect(child, texts, hrefs)
    # A link without words can't be seen.
    if node.tag == "a" and node.value and "".join(texts[length:]).strip():
        hrefs.add(normalizeLink(node.value))
    texts += [" "] * is_apart


def _split(text: str) -> list[str]:
    return contained(text).split()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.links: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.hidden += tag in HIDDEN
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if tag == "img":
            # A picture is shown by its name, or else by its address, and leads there.
            self.texts.append(given.get("alt") or given.get("src") or "")
            self.links.append(given.get("src") or "")
        if tag in BLOCKS or tag == "br":
            self.texts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in HIDDEN and self.hidden > 0
        if tag in BLOCKS:
            self.texts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.texts.append(data)
