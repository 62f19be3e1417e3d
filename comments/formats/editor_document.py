"""Read the documents of ProseMirror, in which editors of other systems keep their texts, as HTML.

See <https://prosemirror.net/docs/guide/#doc>: a node has a type, its content, and a text marks.
"""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

# Names differ between editors by their case and underscores alone.
BLOCKS = {
    "paragraph": "p",
    "heading": "h2",
    "blockquote": "blockquote",
    "bulletlist": "ul",
    "orderedlist": "ol",
    "listitem": "li",
    "codeblock": "pre",
    "table": "table",
    "tablerow": "tr",
    "tablecell": "td",
    "tableheader": "th",
}
MARKS = {
    **dict.fromkeys(("bold", "strong"), "b"),
    **dict.fromkeys(("italic", "em"), "i"),
    **dict.fromkeys(("strike", "strikethrough", "s"), "del"),
    "code": "code",
}
# What a node without a text of its own is shown by.
SHOWN_BY = ("label", "name", "username", "alt", "text")
MAX_DEPTH = 50


def to_html(value: Any) -> str:
    """Return a document as HTML; "" for what is none. It may be JSON within a text."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return ""
    is_document = isinstance(value, dict) and _plain(value.get("type")) == "doc"
    return "".join(_html(value, 0)) if is_document else ""


def _html(node: Any, depth: int) -> Iterator[str]:
    if not isinstance(node, dict) or depth > MAX_DEPTH:
        return
    kind, content = _plain(node.get("type")), node.get("content")
    inner = [part for child in content or () for part in _html(child, depth + 1)] if isinstance(
        content, list | None
    ) else []  # fmt: skip
    attributes = _object(node.get("attrs"))
    if kind == "text":
        yield _marked(str(node.get("text") or ""), node.get("marks"))
    elif kind == "hardbreak":
        yield "<br>"
    elif kind in ("image", "video", "audio", "embed"):
        source = escape(str(attributes.get("src") or attributes.get("url") or ""))
        yield f'<img src="{source}" alt="{escape(str(attributes.get("alt") or ""))}">'
    elif tag := BLOCKS.get(kind):
        yield from (f"<{tag}>", *inner, f"</{tag}>")
    elif inner:
        yield from inner
    else:
        yield escape(next((str(attributes[n]) for n in SHOWN_BY if attributes.get(n)), ""))


def _marked(text: str, marks: Any) -> str:
    html = escape(text)
    for mark in marks if isinstance(marks, list) else ():
        kind = _plain(_object(mark).get("type"))
        if kind == "link":
            address = str(_object(_object(mark).get("attrs")).get("href") or "")
            html = f'<a href="{escape(address)}">{html}</a>'
        elif tag := MARKS.get(kind):
            html = f"<{tag}>{html}</{tag}>"
    return html


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _plain(name: Any) -> str:
    return str(name).lower().replace("_", "")
