"""Letters of other alphabets as the Latin ones that they are variants of, or look like."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from confusable_homoglyphs import confusables  # type: ignore[import-untyped]

_LATIN_LETTER_NAME = re.compile(
    r"(?:SMALL CAPITAL|CAPITAL LETTER|SMALL LETTER) ([A-Z])(?: WITH .*)?$"
)
_LATIN_LETTER = re.compile(r"[A-Za-z]")
# No letter of these scripts is a variant of a Latin one, or looks like one.
_WITHOUT_VARIANTS = re.compile(r"[\x00-\x7f、。「」ぁ-ヺ一-鿿가-힣]*")
# Of so many letters at most is remembered what they are read as.
MAX_LETTERS = 20_000


class LetterTable(dict[int, str]):
    """A table for `str.translate` that is filled in by a function of letters as they are met."""

    def __init__(self, replacement: Callable[[str], str]) -> None:
        super().__init__()
        self._replacement = replacement

    def __missing__(self, point: int) -> str:
        letter = self._replacement(chr(point))
        if len(self) < MAX_LETTERS:
            self[point] = letter
        return letter


def has_latin_variants(text: str) -> bool:
    """Return whether a text may have letters that are variants of Latin ones, or look like them."""
    return _WITHOUT_VARIANTS.fullmatch(text) is None


def without_accents(word: str) -> str:
    """Return a word with the Latin letters that its letters are variants of, by their names.

    So é gives e, ø gives o; letters of other scripts are unchanged.
    """
    return word.translate(_BASE_LETTERS)


def with_latin_lookalikes(word: str) -> str:
    """Return a word with the Latin letters that its letters look like (UTS #39)."""
    return word.translate(_LATIN_LOOKALIKES)


def _base_letter(letter: str) -> str:
    name = unicodedata.name(letter, "")
    match = _LATIN_LETTER_NAME.search(name) if name.startswith("LATIN") else None
    return match[1].lower() if match else letter


def _latin_lookalike(letter: str) -> str:
    return _latin_lookalikes().get(letter, letter)


@lru_cache(maxsize=1)
def _latin_lookalikes() -> dict[str, str]:
    table = {}
    for letter, others in confusables.confusables_data.items():
        latin = [o["c"] for o in others if len(o["c"]) == 1 and o["c"].isascii()]
        if len(letter) == 1 and not letter.isascii() and latin and latin[0].isalpha():
            table[letter] = latin[0]
    return table


def _enclosed(letter: str) -> str:
    """Return the letter inside a square or circle that NFKC leaves, or of a small capital."""
    name = unicodedata.name(letter, "")
    if "SMALL CAPITAL" in name or ("NEGATIVE" in name and "CAPITAL LETTER" in name):
        return name[-1].lower() if name[-2:-1] == " " else letter
    return letter


_BASE_LETTERS = LetterTable(_base_letter)
_LATIN_LOOKALIKES = LetterTable(_latin_lookalike)
_ENCLOSED_LETTERS = LetterTable(_enclosed)


def folded_to_latin(chunk: str) -> str:
    """Return a chunk with homoglyphs replaced if it has Latin letters."""
    chunk = chunk.translate(_ENCLOSED_LETTERS)
    return with_latin_lookalikes(chunk) if _LATIN_LETTER.search(chunk) else chunk
