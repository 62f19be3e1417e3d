"""What is seen of a record."""

from hypothesis import given
from hypothesis import strategies as st

from ml.tokens import MARK, _of_chunk, tokens, units


def seen(record: object) -> list[str]:
    return [token for unit in units(record) for token in tokens(unit)]  # type: ignore[arg-type]


@given(st.text("aAbB'.,;:()?!\"", min_size=1, max_size=9))
def test_everyday_words_are_read_as_all_others(unit: str) -> None:
    assert tokens(unit) == list(dict.fromkeys(_of_chunk(unit)))


def test_a_link_shows_where_it_leads() -> None:
    found = seen("look http://www.cheap-pills.example/buy/now")
    assert f"{MARK}link host cheap-pills" in found
    assert f"{MARK}in link pills" in found
    assert f"{MARK}links 1" in found


def test_a_disguised_word_is_seen_both_ways() -> None:
    assert {"stupid", "stup1d"} <= set(seen("stup1d"))


def test_accents_are_seen_and_seen_through() -> None:
    assert {"año", "ano"} <= set(seen("año"))


def test_the_author_is_read_where_there_is_one() -> None:
    record = {
        "text": "hi",
        "author_name": "Cheap Loans",
        "author_url": "http://loans.example/",
        "author_email": "x@mail.example",
    }
    found = seen(record)
    assert {"cheap", "loans", f"{MARK}site host loans", f"{MARK}mail mail.example"} <= set(found)
    assert not any("x@" in token for token in found)


def test_a_comment_can_not_forge_a_mark() -> None:
    assert f"{MARK}capitals" not in seen(f"hello {MARK}capitals")


def test_marks_of_a_malformed_link_are_harmless() -> None:
    assert seen("http://[::1 http://]") != []
