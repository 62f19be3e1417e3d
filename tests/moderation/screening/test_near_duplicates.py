"""Near-duplicates: which texts are, and what is stored of a text to find them by."""

import hashlib
from string import ascii_lowercase

import numpy as np
import pytest

from moderation.screening.near_duplicates import (
    BANDS,
    MIN_LENGTH,
    PERMUTATIONS,
    SIMILAR,
    Sketch,
    bands,
    restored,
    similarity,
    sketches,
    stored,
)
from tests.moderation.near_duplicates import ADVERT, HONEST

FIRST = ADVERT.format("Lucky", "https://one.example/1")


def sketch(text: str) -> Sketch:
    (found,) = sketches([text])
    assert found is not None
    return found


@pytest.mark.parametrize(
    "other",
    [
        ADVERT.format("Ehigie", "www.other.example/cure?id=77"),
        FIRST.upper(),
        FIRST.replace("herbal", "h3rbal").replace("today", "t o d a y"),
        FIRST.replace("medicine", "𝐦𝐞𝐝𝐢𝐜𝐢𝐧𝐞"),
        f"Hello! {FIRST} +1 555 0100",
    ],
    ids=["other name and link", "case", "disguise", "letters", "more around it"],
)
def test_what_campaigns_change_makes_no_difference(other: str) -> None:
    assert similarity(sketch(FIRST), sketch(other)) > SIMILAR


def test_other_texts_are_not_alike() -> None:
    assert similarity(sketch(FIRST), sketch(HONEST)) < 0.2


@pytest.mark.parametrize(
    ("text", "is_long"),
    [
        ("Thank you very much for this article!", False),
        ("https://one.example/" + "a" * 90, False),
        ((ascii_lowercase * 2)[: MIN_LENGTH - 1], False),
        ((ascii_lowercase * 2)[:MIN_LENGTH], True),
    ],
)
def test_what_many_write_has_no_sketch(text: str, is_long: bool) -> None:
    short, long, last = sketches(["Thanks!", text, HONEST])
    assert (short is None, long is not None, last is not None) == (True, is_long, True)


def test_sketches_are_compared_with_those_that_were_stored_before() -> None:
    content = stored(sketch("the quick brown fox jumps over the lazy dog and is gone"))
    assert hashlib.sha256(content).hexdigest()[:16] == "aef8bfeb962dc8d6"


def test_a_sketch_comes_back_as_it_was_stored() -> None:
    before = sketch(FIRST)
    after = restored(stored(before))
    assert after.dtype == np.uint32
    assert after.tolist() == before.tolist()


def numbers(*common: int) -> Sketch:
    """Return a sketch that has, of those of `numbers(*range(128))`, the numbers at these places."""
    made = np.arange(PERMUTATIONS, dtype=np.uint32) + 1000
    made[list(common)] -= 1000
    return made


@pytest.mark.parametrize(
    ("common", "shared"),
    [((3, 4, 5), [1]), ((0, 1, 2, 45, 46, 47), [0, 15]), ((3, 4, 6, 48, 49, 50), [])],
    ids=["a run", "the first and the last", "no run"],
)
def test_texts_share_a_band_for_each_run_of_three_numbers(
    common: tuple[int, ...], shared: list[int]
) -> None:
    whole, other = bands(numbers(*range(PERMUTATIONS))), bands(numbers(*common))
    assert set(whole) & set(other) == {whole[i] for i in shared}


def test_the_same_run_at_another_place_is_another_band() -> None:
    assert len(set(bands(np.zeros(PERMUTATIONS, dtype=np.uint32)))) == BANDS


def test_bands_are_looked_up_by_those_that_were_stored_before() -> None:
    found = bands(numbers(*range(PERMUTATIONS)))
    assert (found[0], found[-1]) == (7435226870766961919, 1279155600702423122)
