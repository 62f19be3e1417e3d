import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.text.markdown import TAGS, render


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("*a* **b** ~~c~~", "<p><em>a</em> <strong>b</strong> <s>c</s></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
        ("# no heading", "<p># no heading</p>"),
        ("![no](https://a.example/i.png)", None),
    ],
)
def test_a_subset_of_markdown_is_rendered(markdown: str, html: str | None) -> None:
    rendered = render(markdown)
    assert "<img" not in rendered
    if html:
        assert rendered == html


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
