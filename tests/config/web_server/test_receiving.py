"""How much of a request is received: what views read, files that are brought in, and no more."""

import json
from collections.abc import Iterator

import pytest
from django.urls import reverse
from waitress.adjustments import Adjustments

from config.web_server import receiving
from config.web_server.receiving import LARGEST, LARGEST_UPLOAD, UPLOAD_PATHS, UPLOADS, Parser
from moderation.intake.transfers import files

IMPORTS = "/api/v1/imports"


@pytest.fixture(autouse=True)
def no_uploads() -> Iterator[None]:
    Parser.uploads.clear()
    yield
    Parser.uploads.clear()


def parsed(path: str, *lines: str, body: bytes = b"") -> Parser:
    parser = Parser(Adjustments(max_request_body_size=LARGEST_UPLOAD))
    head = "\r\n".join([f"POST {path} HTTP/1.1", "Host: x", *lines, "", ""]).encode()
    for data in (head, body):
        if data:
            parser.received(data)
    return parser


def test_files_are_brought_in_where_the_urls_say() -> None:
    assert UPLOAD_PATHS.fullmatch(IMPORTS)
    assert UPLOAD_PATHS.fullmatch(reverse("admin:moderation_transfer_add"))
    assert LARGEST_UPLOAD > files.MAX_BYTES


def test_a_body_of_the_usual_size_is_kept() -> None:
    parser = parsed("/x", "Content-Length: 4", body=b"data")
    assert parser.completed
    assert parser.error is None
    assert parser.get_body_stream().read() == b"data"


def test_a_larger_one_is_read_to_its_end_without_being_kept() -> None:
    parser = parsed("/x", f"Content-Length: {LARGEST}")
    assert not parser.completed
    parser.received(b"x" * LARGEST)
    assert parser.completed
    status, _, body = parser.error.to_response()
    assert status.startswith("413")
    assert json.loads(body)["status"] == 413


@pytest.mark.parametrize(
    "lines",
    [
        (f"Content-Length: {receiving.THROWN_AWAY + 1}",),
        (f"Content-Length: {LARGEST}", "Expect: 100-continue"),
        (f"Content-Length: {LARGEST_UPLOAD * 2}",),
    ],
)
def test_what_is_too_much_to_read_is_answered_at_once(lines: tuple[str, ...]) -> None:
    parser = parsed("/x", *lines)
    assert parser.completed
    assert not parser.expect_continue
    assert parser.error.code == 413


def test_a_body_in_chunks_has_the_same_limit() -> None:
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    parser = parsed("/x", "Transfer-Encoding: chunked", body=chunk * 5)
    assert parser.error.code == 413
    parser = parsed(IMPORTS, "Transfer-Encoding: chunked", body=chunk * 5)
    assert parser.error is None


def test_only_so_many_files_come_in_at_once() -> None:
    lines = f"Content-Length: {LARGEST}"
    coming = [parsed(IMPORTS, lines) for _ in range(UPLOADS)]
    assert all(parser.is_upload for parser in coming)
    refused = parsed(IMPORTS, lines)
    refused.received(b"x" * LARGEST)
    assert refused.error.code == 503
    coming[0].close()
    assert parsed(IMPORTS, lines).is_upload
