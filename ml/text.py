"""Text as the classifier reads it: the same function in training and in serving.

Tricks that hide a word from a filter are undone; ordinary text in any language stays readable.
"""

import re
import unicodedata

from confusable_homoglyphs import confusables

# Nobody reads further either (characters); it bounds the time that one text can take.
LONGEST = 20_000

_INVISIBLE = {"Cf", "Cc", "Cs", "Co"}
_STACKED_MARKS = re.compile("[\u0300-\u036f]+")
_WORD = re.compile(r"\S+")
_SPACED_OUT = re.compile(r"(?<![^\W_])([^\W\d_])(?:[\s.\-_*|/·]{1,2}([^\W\d_])){3,}(?![^\W_])")
_SEPARATORS = re.compile(r"[\s.\-_*|/·]+")
_LEET_LETTER = re.compile(r"(?<=[a-z])[013457$@!](?=[a-z])|(?<![a-z0-9@$!])[013457$](?=[a-z]{2})")
_LEET = str.maketrans("013457$@!", "oieastsai")
_STRETCHED = re.compile(r"([^\W\d])\1{2,}")
_STARRED = re.compile(r"(?<=[^\W\d_])[*#]+(?=[^\W\d_])")


def _lookalikes() -> dict[int, str]:
    """Return the letters that look like a Latin one (Unicode UTS #39), by their code point."""
    table = {}
    for letter, others in confusables.confusables_data.items():
        latin = [o["c"] for o in others if len(o["c"]) == 1 and o["c"].isascii()]
        if len(letter) == 1 and not letter.isascii() and latin and latin[0].isalpha():
            table[ord(letter)] = latin[0]
    return table


_LATIN = _lookalikes()


def normalise(text: str) -> str:
    """Return a text in lower case with its disguises taken off.

    In order: compatibility forms (full width, mathematical letters; NFKC), invisible characters,
    stacked marks, letters of other scripts inside Latin words (UTS #39), letters spelt out one by
    one, digits and signs that stand for letters, stretched letters. Never fails, whatever comes.
    """
    text = unicodedata.normalize("NFKC", text[:LONGEST])
    if not text.isascii():
        text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in _INVISIBLE)
        text = _STACKED_MARKS.sub("", text)
        text = _WORD.sub(lambda word: _one_script(word[0]), text)
    text = text.casefold()
    text = _SPACED_OUT.sub(lambda letters: _SEPARATORS.sub("", letters[0]), text)
    text = _STARRED.sub("", text)
    text = _LEET_LETTER.sub(lambda sign: sign[0].translate(_LEET), text)
    return _STRETCHED.sub(r"\1", text)


def _one_script(word: str) -> str:
    """Return a word that mixes Latin letters with their doubles in Latin letters alone."""
    if any("a" <= c <= "z" or "A" <= c <= "Z" for c in word):
        return word.translate(_LATIN)
    return word
