"""Turn the texts of other systems into our Markdown, so that they look as they looked there."""

from collections.abc import Callable

from markdown_it import MarkdownIt

from comments.formats.items import UNSTORABLE
from comments.formats.markup import tree, visible, writer
from comments.formats.markup.tree import MarkupNode
from comments.formats.markup.visible import links, rendered, words
from comments.formats.markup.writer import Style
from comments.text import foreign_html

# Markdown as other systems read it: with tables, and with HTML where they allow it. Bare links are
# links by their looks alone, and look the same as text.
_MARKDOWN = {
    allows_html: MarkdownIt("commonmark", {"breaks": True, "html": allows_html}).enable(
        ["table", "strikethrough"]
    )
    for allows_html in (True, False)
}


def from_html(
    html: str, *, newlines: bool = False, link: Callable[[str], str] = lambda href: href
) -> str:
    """Return HTML as Markdown that shows the same words and links.

    With `newlines` line breaks in it count, as in WordPress. `link` returns the address that an
    address of a link stands for. Takes linear time: what has more tags than a person writes becomes
    its words.
    """
    html = UNSTORABLE.sub("", html)
    if "<" not in html and "&" not in html:
        return from_text(html) if newlines else _written(tree.plain(" ".join(html.split())))
    if not foreign_html.is_bounded(html):
        return from_text(foreign_html.words(html))
    try:
        return _written(tree.parse(html, newlines=newlines, link=link))
    except RecursionError:
        # Nobody nests elements hundreds deep by hand: the words are what is worth keeping.
        return from_text(foreign_html.words(html))


def from_text(text: str) -> str:
    """Return plain text as Markdown that shows the same words, with its line breaks."""
    return _written(tree.plain(UNSTORABLE.sub("", text)))


def from_markdown(source: str, *, html: str = "", allows_html: bool = False) -> str:
    """Return Markdown of another system as ours.

    It stays as its author wrote it where it shows the same here. Otherwise it is what it looked
    like there: `html`, or else what the Markdown of the web makes of it. Takes linear time, by the
    same bound as `from_html`.
    """
    source = UNSTORABLE.sub("", source).strip()
    if foreign_html.is_bounded(html) and not words(html):
        html = _MARKDOWN[allows_html].render(source)
    if not foreign_html.is_bounded(html):
        return from_html(html)
    html_again = rendered(source)
    is_same = words(html_again) == words(html) and links(html) <= links(html_again)
    return source if is_same else from_html(html)


def _written(root: MarkupNode) -> str:
    """Return the Markdown of a tree, with as much of its markup as shows the same here."""
    markdown = writer.write(root, Style.RICH)
    if visible.is_same(markdown, root):
        return markdown
    blocks = (_written_block(block) for block in writer.top_blocks(root))
    return "\n\n".join(block for block in blocks if block)


def _written_block(block: MarkupNode) -> str:
    for style in (Style.RICH, Style.LINKS, Style.SAFE):
        markdown = writer.write(block, style)
        if visible.is_same(markdown, block):
            return markdown
    return writer.write(block, Style.PLAIN)
