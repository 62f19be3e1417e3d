"""Tricks by which writers hide words from filters: to train against, and to measure with."""

import random
from collections.abc import Callable, Mapping, Sequence

Trick = Callable[[str, random.Random], str]

_LEET = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7", "l": "1"}
_DOUBLES = {
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
_STACKED = "\u0336\u0335\u0332\u0338"


def leet(word: str, chance: random.Random) -> str:
    """Replace letters with digits and signs that resemble them."""
    return _some(word, _LEET, chance)


def look_alike(word: str, chance: random.Random) -> str:
    """Replace letters with Cyrillic ones that look the same."""
    return _some(word, _DOUBLES, chance)


def accents(word: str, chance: random.Random) -> str:
    """Put accents on vowels."""
    return _some(word, _ACCENTS, chance)


def invisible(word: str, chance: random.Random) -> str:
    """Put a character without width between letters."""
    place = chance.randrange(1, len(word))
    return word[:place] + chance.choice(_INVISIBLE) + word[place:]


def stacked(word: str, chance: random.Random) -> str:
    """Strike every letter through with a combining mark."""
    return "".join(letter + chance.choice(_STACKED) for letter in word)


def full_width(word: str, chance: random.Random) -> str:
    """Write the word in full-width letters."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)


def mathematical(word: str, chance: random.Random) -> str:
    """Write the word in bold mathematical letters."""
    return "".join(chr(0x1D41A + ord(c) - 97) if "a" <= c <= "z" else c for c in word.lower())


def spaced(word: str, chance: random.Random) -> str:
    """Write the letters apart."""
    return " ".join(word)


def dotted(word: str, chance: random.Random) -> str:
    """Put signs between the letters."""
    return chance.choice(".-_*").join(word)


def stretched(word: str, chance: random.Random) -> str:
    """Repeat one letter."""
    place = chance.randrange(len(word))
    return word[:place] + word[place] * chance.randint(3, 6) + word[place + 1 :]


def starred(word: str, chance: random.Random) -> str:
    """Hide one inner letter behind an asterisk."""
    place = chance.randrange(1, len(word) - 1)
    return word[:place] + "*" + word[place + 1 :]


def swapped(word: str, chance: random.Random) -> str:
    """Swap two inner letters."""
    place = chance.randrange(1, len(word) - 1)
    return word[:place] + word[place : place + 2][::-1] + word[place + 2 :]


TRICKS: Mapping[str, Trick] = {
    trick.__name__: trick
    for trick in (
        leet, look_alike, accents, invisible, stacked, full_width, mathematical, spaced, dotted,
        stretched, starred, swapped,
    )
}  # fmt: skip


def apply(trick: Trick, text: str, *, share: float, chance: random.Random) -> str:
    """Return a text with a trick played on about this share of its words of 3 to 15 letters."""
    words = text.split(" ")
    return " ".join(
        trick(word, chance)
        if 3 <= len(word) <= 15 and word.isalpha() and chance.random() < share
        else word
        for word in words
    )


def _some(word: str, table: Mapping[str, Sequence[str]], chance: random.Random) -> str:
    return "".join(
        chance.choice(table[c.lower()]) if c.lower() in table and chance.random() < 0.7 else c
        for c in word
    )
