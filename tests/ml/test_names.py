"""Made-up signatures: names in three parts that have none in common."""

import random
from itertools import combinations

import pytest

from ml import names, usage
from ml.dataset import Row


@pytest.mark.parametrize("kind", ["given", "surnames"])
def test_what_is_learned_from_is_not_what_is_measured_with(kind: str) -> None:
    parts = [set(names.of(kind, part)) for part in names.PARTS]  # type: ignore[arg-type]
    assert all(len(part) > 800 for part in parts)
    assert all(not one & other for one, other in combinations(parts, 2))


def test_surnames_that_are_insults_elsewhere_are_in_no_part() -> None:
    listed = {
        n for part in names.PARTS for kind in ("given", "surnames") for n in names.of(kind, part)
    }
    assert not listed & names.AMBIGUOUS


def test_the_same_seed_gives_the_same_names() -> None:
    first, again = ([names.ordinary(random.Random(3), "test") for _ in range(5)] for _ in range(2))
    assert first == again


def test_comments_are_signed_with_names_of_many_cultures() -> None:
    rows = usage.signed([Row("x", {}, "made_up")] * 300, seed=1)
    assert len({row.author_name for row in rows}) > 200
