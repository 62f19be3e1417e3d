"""Templates of short sentences: the same words, forms and groups on both sides."""

import random
import re
from collections import Counter

import pytest

from ml import short

HOSTILE, CALM = ("exclusion", "insulting"), ("group_calm", "denials", "compliments", "everyday")
ROWS = list(short.rows(per_language=400, seed=3))


@pytest.mark.parametrize("language", short.LANGUAGES)
def test_every_slot_of_a_template_has_words(language: str) -> None:
    table = short.LANGUAGES[language]
    rng = random.Random(1)
    for kind in (*HOSTILE, *CALM):
        for template in table[kind]:
            assert not re.search(r"[{}]", short.filled(template, table["slots"], rng))


@pytest.mark.parametrize("language", short.LANGUAGES)
def test_no_template_is_hostile_and_calm_at_once(language: str) -> None:
    table = short.LANGUAGES[language]
    hostile, calm = ({t for kind in kinds for t in table[kind]} for kinds in (HOSTILE, CALM))
    assert hostile.isdisjoint(calm)


@pytest.mark.parametrize("language", short.LANGUAGES)
@pytest.mark.parametrize("slot", ["groups", "insult", "mean"])
def test_groups_and_insults_are_in_calm_sentences_as_well(language: str, slot: str) -> None:
    table = short.LANGUAGES[language]
    for kinds in (HOSTILE, CALM):
        assert any(f"{{{slot}}}" in template for kind in kinds for template in table[kind])


def test_half_of_the_rows_are_hostile() -> None:
    toxic = Counter(row.labels["TOXICITY"] for row in ROWS)
    assert toxic[True] / toxic.total() == pytest.approx(0.5, abs=0.03)


def test_the_same_seed_gives_the_same_rows() -> None:
    assert list(short.rows(per_language=400, seed=3)) == ROWS
