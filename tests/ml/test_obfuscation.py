"""Obfuscations change what is written and not what is read; templates are filled."""

import random

import pytest

from ml import obfuscation, synthetic
from ml.dataset import split_of
from ml.text import normalise

LOSSLESS = ("look_alike", "invisible", "stacked", "full_width", "mathematical", "spaced", "dotted")


@pytest.mark.parametrize("name", obfuscation.OBFUSCATIONS)
def test_an_obfuscation_changes_the_words_and_nothing_else(name: str) -> None:
    obfuscated = obfuscation.apply(
        obfuscation.OBFUSCATIONS[name], "a plastic x1", share=1, rng=random.Random(3)
    )
    assert obfuscated.startswith("a ")
    assert obfuscated.endswith(" x1")
    assert obfuscated != "a plastic x1"


@pytest.mark.parametrize("name", LOSSLESS)
def test_normalising_undoes_a_lossless_obfuscation(name: str) -> None:
    rng = random.Random(1)
    for word in ("plastic", "monday", "keyboard"):
        assert normalise(obfuscation.OBFUSCATIONS[name](word, rng)) == word


def test_templates_are_filled_completely() -> None:
    for row in synthetic.rows(per_kind=300, seed=1):
        assert "{" not in f"{row.text}{row.author_name}{row.author_url}"


def test_the_texts_of_a_campaign_share_a_split() -> None:
    offer = "Buy {} watches today and win a prize at our new shop http://x.example/{} now"
    assert len({split_of(offer.format("", number)) for number in range(50)}) == 1
