"""What a page says of itself is read from any HTML, in linear time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.text.page_head import PageHead, read_head
from tests.linear_time.growth import growth


@pytest.mark.parametrize(
    ("html", "head"),
    [
        ("<title>A &amp; B</title>", PageHead("A & B")),
        ("<html><head><title>\n A \n</title></head><body><title>No</title>", PageHead("A")),
        ('<title>A · Blog</title><meta property="og:title" content="A">', PageHead("A")),
        ("<svg><title>icon</title></svg><title>A</title>", PageHead("A")),
        ("<script>'<title>no</title>'</script><title>A</title>", PageHead("A")),
        ('<link rel="canonical" href="/a?b=1&amp;c">', PageHead("", "/a?b=1&c")),
        ('<link rel="next" href="/2"><LINK REL="Canonical" HREF=/a>', PageHead("", "/a")),
        ('<link rel="canonical" href="javascript:alert(1)">', PageHead()),
        ('<meta property="article:section" content="Sport">', PageHead("", "", "Sport")),
        ("no markup at all", PageHead()),
        ("", PageHead()),
    ],
)
def test_the_first_of_each_counts(html: str, head: PageHead) -> None:
    assert read_head(html) == head


@given(
    st.lists(st.sampled_from(["<title>", "</title>", "<!--", "<", "a", '"', "<link ", ">", "&#"]))
)
def test_no_page_is_a_fault(pieces: list[str]) -> None:
    read_head("".join(pieces))


@pytest.mark.parametrize(
    "piece", ["<!--", "<title>", "<link ", "<a ", "<svg>", "</", "&amp", "<![CDATA["]
)
def test_it_takes_linear_time(piece: str) -> None:
    small, large = piece * 2000, piece * 8000
    assert growth(read_head, small, large) < 9
