"""Obfuscations by which writers hide words from filters: to train against, and to measure."""

import random
from collections.abc import Callable, Mapping, Sequence

Obfuscation = Callable[[str, random.Random], str]

_LEET = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7", "l": "1"}
_CYRILLIC_LOOKALIKES = {
    "a": "а",
    "e": "е",
    "o": "о",
    "p": "р",
    "c": "с",
    "x": "х",
    "i": "і",
    "s": "ѕ",
    "y": "у",
}
_ACCENTS = {"a": "áàâä", "e": "éèêë", "i": "íìîï", "o": "óòôö", "u": "úùûü", "c": "ç", "n": "ñ"}
_INVISIBLE = "\u200b\u200c\u2060\u00ad"
_STRIKETHROUGH_MARKS = "\u0336\u0335\u0332\u0338"


def leet(word: str, rng: random.Random) -> str:
    """Replace letters with digits and signs that resemble them (leetspeak)."""
    return _substitute(word, _LEET, rng)


def look_alike(word: str, rng: random.Random) -> str:
    """Replace Latin letters with Cyrillic homoglyphs."""
    return _substitute(word, _CYRILLIC_LOOKALIKES, rng)


def accents(word: str, rng: random.Random) -> str:
    """Add accents to letters."""
    return _substitute(word, _ACCENTS, rng)


def invisible(word: str, rng: random.Random) -> str:
    """Insert a zero-width character between letters."""
    position = rng.randrange(1, len(word))
    return word[:position] + rng.choice(_INVISIBLE) + word[position:]


def stacked(word: str, rng: random.Random) -> str:
    """Strike through every letter with a combining mark."""
    return "".join(letter + rng.choice(_STRIKETHROUGH_MARKS) for letter in word)


def full_width(word: str, rng: random.Random) -> str:
    """Replace ASCII with full-width characters."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)


def mathematical(word: str, rng: random.Random) -> str:
    """Replace letters with mathematical bold letters."""
    return "".join(chr(0x1D41A + ord(c) - 97) if "a" <= c <= "z" else c for c in word.lower())


def spaced(word: str, rng: random.Random) -> str:
    """Put spaces between the letters."""
    return " ".join(word)


def dotted(word: str, rng: random.Random) -> str:
    """Put punctuation between the letters."""
    return rng.choice(".-_*").join(word)


def stretched(word: str, rng: random.Random) -> str:
    """Repeat one letter."""
    position = rng.randrange(len(word))
    return word[:position] + word[position] * rng.randint(3, 6) + word[position + 1 :]


def starred(word: str, rng: random.Random) -> str:
    """Replace one inner letter with an asterisk."""
    position = rng.randrange(1, len(word) - 1)
    return word[:position] + "*" + word[position + 1 :]


def swapped(word: str, rng: random.Random) -> str:
    """Swap two inner letters."""
    position = rng.randrange(1, len(word) - 1)
    return word[:position] + word[position : position + 2][::-1] + word[position + 2 :]


OBFUSCATIONS: Mapping[str, Obfuscation] = {
    obfuscate.__name__: obfuscate
    for obfuscate in (
        leet, look_alike, accents, invisible, stacked, full_width, mathematical, spaced, dotted,
        stretched, starred, swapped,
    )
}  # fmt: skip


def apply(obfuscate: Obfuscation, text: str, *, share: float, rng: random.Random) -> str:
    """Return a text with about this share of its words of 3 to 15 letters obfuscated."""
    words = text.split(" ")
    return " ".join(
        obfuscate(word, rng)
        if 3 <= len(word) <= 15 and word.isalpha() and rng.random() < share
        else word
        for word in words
    )


def _substitute(word: str, table: Mapping[str, Sequence[str]], rng: random.Random) -> str:
    return "".join(
        rng.choice(table[c.lower()]) if c.lower() in table and rng.random() < 0.7 else c
        for c in word
    )
