"""Cursors as strings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.threads import cursors
from comments.threads.cursors import Cursor, InvalidCursor

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(st.builds(Cursor, st.uuids(), FINITE, st.booleans()))
def test_a_cursor_survives_encoding_and_decoding(cursor: Cursor) -> None:
    assert cursors.decode(cursors.encode(cursor)) == cursor


@given(st.text())
def test_any_other_string_is_an_invalid_cursor(token: str) -> None:
    try:
        cursor = cursors.decode(token)
    except InvalidCursor:
        return
    assert cursors.decode(cursors.encode(cursor)) == cursor


@pytest.mark.parametrize("rank", ["inf", "-inf", "nan"])
def test_a_rank_that_is_not_finite_is_an_invalid_cursor(rank: str) -> None:
    with pytest.raises(InvalidCursor):
        cursors.decode("a" + "0" * 32 + rank)
