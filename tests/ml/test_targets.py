"""Which words are paired with a mark of whom they are about, and of how it is said."""

import numpy as np
import pytest

from ml import targets
from ml.targets import BOTH, Mark
from ml.tokens import pre_tokens, tokenize


def marks_of_word(text: str, word: str) -> set[int]:
    tokens = [token for pre_token in pre_tokens(text) for token in tokenize(pre_token)]
    marks = targets.marks_of(tokens)
    found = targets.pairs(marks, np.zeros(len(tokens), np.int64))
    at = tokens.index(word)
    return {int(mark) for pairs in found for mark in pairs.mark[pairs.word_at == at]}


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("you are stupid", {Mark.YOU}),
        ("stupid me", {Mark.SELF}),
        ("no stupid questions", {Mark.NEGATED}),
        ('a "stupid" one', {Mark.QUOTED}),
        ("just stupid", set()),
        ("you one two three four stupid", set()),
    ],
)
def test_a_word_is_paired_with_the_marks_near_it(text: str, marks: set[Mark]) -> None:
    assert marks_of_word(text, "stupid") == {int(mark) for mark in marks}


def test_a_word_with_marks_of_both_families_is_also_paired_with_both_at_once() -> None:
    both = Mark.YOU + BOTH * Mark.NEGATED
    assert marks_of_word("you are not stupid", "stupid") == {Mark.YOU, Mark.NEGATED, both}


def test_no_pair_crosses_from_one_record_to_another() -> None:
    tokens = ["you", "stupid"]
    found = targets.pairs(targets.marks_of(tokens), np.array([0, 1]))
    assert all(not len(pairs.mark) for pairs in found)
