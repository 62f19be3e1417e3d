"""The text that a person reads, which is what the classifier and the checks are given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.text import foreign_html, readable
from comments.text.markdown import render

WORDS = st.text("abcdefgh ijkäß", min_size=1).map(str.strip).filter(bool)


@pytest.mark.parametrize(
    "body",
    ["cas**i**no", "_casino_", "cas&#105;no", "`casino`", "> casino", "- casino", "~~casino~~"],
)
def test_markdown_hides_no_word(body: str) -> None:
    assert readable.of_html(render(body)) == "casino"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("y&#111;u <b>f</b>ool", "you fool"),
        ("<script>alert(1)</script>hello", "hello"),
        ("a &lt; b &amp; c", "a < b & c"),
        ("a < b && c > d", "a < b && c > d"),
        ("left\u202eright", "leftright"),
        ("&#x202e;", ""),
    ],
)
def test_html_is_read_as_it_looks(html: str, text: str) -> None:
    assert readable.of_html(readable.cleaned(html)) == text


@pytest.mark.parametrize(
    "html",
    [
        "<div>one</div><div>two</div>",
        "<h2>one</h2>two",
        "one<br>two",
        "<ul><li>one<li>two</ul>",
        "<table><tr><td>one<td>two</table>",
        "<dl><dt>one<dd>two</dl>",
    ],
)
def test_blocks_do_not_run_together(html: str) -> None:
    assert readable.of_html(readable.cleaned(html)).split() == ["one", "two"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('see <a href="https://a.example/b">this</a>.', "see this https://a.example/b."),
        ('<a href="https://a.example">https://a.example</a>', "https://a.example"),
        ('<a href="http://www.a.example">www.a.example</a>', "www.a.example"),
        ('<a href="https://b.example/@ann" class="u-url mention">@<span>ann</span></a>', "@ann"),
        ('<a href="javascript:alert(1)">this</a>', "this"),
    ],
)
def test_addresses_behind_links_stay(html: str, text: str) -> None:
    assert readable.of_html(readable.cleaned(html)) == text


def test_bare_links_are_links_once() -> None:
    html = 'http://a.example/?b&amp;c <a href="http://d.example">http://d.example</a>'
    assert readable.cleaned(html).count("<a href") == 2
    assert readable.of_html(readable.cleaned(html)) == "http://a.example/?b&c http://d.example"


@given(words=st.lists(WORDS, max_size=5))
def test_no_word_is_lost(words: list[str]) -> None:
    html = "".join(f"<p><b>{word}</b></p>" for word in words)
    assert readable.of_html(readable.cleaned(html)).split() == " ".join(words).split()


@given(html=st.text("<>&;#aph/=\"' \n") | st.text())
def test_any_html_can_be_read(html: str) -> None:
    readable.of_html(readable.cleaned(html))


def test_html_with_more_tags_than_people_write_is_read_as_its_words() -> None:
    html = "<b>" * (foreign_html.MAX_TAGS + 1) + "fool &lt;b&gt;"
    assert readable.of_html(readable.cleaned(html)) == "fool <b>"


def test_the_name_of_a_picture_is_read() -> None:
    assert (
        readable.of_html(readable.cleaned('You <img src="https://x.example/i.png" alt="idiot">'))
        == "You idiot"
    )


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("id<b></b>iot", "idiot"),
        ("id<!-- x -->iot", "idiot"),
        ("<P>you</P><p class='x'>idiot</p>", "you\n\nidiot"),
        ("<i>a < b</i> &amp; c", "a < b & c"),
        ('<a href="https://x.example/">here</a>', "here https://x.example/"),
        # What is no element of HTML is text.
        ("<idiot> <b>you</b>", "<idiot> you"),
        ("x<y and y>z", "x<y and y>z"),
        ("Ann <ann@x.example>", "Ann <ann@x.example>"),
        ("<3 & >_<", "<3 & >_<"),
    ],
)
def test_elements_in_a_text_of_unknown_kind_are_read_as_they_look(text: str, read: str) -> None:
    assert readable.of_text(text) == read


@pytest.mark.parametrize(("text", "read"), [("y&#111;u", "you"), ("a &b < c", "a &b < c")])
def test_a_text_of_unknown_kind_has_its_entities_decoded(text: str, read: str) -> None:
    assert readable.of_text(text) == read
