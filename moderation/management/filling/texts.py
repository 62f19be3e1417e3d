"""Texts of made-up words whose frequencies follow Zipf's law, as those of real texts do."""

from itertools import accumulate
from random import Random

SYLLABLES = ("ka", "lo", "mi", "ren", "sta", "tu", "vor", "we", "zin", "del", "ga", "hun", "ol")
WORDS = 20_000
# What stands in a good part of all texts, as the first words of a language do.
COMMON = ("the", "and", "of", "that", "with")
SHORTEST, LONGEST = 5, 60


class Texts:
    """A source of texts; the same `random` gives the same texts."""

    def __init__(self, random: Random) -> None:
        self._random = random
        made = {"".join(random.choices(SYLLABLES, k=random.randint(2, 4))) for _ in range(WORDS)}
        self._words = [*COMMON, *sorted(made)]
        self._weights = list(accumulate(1 / rank for rank in range(1, len(self._words) + 1)))

    def body(self) -> str:
        """Return a text of lower-case words, a space between two."""
        number = self._random.randint(SHORTEST, LONGEST)
        return " ".join(self._random.choices(self._words, cum_weights=self._weights, k=number))

    def name(self) -> str:
        """Return the name of a person."""
        return " ".join(self._random.choices(self._words, k=2)).title()
