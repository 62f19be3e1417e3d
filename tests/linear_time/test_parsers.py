"""What reads a stranger's text takes time that grows linearly with it, whatever the text is."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import timezone

from comments.formats import markup
from comments.formats.items import ImportedComment
from comments.http import json_reader, languages
from comments.models import Status
from comments.models.comment import text_digest
from comments.privacy import tokens as reader_tokens
from comments.text import language, readable
from comments.text.compatibility import compatible
from comments.text.highlight import Highlight, highlight
from comments.text.markdown import render
from comments.threads import cursors, search
from ml import tokens
from ml.text import chunk_spans, normalise
from moderation.intake.transfers import importer
from moderation.rules import wordlists
from moderation.screening import nudge
from moderation.web.dialects import coral
from moderation.web.dialects.akismet import forms
from moderation.web.dialects.perspective import requests
from tests.linear_time.growth import MOST_GROWTH, growth, of_length

TEXTS = (
    *("a", "a ", "a.b.", "aaab", "aaabbb", "1a", "a-", "4", "é", "аa", "👍", "\u200b", "\ufdfa"),
    *(
        "\u0301",
        "\u0334\u0301",
        "\u0f73\u0f75",
        "a\u0301",
        "www.",
        "x'",
        "!?",
        "ab\r\n",
        "\n",
        " \n",
    ),
    *(
        "[",
        "](",
        "[a](",
        "[[]",
        "![",
        "[url",
        "*",
        "_",
        "**a",
        "*a_",
        "***a**b*",
        "~~",
        "`",
        "``a`",
    ),
    *(
        "```\n",
        ">",
        "> - ",
        ">\n",
        "- ",
        "  - ",
        "1. ",
        "\\",
        "&",
        "&amp;",
        "&#1;",
        "<",
        "<a",
        "</",
    ),
    *(
        "<!--",
        "<?",
        "|",
        '"',
        "(",
        "://",
        "//",
        "http://",
        "http://a/(",
        "http://a.b ",
        "www.a.b/(",
    ),
    *("a@", "a@b.c ", "mailto:", "- a\n - b\n", "[a]:", "--", "/", "#", "[a](http://b.c) "),
)
BODIES = (
    *('"', '"a', '\\"', "[", "[[],", "{", "{a:", '{"a":', "a", "a:", "a b", "1", "1,", '"",', "\\"),
    *('"\\ud800",', '{"a":{},', " ", "[1e9,", "-", "/*", "é", "]", "}", "\x00"),
)
FORMS = ("a", "&", "=", "a=&", "%", "%61", "a=%61&", "+", "--b\r\n", "\r\n--", "api_key=x&", "\r\n")


def ignoring(error: type[Exception], call: Callable[[Any], object]) -> Callable[[Any], object]:
    def tried(argument: Any) -> object:
        try:
            return call(argument)
        except error:
            return None

    return tried


def highlighted(text: str) -> str:
    marks = [Highlight(n, n + 1, "up") for n in range(0, len(text), 3)]
    return highlight(render(text), text, marks)


def form_of(content_type: str) -> Callable[[str], object]:
    def read(body: str) -> object:
        sent = RequestFactory().generic("POST", "/x", body, content_type=content_type)
        return dict(forms.read(sent))

    return read


def preferred_language(header: str) -> str:
    return languages.preferred(RequestFactory().get("/x", headers={"Accept-Language": header}))


def imported_html(html: str) -> str:
    named = {"source_id": "1", "page": "a", "body": "x", "status": Status.APPROVED}
    item = ImportedComment(**named, created_at=timezone.now(), body_html=html)
    return importer._html_of(item)


LIST = ("casino", "buy now", "*kini*", "v*gra", "a*a*b", r"/\bcas[i1]no/", "/(a|b)*c{2,9}d/")
OF_TEXTS: dict[str, Callable[[str], object]] = {
    "markdown": render,
    "highlights": highlighted,
    "language": language.detect,
    "digest": text_digest,
    "compatibility form": compatible,
    "normalise": normalise,
    "chunks": lambda text: list(chunk_spans(text)),
    "tokens": lambda text: [tokens.tokenize(piece) for piece in tokens.pre_tokens(text)],
    "words": lambda text: wordlists.find(LIST, [text]),
    "offsets": nudge.utf16_offsets,
    "search": search.words_of,
    "search in a text": lambda text: search.has_words("", text, "casino"),
    "cursor": ignoring(cursors.InvalidCursor, cursors.decode),
    "edit tokens": lambda text: reader_tokens.read_edit_tokens(text.split(","), now=timezone.now()),
    "languages": preferred_language,
    "foreign HTML": markup.from_html,
    "foreign text": markup.from_text,
    "foreign Markdown": lambda text: markup.from_markdown(text, allows_html=True),
}
OF_BODIES: dict[str, Callable[[str], object]] = {
    "JSON": ignoring(json_reader.InvalidJSON, lambda body: json_reader.parse(body.encode())),
    "lenient JSON": ignoring(
        json_reader.InvalidJSON, lambda body: requests.parse_leniently(body.encode())
    ),
}
# Whatever hands foreign HTML to a parser. Trees that are deep or broken take it the longest.
HTML = ("<b>", "<ul><li>", "<b><p>", "<b></p>", "<a>", "<table><td>", "<blockquote>", "<i a b=c>")
OF_HTML: dict[str, Callable[[str], object]] = {
    "foreign HTML": markup.from_html,
    "foreign lines": lambda html: markup.from_html(html, newlines=True),
    "read HTML": lambda html: readable.of_html(readable.cleaned(html)),
    "imported HTML": imported_html,
    "Coral": lambda html: coral._draft({"comment": {"body": html}}),
}
OF_FORMS = {
    "form": form_of("application/x-www-form-urlencoded"),
    "multipart form": form_of("multipart/form-data; boundary=b"),
}


def assert_linear(call: Callable[[Any], object], piece: str, length: int) -> None:
    grown = growth(call, of_length(piece, length), of_length(piece, 4 * length))
    assert grown < MOST_GROWTH, f"{piece!r}: {grown:.0f} times as long for four times the text"


@pytest.mark.parametrize("name", OF_TEXTS)
def test_a_text_is_read_in_linear_time(name: str) -> None:
    for piece in TEXTS:
        assert_linear(OF_TEXTS[name], piece, 2500)


@pytest.mark.parametrize("name", OF_HTML)
def test_html_is_read_in_linear_time(name: str) -> None:
    for piece in HTML:
        assert_linear(OF_HTML[name], piece, 12_000)


@pytest.mark.parametrize("name", OF_BODIES)
def test_a_body_is_parsed_in_linear_time(name: str) -> None:
    for piece in BODIES:
        assert_linear(OF_BODIES[name], piece, 10_000)


@pytest.mark.parametrize("name", OF_FORMS)
def test_a_form_is_parsed_in_linear_time(name: str) -> None:
    for piece in FORMS:
        assert_linear(OF_FORMS[name], piece, 20_000)


def test_a_multipart_form_of_many_parts_is_parsed_in_linear_time() -> None:
    for part in (
        '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n',
        '--b\r\nContent-Disposition: form-data; name="a"; x="\r\n\r\n\r\n',
        "--b\r\nA: b\r\n\r\n\r\n",
    ):
        assert_linear(OF_FORMS["multipart form"], part, 10_000)


def test_a_body_of_many_values_is_parsed_in_linear_time() -> None:
    def parse(number: int) -> object:
        return json_reader.parse(json.dumps({"a": [{"b": "\ud800"}] * number}).encode())

    grown = growth(ignoring(json_reader.LoneSurrogate, parse), 1000, 4000)
    assert grown < MOST_GROWTH
