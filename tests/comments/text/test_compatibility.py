"""The compatibility form of texts."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from comments.text.compatibility import MAX_STACKED_MARKS, compatible
from ml import text as classifier_text


@given(st.text(max_size=60))
def test_it_is_unicodes_own(text: str) -> None:
    assert compatible(text) == unicodedata.normalize("NFKC", text)


def test_marks_that_are_stacked_higher_than_thirty_are_left_out() -> None:
    stack = "e" + "\u0334\u0301" * 50
    assert compatible(stack + "x") == unicodedata.normalize(
        "NFKC", stack[: 1 + MAX_STACKED_MARKS] + "x"
    )


@given(st.text(st.sampled_from("eé\u0301\u0334\u0f73\uff9eﾊﬁ"), max_size=200))
def test_the_classifier_has_the_same(text: str) -> None:
    assert classifier_text.compatible(text) == compatible(text)
