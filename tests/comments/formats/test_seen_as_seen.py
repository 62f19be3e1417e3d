"""The words of a comment are those that its readers saw where it comes from, in each format."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comments.formats import formats
from comments.formats.files import ImportFile
from comments.formats.items import ImportedComment
from comments.formats.markup.visible import words
from comments.text.markdown import render
from tests.comments.formats.hostile import BUILDERS, Row, format_of

HTML = ("disqus", "wordpress", "remark42", "coral", "hyvor", "fastcomments")
MARKDOWN = (
    *("commento", "isso", "isso_database", "comentario", "cusdis", "waline", "artalk"),
    "discussions",
)
# Characters that mean something in Markdown, in HTML or at the start of a line.
texts = st.text(alphabet="ab 1.*_`~#>-+[]()!|\\\n", min_size=1, max_size=30).map(
    lambda text: f"x {text}"
)


# A line of marks alone is a rule elsewhere, and a text here.
RULE = re.compile(r"^[ ]*(?:\*[ ]*){3,}$|^[ ]*(?:_[ ]*){3,}$", re.MULTILINE)
written = (
    st.text(alphabet="ab *_`~\\\n", min_size=1, max_size=30)
    .map(lambda text: f"x {text}")
    .filter(lambda text: not RULE.search(text))
)


def body_of(name: str, text: str) -> str:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        BUILDERS[name]([Row(1, text=text)], path)
        items = formats.IMPORT_FORMATS[format_of(name)].read(ImportFile(path))
        return next(item.body for item in items if isinstance(item, ImportedComment))


@pytest.mark.parametrize(
    "name", ["disqus", "wordpress", "remark42", "coral", "hyvor", "fastcomments"]
)
@given(text=texts)
@settings(max_examples=25, deadline=None)
def test_a_text_without_markup_is_shown_as_written(name: str, text: str) -> None:
    html = text.replace(">", "&gt;")
    assert words(render(body_of(name, html))) == text.split()


@pytest.mark.parametrize(
    "name",
    [
        "commento",
        "isso",
        "isso_database",
        "comentario",
        "cusdis",
        "waline",
        "artalk",
        "discussions",
    ],
)
@given(text=written)
@settings(max_examples=25, deadline=None)
def test_markdown_that_means_the_same_here_stays_as_it_is(name: str, text: str) -> None:
    assert body_of(name, text) == text.strip()
