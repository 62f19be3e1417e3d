import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments import places
from comments.places import NoSuchPlace, Place

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(st.builds(Place, st.uuids(), FINITE, st.booleans()))
def test_a_cursor_is_read_as_it_was_written(place: Place) -> None:
    assert places.read(places.write(place)) == place


@given(st.text())
def test_anything_else_is_refused_and_breaks_nothing(cursor: str) -> None:
    try:
        place = places.read(cursor)
    except NoSuchPlace:
        return
    assert places.read(places.write(place)) == place


@pytest.mark.parametrize("rank", ["inf", "-inf", "nan"])
def test_a_rank_that_is_no_number_is_refused(rank: str) -> None:
    with pytest.raises(NoSuchPlace):
        places.read("a" + "0" * 32 + rank)
