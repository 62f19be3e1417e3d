"""Columns of the table of weights."""

from collections import Counter
from itertools import combinations

import numpy as np

from ml import hashing

BITS = 20


def features_of(tokens: list[str]) -> hashing.TokenFeatures:
    return hashing.token_features(tokens, hashing.hash_tokens(tokens), bits=BITS)


def columns_of(words: list[str]) -> list[set[int]]:
    """Return the columns of each word as a whole, without those of its parts."""
    features = features_of([f"\x01 {word}" for word in words])
    return [set(features.column[features.token == i].tolist()) for i in range(len(words))]


def test_a_word_has_four_columns_and_the_norm_of_one() -> None:
    features = features_of(["\x01 word"])
    assert len(set(features.column.tolist())) == hashing.WHOLE_COLUMNS == 4
    assert np.square(features.value).sum() == 1


def test_the_parts_of_a_word_together_have_the_norm_of_one() -> None:
    features = features_of(["understanding"])
    assert np.isclose(np.square(features.value[hashing.WHOLE_COLUMNS :]).sum(), 1)


def test_words_that_share_a_column_share_no_other() -> None:
    owners: dict[int, list[int]] = {}
    for word, columns in enumerate(columns_of([f"word{i}" for i in range(5000)])):
        for column in columns:
            owners.setdefault(column, []).append(word)
    shared = Counter(pair for words in owners.values() for pair in combinations(words, 2))
    assert shared
    assert set(shared.values()) == {1}


def test_a_line_break_in_a_token_does_not_change_its_hash() -> None:
    tokens = ["one", "two\nthree", "four"]
    assert hashing.hash_tokens(tokens).tolist() == [
        hashing.hash_tokens([token])[0] for token in tokens
    ]


def test_the_columns_of_tokens_do_not_depend_on_those_beside_them() -> None:
    together, alone = features_of(["one", "\x01 two", "three"]), features_of(["three"])
    assert sorted(together.column[together.token == 2]) == sorted(alone.column)
