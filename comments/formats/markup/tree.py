"""Parse HTML of strangers into a small tree of the elements that matter in a comment."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser

import nh3

from comments.text.foreign_html import BLOCKS

STRONG, EMPHASIS, STRUCK = {"b", "strong"}, {"em", "i"}, {"del", "s", "strike"}
CODE = {"code", "kbd", "samp", "tt"}
# What is shown by its address, since comments have no pictures.
MEDIA = {"audio", "embed", "iframe", "img", "video"}
TAGS = BLOCKS | STRONG | EMPHASIS | STRUCK | CODE | MEDIA | {"a", "br"}
VOID = {"br", "embed", "hr", "img"}
PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")
_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href"}, "ol": {"start"}, **{tag: {"src", "alt"} for tag in MEDIA}},
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)


@dataclass
class MarkupNode:
    """An element, or a text where `tag` is ""; `value` is its text, or the address it leads to."""

    tag: str = ""
    value: str = ""
    children: list["MarkupNode"] = field(default_factory=list)

    @cached_property
    def is_block(self) -> bool:
        """Whether it begins a line of its own, or has something in it that does."""
        return self.tag in BLOCKS or any(child.is_block for child in self.children)


def parse(html: str, *, newlines: bool, link: Callable[[str], str]) -> MarkupNode:
    """Return the tree of HTML; see `from_html`."""
    builder = _Builder(newlines=newlines, link=link)
    builder.feed(_cleaner.clean(html.replace("\r\n", "\n")))
    builder.close()
    return builder.root


def plain(text: str) -> MarkupNode:
    """Return the tree of plain text, in which line breaks count."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    paragraphs = [MarkupNode("p", children=list(_lines(part))) for part in PARAGRAPHS.split(text)]
    return MarkupNode("div", children=paragraphs)


def _lines(text: str) -> Iterator[MarkupNode]:
    for number, line in enumerate(text.split("\n")):
        if number:
            yield MarkupNode("br")
        yield MarkupNode(value=line)


class _Builder(HTMLParser):
    """Builds the tree of what the sanitiser wrote, which is well-formed."""

    def __init__(self, *, newlines: bool, link: Callable[[str], str]) -> None:
        super().__init__(convert_charrefs=True)
        self.newlines, self.link = newlines, link
        self.root = MarkupNode("div")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: (value or "").strip() for name, value in attrs}
        if tag in MEDIA:
            self._add_media(given)
            if tag in VOID:
                return
        node = MarkupNode(tag, self.link(given.get("href", "")) or given.get("start", ""))
        if tag not in MEDIA:
            self.open[-1].children.append(node)
        # What stands within a frame or video is for browsers that can't show it.
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        in_pre = any(node.tag == "pre" for node in self.open)
        if not self.newlines or in_pre:
            self.open[-1].children.append(MarkupNode(value=data))
            return
        first, *others = PARAGRAPHS.split(data)
        self.open[-1].children += _lines(first)
        for part in others:
            # An empty paragraph ends the line before it.
            self.open[-1].children += [MarkupNode("p"), *_lines(part)]

    def _add_media(self, given: dict[str, str]) -> None:
        source, name = given.get("src", ""), given.get("alt", "")
        is_web = source.startswith(("http://", "https://", "//"))
        text = MarkupNode(value=name or (source if is_web else ""))
        self.open[-1].children.append(MarkupNode("a", source, [text]) if is_web else text)
