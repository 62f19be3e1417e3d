"""Write a tree of HTML as Markdown."""

from collections.abc import Iterator, Sequence

from comments.formats.markup import inline
from comments.formats.markup.inline import Style
from comments.formats.markup.tree import MarkupNode

__all__ = ["Style", "top_blocks", "write"]

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
TABLES = {"table", "tbody", "tfoot", "thead"}
# Levels of quotations and lists that are written; what stands deeper stands there.
MAX_DEPTH = 8
# Between table cells: as wide as an M, so that columns stay apart.
CELL = "\u2003"


def write(node: MarkupNode, style: Style) -> str:
    """Return the Markdown of a tree."""
    return "\n\n".join(_blocks([node], style, depth=0))


def top_blocks(root: MarkupNode) -> Iterator[MarkupNode]:
    """Yield the parts of a tree that can be written each for itself."""
    for part in _parts(root.children):
        if isinstance(part, list):
            yield MarkupNode("p", children=part)
        elif part.tag == "div":
            yield from top_blocks(part)
        else:
            yield part


def _parts(children: Sequence[MarkupNode]) -> Iterator[MarkupNode | list[MarkupNode]]:
    """Yield blocks, and between them lists of what stands in a line."""
    line: list[MarkupNode] = []
    for child in children:
        if not child.is_block:
            line.append(child)
            continue
        if line:
            yield line
        line = []
        if child.tag in inline.INLINE:
            yield from _parts(_pushed_down(child))
        else:
            yield child
    if line:
        yield line


def _pushed_down(node: MarkupNode) -> list[MarkupNode]:
    """Return the children of a line's element that has blocks in it, each with that element."""
    return [
        MarkupNode(child.tag, child.value, [MarkupNode(node.tag, node.value, child.children)])
        if child.is_block
        else MarkupNode(node.tag, node.value, [child])
        for child in node.children
    ]


def _blocks(children: Sequence[MarkupNode], style: Style, *, depth: int) -> list[str]:
    blocks: list[str] = []
    for part in _parts(children):
        if isinstance(part, list):
            blocks.append(inline.paragraph(part, style))
        else:
            blocks += _block(part, style, depth=depth)
    return [block for block in blocks if block]


def _block(node: MarkupNode, style: Style, *, depth: int) -> list[str]:
    is_plain = style is Style.PLAIN or depth >= MAX_DEPTH
    if node.tag == "pre" and not is_plain:
        return _fenced(node)
    if node.tag == "blockquote" and not is_plain:
        return _quoted(_blocks(node.children, style, depth=depth + 1))
    if node.tag in ("ul", "ol") and not is_plain:
        return _list(node, style, depth=depth)
    if node.tag in TABLES:
        return ["\n".join(_blocks(node.children, style, depth=depth))]
    if node.tag == "tr":
        return _row(node, style, depth=depth)
    if node.tag in HEADINGS and not is_plain:
        return _blocks([MarkupNode("b", children=node.children)], style, depth=depth)
    return _blocks(node.children, style, depth=depth)


def _fenced(node: MarkupNode) -> list[str]:
    text = inline.text_of(node).strip("\n")
    fence = "`" * max(3, inline.longest_fence(text) + 1)
    return [f"{fence}\n{text}\n{fence}"] if text.strip() else []


def _quoted(blocks: Sequence[str]) -> list[str]:
    lines = "\n\n".join(blocks).split("\n")
    return ["\n".join(f"> {line}".rstrip(" ") for line in lines)] if blocks else []


def _list(node: MarkupNode, style: Style, *, depth: int) -> list[str]:
    items: list[str] = []
    first = int(node.value) if node.value.isdecimal() and len(node.value) <= 6 else 1
    for part in _parts(node.children):
        child = MarkupNode("li", children=part) if isinstance(part, list) else part
        blocks = _blocks([*child.children], style, depth=depth + 2)
        if blocks:
            marker = f"{first + len(items)}. " if node.tag == "ol" else "- "
            items.append(_item(marker, blocks))
    separator = "\n\n" if any("\n\n" in item for item in items) else "\n"
    return [separator.join(items)] if items else []


def _item(marker: str, blocks: Sequence[str]) -> str:
    first, *others = "\n\n".join(blocks).split("\n")
    indent = " " * len(marker)
    return "\n".join([marker + first, *(f"{indent}{line}".rstrip(" ") for line in others)])


def _row(node: MarkupNode, style: Style, *, depth: int) -> list[str]:
    """Return a table row as a line, its cells apart."""
    cells = ["\n".join(_blocks([cell], style, depth=depth)) for cell in node.children]
    return [CELL.join(" ".join(cell.split("\n")) for cell in cells if cell)]
