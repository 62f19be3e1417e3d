"""Word pieces are those of the vocabulary's own tokenizer (ids recorded from `tokenizers` 0.23)."""

import pytest

from ml.context.artifact import RELEASED
from ml.context.encoder import VOCABULARY_FILE
from ml.context.pieces import Pieces
from ml.context.reading import MAX_PIECES

RECORDED = {
    "": [101, 102],
    "there are no stupid questions.": [101, 2045, 2024, 2053, 5236, 3980, 1012, 102],
    "you're unbelievably pedantic, aren't you?!": [
        101,
        2017,
        1005,
        2128,
        4895,
        8671,
        2666,
        3567,
        6321,
        21877,
        28210,
        2594,
        1010,
        4995,
        1005,
        1056,
        2017,
        1029,
        999,
        102,
    ],
    "naïve ångström größe": [101, 15743, 17076, 15687, 24665, 2080, 17499, 102],
    "日本語 テスト": [101, 1864, 1876, 1950, 1713, 30233, 30240, 102],
    "좋은 글": [101, 100, 1455, 30017, 30022, 102],
    "a\u200bb � c": [101, 11113, 1039, 102],
    "$5 <b> ~^`|": [101, 1002, 1019, 1026, 1038, 1028, 1066, 1034, 1036, 1064, 102],
    "x" * 120: [101, 100, 102],
}


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    return Pieces(RELEASED / VOCABULARY_FILE)


@pytest.mark.parametrize("sentence", RECORDED)
def test_the_ids_are_those_of_the_reference(pieces: Pieces, sentence: str) -> None:
    assert pieces.ids(sentence) == RECORDED[sentence]


def test_a_long_sentence_is_cut_and_keeps_its_end_mark(pieces: Pieces) -> None:
    ids = pieces.ids("word " * 500)
    assert len(ids) == MAX_PIECES
    assert ids[-1] == pieces.ids("")[-1]
