import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.threads import cursors
from comments.threads.cursors import NoSuchPlace, Place

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(st.builds(Place, st.uuids(), FINITE, st.booleans()))
def test_a_cursor_is_read_as_it_was_written(place: Place) -> None:
    assert cursors.read(cursors.write(place)) == place


@given(st.text())
def test_anything_else_is_refused_and_breaks_nothing(cursor: str) -> None:
    try:
        place = cursors.read(cursor)
    except NoSuchPlace:
        return
    assert cursors.read(cursors.write(place)) == place


@pytest.mark.parametrize("rank", ["inf", "-inf", "nan"])
def test_a_rank_that_is_no_number_is_refused(rank: str) -> None:
    with pytest.raises(NoSuchPlace):
        cursors.read("a" + "0" * 32 + rank)
