"""Highlighting spans of the source in the rendered HTML."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.text.highlight import Highlight, highlight
from comments.text.markdown import render


def mark(body: str, *words: str) -> str:
    marks = [Highlight(body.index(word), body.index(word) + len(word), "raises") for word in words]
    return highlight(render(body), body, marks)


def words_of(html: str) -> list[str]:
    return re.findall(r"<mark[^>]*>(.*?)</mark>", html)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("You are an idiot.", ["idiot"]),
        ("You are *an idiot*, Tom.", ["idiot", "Tom"]),
        ("> quoted\n\nidiot & fool <b>", ["idiot", "fool"]),
        ("- one\n- two\n- three", ["one", "three"]),
        ("see [here](https://x.example/idiot) idiot", ["here"]),
        ("ليس هذا صحيحا", ["صحيحا"]),
    ],
)
def test_words_are_highlighted_in_the_rendered_text(body: str, words: list[str]) -> None:
    assert words_of(mark(body, *words)) == words


def test_a_word_in_a_url_is_not_highlighted_elsewhere() -> None:
    body = "[here](https://idiot.example) and then a long sentence before the word idiot comes."
    assert words_of(mark(body, "idiot")) == []


def test_a_highlight_has_a_title() -> None:
    html = highlight("<p>vile</p>", "vile", [Highlight(0, 4, "raises", 'Toxicity "+2"')])
    assert html == '<p><mark class="raises" title="Toxicity &quot;+2&quot;">vile</mark></p>'


def test_without_highlights_the_html_is_unchanged() -> None:
    assert highlight("<p>a &amp; b</p>", "a & b", []) == "<p>a &amp; b</p>"


@given(st.text(alphabet=st.sampled_from("<>&\"'ab \n*_[]()`-h:/."), max_size=60), st.data())
def test_highlighting_changes_no_text_and_adds_no_other_tags(
    body: str, data: st.DataObject
) -> None:
    spans = st.tuples(st.integers(0, len(body)), st.integers(0, 9))
    marks = [Highlight(start, start + n, "raises") for start, n in data.draw(st.lists(spans))]
    html = highlight(render(body), body, marks)
    assert re.sub(r"</?mark[^>]*>", "", html) == highlight(render(body), body, [])
    assert set(re.findall(r"</?([a-z0-9]+)", html)) <= {
        *("a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "s", "strong", "ul"),
        "mark",
    }
