"""Lines between the parsing process and whoever started it: whole, or refused."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.formats.items import ImportedComment, ImportedThread, ImportProblem
from comments.formats.sandbox.messages import (
    MAX_HTML,
    End,
    Found,
    InvalidMessage,
    Read,
    Refused,
    decode,
    encode,
)
from comments.status import Status

COMMENT = ImportedComment(
    source_id="1",
    page="https://gazette.example/",
    created_at=datetime(2020, 1, 1, tzinfo=UTC),
    body="Hello",
    body_html="<p>Hello</p>",
    status=Status.APPROVED,
)


@pytest.mark.parametrize(
    "message",
    [COMMENT, ImportedThread(key="k"), ImportProblem("line 1", "why"), Found("native"), Read(0.5),
     Refused("why"), End()],
)  # fmt: skip
def test_a_message_comes_as_it_was_sent(message: Any) -> None:
    assert decode(encode(message)) == message


@given(
    st.binary()
    | st.recursive(st.none() | st.text(), st.lists).map(lambda v: json.dumps(v).encode())
)
def test_a_line_of_anything_else_is_refused(line: bytes) -> None:
    with pytest.raises(InvalidMessage):
        decode(line)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("body", 7),
        ("body", None),
        ("body", "x" * 100_000),
        ("body_html", ""),
        ("body_html", "x" * (MAX_HTML + 1)),
        ("page", ""),
        ("page", "x" * 3000),
        ("source_id", ""),
        ("status", "published"),
        ("created_at", "9999-12-31T23:59:59-23:59"),
        ("created_at", 7),
        ("created_at", None),
        ("author_verified", "yes"),
        ("author_name", []),
        ("is_superuser", True),
    ],
)
def test_a_comment_of_wrong_values_is_refused(field: str, value: Any) -> None:
    kind, values = json.loads(encode(COMMENT))
    with pytest.raises(InvalidMessage):
        decode(json.dumps([kind, {**values, field: value}]).encode())


@pytest.mark.parametrize("line", [b"[" * 1_000_000, b'["read", {"fraction": "x"}]', b"9" * 10_000])
def test_a_line_that_is_made_to_do_harm_is_refused(line: bytes) -> None:
    with pytest.raises(InvalidMessage):
        decode(line)
