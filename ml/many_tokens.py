"""Tokenize many pre-tokens at once: plain words by one regular expression, the others one by one.

Most of what is new in a text is a plain word, and one search through all of them costs a third of
a search through each.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ml.tokens import SPECIAL_PREFIX, tokenize, tokenize_plain_word

_PUNCTUATION = r"[.,;:()\"']*+"
# A line for each pre-token: a word in one alphabet, perhaps with an apostrophe or hyphens; a
# number; exclamation and question marks; or else the whole line. Surrounding punctuation is no part
# of it.
_LATIN = "[A-Za-zÀ-ÖØ-öø-ÿ]"
_LINE = re.compile(
    rf"^(?:{_PUNCTUATION}(?:"
    rf"([A-Za-z]{{1,32}}|{_LATIN}{{1,14}}(?:['’]{_LATIN}{{1,14}})?"
    rf"|{_LATIN}{{1,24}}|[A-Za-z]{{2,14}}-[A-Za-z]{{2,14}}"
    r"|[а-яёА-ЯЁ]{1,32}|[가-힣]{1,32}|[ぁ-ゖァ-ヺ一-鿿]{1,32}|[ء-غف-ي]{1,32})"
    rf"|([0-9]{{1,32}}))([!?]*+){_PUNCTUATION}$|(.+)$)",
    re.MULTILINE,
)
# Below “A” there is no letter of a plain word.
_FIRST_LETTER = ord("A")


def tokenize_all(pre_tokens: Sequence[str]) -> list[list[str]]:
    """Return what `tokenize` does for each pre-token, in their order."""
    joined = "\n".join(pre_tokens)
    lines = _LINE.findall(joined)
    if len(lines) != len(pre_tokens):  # the rare one with a line break in it
        return [tokenize(pre_token) for pre_token in pre_tokens]
    found = []
    repeats = _with_repeated_letters(joined.casefold())
    for number, (word, digits, marks, other) in enumerate(lines):
        if other or number in repeats:
            found.append(tokenize(pre_tokens[number]))
        elif word:
            found.append(tokenize_plain_word(pre_tokens[number], word, marks))
        else:
            tokens = [f"{SPECIAL_PREFIX}digits {min(len(digits), 3)}"]
            found.append([*tokens, f"{SPECIAL_PREFIX}{marks[:3]}"] if marks else tokens)
    return found


def _with_repeated_letters(text: str) -> set[int]:
    """Return the numbers of the lines that may have the same letter three times in a row."""
    points: NDArray[np.uint32] = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)
    middle = points[1:-1]
    repeated = (middle == points[:-2]) & (middle == points[2:]) & (middle >= _FIRST_LETTER)
    at = np.flatnonzero(repeated)
    if not len(at):
        return set()
    return set(np.searchsorted(np.flatnonzero(points == ord("\n")), at).tolist())
