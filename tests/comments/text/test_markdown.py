import re
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linkify_it import LinkifyIt
from markdown_it import MarkdownIt

from comments.text.markdown import TAGS, NearbyLinks, linkify_nearby, meant, render
from tests.services.processes import ROOT


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("*a* **b** ~~c~~", "<p><em>a</em> <strong>b</strong> <s>c</s></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
        ("# no heading", "<p># no heading</p>"),
        ("![alt](https://a.example/i.png)", "<p>alt</p>"),
        ("![a *b* <i>](i.png 'title')", "<p>a b &lt;i&gt;</p>"),
        ("![](i.png)", "<p></p>"),
        (
            "[![alt](i.png)](https://a.example)",
            '<p><a href="https://a.example" rel="nofollow ugc noopener">alt</a></p>',
        ),
    ],
)
def test_a_subset_of_markdown_is_rendered(markdown: str, html: str) -> None:
    assert render(markdown) == html


@pytest.mark.parametrize(
    "words",
    [
        "README.md",
        "setup.py",
        "run.sh",
        "great.It",
        "great.It/also",
        "example.com",
        "README.md/usage",
        "src/main.rs",
        "ASP.NET/C#",
        "e.g.this",
    ],
)
def test_words_with_a_dot_are_no_link(words: str) -> None:
    assert render(f"See {words} there") == f"<p>See {words} there</p>"


@pytest.mark.parametrize(
    "hidden",
    ["\u202e", "&#x202e;", "&#8294;", "\u2066", "*\u202d*", "[&#x202e;x](https://a.example)"],
)
def test_direction_controls_are_filtered_however_they_are_written(hidden: str) -> None:
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", render(f"a {hidden} b"))


def test_marks_do_not_grow_into_a_tower() -> None:
    assert render("a" + "&#x301;" * 400) == "<p>a\u0301\u0301</p>"


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "<javascript:alert(1)>",
        '[x](https://a.example "onmouseover=alert(1)")',
        "<iframe src=https://a.example>",
    ],
)
def test_scripts_and_unsafe_urls_are_removed(attack: str) -> None:
    rendered = render(attack)
    assert set(re.findall(r"<(\w+)", rendered)) <= TAGS
    assert not re.search(r'(?:href|src)="(?!https?:|mailto:)', rendered)
    assert not re.search(r"<[^>]*\son\w+=", rendered)


@given(st.text(max_size=500))
def test_any_text_gives_only_allowed_tags(text: str) -> None:
    assert set(re.findall(r"<(\w+)", render(text))) <= TAGS


def test_deeply_nested_quotations_are_rendered() -> None:
    assert render(">" * 5000 + "deep")


@pytest.mark.parametrize(
    ("body", "href"),
    [
        ("see https://a.example/_x_y_*z", "https://a.example/_x_y_*z"),
        ("(http://a.example/b)", "http://a.example/b"),
        ("x:http://a.example", "http://a.example"),
        ("www.a.com/b", "http://www.a.com/b"),
        ("a.com/b", "http://a.com/b"),
        ("www.a.md", "http://www.a.md"),
        ("me@a.com", "mailto:me@a.com"),
        ("x " * 5000 + "http://a.example", "http://a.example"),
        ("://" * 5000 + " http://a.example/" + "b" * 2000, "http://a.example/" + "b" * 2000),
    ],
)
def test_a_bare_link_is_found_wherever_it_stands(body: str, href: str) -> None:
    assert f'href="{href}"' in render(body)


PIECES = st.sampled_from(
    ["http", "https", "ftp", "://", "//", "a.com", "/", "(", ")", "*", "_", " ", "x", ":", "@", "1"]
)


class MeantLinks(LinkifyIt):
    """linkify-it with our rule for links without a scheme, and nothing else of ours."""

    def match(self, text: str) -> list[Any] | None:
        return meant(super().match(text) or []) or None


@given(st.lists(PIECES, max_size=12).map("".join))
def test_bare_links_are_those_that_markdown_it_finds_itself(body: str) -> None:
    stock = MarkdownIt("commonmark", {"html": False, "linkify": True}).enable("linkify")
    stock.linkify = MeantLinks()
    ours = MarkdownIt("commonmark", {"html": False, "linkify": True}).enable("linkify")
    ours.linkify = NearbyLinks()
    ours.inline.ruler.at("linkify", linkify_nearby)
    assert ours.render(body) == stock.render(body)


FIRST_TEXT = """
from markdown_it.ruler import Ruler
from comments.text.markdown import render
Ruler.__compile__ = None
print(render("*a* https://a.example"))
"""


def test_threads_that_render_the_first_texts_compile_nothing() -> None:
    """Where two threads did at once, one found half of the rules, and readers got a 500."""
    command = [sys.executable, "-c", FIRST_TEXT]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("<p><em>a</em> <a href="), done.stderr
