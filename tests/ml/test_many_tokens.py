"""Many pre-tokens at once give the tokens of each alone."""

from hypothesis import given
from hypothesis import strategies as st

from ml.many_tokens import tokenize_all
from ml.tokens import tokenize


def chunks(letters: str) -> st.SearchStrategy[str]:
    """Return a strategy for pieces without white space of these letters."""
    return st.text(letters, min_size=1, max_size=9)


@given(
    st.lists(
        chunks("aAbB'.,;:()?!\"")
        | chunks("abcD-'!.")
        | chunks("aNñÑßéÿÞ'’.,\"?!")
        | chunks("сОаЯЙёбу.,«?!")
        | chunks("가힣漢字ひらカナعربي.,「，。?!")
        | chunks("0127a$@.:,!?")
        | st.text(min_size=1, max_size=9).filter(lambda piece: piece.split() == [piece])
    )
)
def test_all_at_once_have_the_tokens_of_each(pieces: list[str]) -> None:
    assert tokenize_all(pieces) == list(map(tokenize, pieces))


def test_a_line_break_in_a_special_token_moves_no_other() -> None:
    pieces = ["one", "\x02 site http://one.example/\ntwo", "three!"]
    assert tokenize_all(pieces) == list(map(tokenize, pieces))


def test_none_has_none() -> None:
    assert tokenize_all([]) == []
