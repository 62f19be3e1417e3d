"""Tricks change what is written and not what is read; templates always fill."""

import random

import pytest

from ml import synthetic, tricks
from ml.dataset import part
from ml.text import normalise

LOSSLESS = ("look_alike", "invisible", "stacked", "full_width", "mathematical", "spaced", "dotted")


@pytest.mark.parametrize("name", tricks.TRICKS)
def test_a_trick_changes_the_words_and_nothing_else(name: str) -> None:
    done = tricks.apply(tricks.TRICKS[name], "a plastic x1", share=1, chance=random.Random(3))
    assert done.startswith("a ")
    assert done.endswith(" x1")
    assert done != "a plastic x1"


@pytest.mark.parametrize("name", LOSSLESS)
def test_it_is_undone(name: str) -> None:
    chance = random.Random(1)
    for word in ("plastic", "monday", "keyboard"):
        assert normalise(tricks.TRICKS[name](word, chance)) == word


def test_templates_leave_no_slot_open() -> None:
    for row in synthetic.rows(each=300, seed=1):
        assert "{" not in f"{row.text}{row.author_name}{row.author_url}"


def test_a_campaign_stays_in_one_part() -> None:
    offer = "Buy {} watches today and win a prize at our new shop http://x.example/{} now"
    assert len({part(offer.format("", number)) for number in range(50)}) == 1
