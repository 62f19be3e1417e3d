"""What was seen elsewhere is what is seen here: the same words, and links to the same places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.formats import markup
from comments.formats.markup.visible import links, words
from comments.text.markdown import render
from comments.text.visible import contained

MARKS = ("*", "_", "`", "~~", "~~~", "\\", "[", "](", ")", "<", ">", "&", "&amp;", "#", "- ", "1. ")
PIECES = (*MARKS, "1986.", "+ ", "= ", "---", "|", "!", "://", "http://x.example/a_b_", "www.x.y",
          "ann@mail.example", "\n", "\n\n", "    ", "\t", "a", "ב", "\u2003", "%C3%A9")  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=40)
words_only = st.text(alphabet="abc *_`~[]()<>&#.-1\\\n", max_size=12)
TAGS = ("p", "div", "b", "em", "del", "a", "ul", "ol", "li", "blockquote", "h2", "table", "code",
        "pre", "dl", "dd", "span", "spoiler")  # fmt: skip


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def element(tag: str, inner: list[str]) -> str:
    inside = "".join(inner)
    if tag == "table":
        return f"<table><tr>{''.join(f'<td>{part}</td>' for part in inner)}</tr></table>"
    if tag in ("ul", "ol"):
        return f"<{tag}>{''.join(f'<li>{part}</li>' for part in inner)}</{tag}>"
    if tag == "a":
        # A link within a link ends the first one.
        return f'<a href="https://x.example/{len(inside)}_(a)">{inside}</a>'
    return f"<{tag}>{inside}</{tag}>"


htmls = st.recursive(
    words_only.map(escaped) | st.just("<br>"),
    lambda inner: st.builds(element, st.sampled_from(TAGS), st.lists(inner, max_size=4)),
    max_leaves=12,
)


def seen(markdown: str) -> list[str]:
    return words(render(markdown))


@given(texts)
def test_plain_text_shows_its_own_words(text: str) -> None:
    assert seen(markup.from_text(text)) == contained(text.replace("\0", "")).split()


@given(htmls)
def test_html_shows_the_words_that_it_showed(html: str) -> None:
    assert seen(markup.from_html(html)) == words(html)


@given(texts, st.booleans())
def test_markdown_shows_the_words_that_its_html_showed(source: str, allows_html: bool) -> None:
    assert seen(markup.from_markdown(source, html=f"<p>{escaped(source)}</p>")) == seen(
        markup.from_text(source)
    )
    seen(markup.from_markdown(source, allows_html=allows_html))


@pytest.mark.parametrize(
    "text",
    [
        "~~~name~~~ thanks", "__init__.py", "1986. A great year", r"C:\new\*files", ">>> import",
        "2 * 3 * 4", "# 1", "- a\n- b", "a < b && c > d", "http://x.example/foo_bar_", "&nbsp;",
        "a\\\nb", "    indented", "http://x.example/a*", "***", "[x](y)", "`a`", "<b>",
    ],
)  # fmt: skip
def test_what_looks_like_markdown_is_as_written(text: str) -> None:
    assert seen(markup.from_text(text)) == text.split()
    assert seen(markup.from_html(escaped(text))) == text.split()


@pytest.mark.parametrize("text", ["Hello, Ann.", "It's 5 * 3 (or snake_case) - ok?", "a < b & c"])
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    assert markup.from_text(text) == text


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<div>first</div><div>second</div>", "first\n\nsecond"),
        ("<h2>Title</h2>Text", "**Title**\n\nText"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a\u2003b\nc"),
        ("<dl><dt>Bee</dt><dd>An insect</dd></dl>", "Bee\n\nAn insect"),
        ("<spoiler>He dies</spoiler>", "He dies"),
        ("a<br>b", "a\nb"),
        ("<p>a <b>b </b>c</p>", "a **b** c"),
        ("<i>a</i> <s>b</s> <code>c`d</code>", "*a* ~~b~~ ``c`d``"),
        ("<blockquote><p>a</p><p>b</p></blockquote>c", "> a\n>\n> b\n\nc"),
        ("<ul><li>a<li>b</ul>", "- a\n- b"),
        ('<ol start="3"><li>a<li>b</ol>', "3. a\n4. b"),
        ("<pre>a\n  b</pre>", "```\na\n  b\n```"),
        ('<img src="https://x.example/a.png">', "https://x.example/a.png"),
        ('<img src="https://x.example/a.png" alt="A bee">', "[A bee](https://x.example/a.png)"),
        ('<iframe src="https://x.example/v"></iframe>', "https://x.example/v"),
        ('<img src="data:x" alt="A bee">', "A bee"),
        ("<script>a</script><style>b</style>c", "c"),
        ('<a href="javascript:x">a</a>', "a"),
        ("Tom &amp; Jerry&nbsp;&#39;s", "Tom & Jerry\xa0's"),
    ],
)
def test_markup_that_comments_know_is_kept(html: str, markdown: str) -> None:
    assert markup.from_html(html) == markdown


@pytest.mark.parametrize(
    "href",
    [
        "http://x.example/a_(b)", "http://x.example/foo_bar_", "http://x.example/?a=1&copy=2",
        "http://x.example/a b", "http://x.example/*a*", "mailto:ann@mail.example",
        "http://x.example/\\", "http://x.example/[a]", "https://ja.example/蜂",
    ],
)  # fmt: skip
@pytest.mark.parametrize("text", ["x", "[x]", "http://x.example/foo_bar_", None])
def test_links_lead_where_they_led(href: str, text: str | None) -> None:
    html = f'<p>a <a href="{escaped(href)}">{text or escaped(href)}</a> b</p>'
    shown = render(markup.from_html(html))
    assert links(shown) == links(html)
    assert words(shown) == words(html)


def test_emphasis_that_markdown_can_not_write_is_left_out_and_its_words_stay() -> None:
    assert markup.from_html("a<b>(b)</b>c <a href='https://x.example/'>d</a>") == (
        "a(b)c [d](https://x.example/)"
    )


def test_line_breaks_of_wordpress_count() -> None:
    assert markup.from_html("a\nb\n\n<em>c</em>", newlines=True) == "a\nb\n\n*c*"


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        ("**ok** [x](https://x.example/a_b)", "**ok** [x](https://x.example/a_b)"),
        ("# Title\n\nText", "**Title**\n\nText"),
        ("![A bee](https://x.example/a.png)", "[A bee](https://x.example/a.png)"),
        ("a | b\n-|-\n1 | 2", "a\u2003b\n1\u20032"),
    ],
)
def test_markdown_stays_as_it_is_where_it_shows_the_same(source: str, markdown: str) -> None:
    assert markup.from_markdown(source) == markdown


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        ("<p>I like __init__.py</p><br>", "I like \\_\\_init\\_\\_.py"),
        ("See <b>this</b> and *that*", "See **this** and *that*"),
        ("`<b>` is a tag", "`<b>` is a tag"),
        ("a < b", "a < b"),
    ],
)
def test_html_in_markdown_is_told_apart_from_text(source: str, markdown: str) -> None:
    assert markup.from_markdown(source, allows_html=True) == markdown
