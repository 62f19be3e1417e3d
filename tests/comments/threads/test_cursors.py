import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.threads import cursors
from comments.threads.cursors import Cursor, InvalidCursor

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(st.builds(Cursor, st.uuids(), FINITE, st.booleans()))
def test_a_cursor_is_read_as_it_was_written(place: Cursor) -> None:
    assert cursors.read(cursors.write(place)) == place


@given(st.text())
def test_anything_else_is_refused_and_breaks_nothing(cursor: str) -> None:
    try:
        place = cursors.read(cursor)
    except InvalidCursor:
        return
    assert cursors.read(cursors.write(place)) == place


@pytest.mark.parametrize("rank", ["inf", "-inf", "nan"])
def test_a_rank_that_is_no_number_is_refused(rank: str) -> None:
    with pytest.raises(InvalidCursor):
        cursors.read("a" + "0" * 32 + rank)
