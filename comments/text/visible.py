"""What of a text can be seen, and what only moves or hides the text around it.

Unicode has characters without a glyph, characters that turn the direction of what follows, and
marks that stack without end. Names, titles and comments stand among other people's: they are shown
without those that reach beyond themselves.
"""

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from html import unescape

import re2

# Embeddings, overrides and isolates (Unicode UAX #9): they turn what stands behind them.
DIRECTION_CONTROLS = "\u202a-\u202e\u2066-\u2069"
# Default_Ignorable_Code_Point (Unicode, DerivedCoreProperties.txt): shown as nothing.
DEFAULT_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Not ignorable by their property, and yet blank in fonts: Braille without dots, annotation marks,
# the null note head, the Khitan filler, and the blanks and controls of Egyptian hieroglyphs.
BLANK = "\u2800\ufff9-\ufffb\U0001d159\U00013430-\U00013440\U00013441\U00013442\U00016fe4"
# Categories of what is nothing by itself: spaces, controls, surrogates, private use; and marks,
# which need a letter.
_NOTHING = frozenset({"Zs", "Zl", "Zp", "Cc", "Cs", "Co", "Mn", "Me", "Mc"})
_INVISIBLE = re.compile(f"[{DEFAULT_IGNORABLE}{BLANK}]")
_CONTROLS = re.compile(f"[{DIRECTION_CONTROLS}]")
_TAG = re2.compile(r"<[^>]*>")

# A flag of a region is a black flag with letters in tags and an end (Unicode UTS #51, ED-14a).
_FLAG = r"\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f"
# What joins letters and emoji, or chooses how they look: of use only behind something visible.
_SHAPING = (
    r"(?<=[^\s\u200c\u200d])[\u200c\u200d\ufe00-\ufe0f\u180b-\u180d\u180f\U000e0100-\U000e01ef]"
)
# Old Korean is written with fillers among its letters.
_JAMO = r"(?<=[\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb])[\u115f\u1160]|\u115f(?=[\u1160-\u11a7])"
_OF_USE = re.compile(rf"({_FLAG}|{_SHAPING}|{_JAMO})|[{DEFAULT_IGNORABLE}{BLANK}]")
# Line breaks and other controls in what is one line.
_SPACES = re2.compile(r"[\pZ\p{Cc}]+")
_UNSHOWN = re2.compile(r"[\p{Cs}\p{Co}]+")

_ZEROS = re.compile(r"\u200d{2,}|\u200c{2,}")
# How many marks one letter may carry, which is more than any script needs: above it, below it, as
# subjoined letters of Tibetan, of all others (Hebrew points, Arabic and Thai vowels); and of one.
MOST = {"above": 3, "below": 3, "subjoined": 8, "others": 6}
MOST_ALIKE = 2
# Combining classes (UAX #44, table 15).
_ABOVE, _BELOW = (
    frozenset({214, 216, 228, 230, 232, 234}),
    frozenset({202, 218, 220, 222, 233, 240}),
)
_STACK = re2.compile(r"[\p{Mn}\p{Me}][\pM\p{Cf}]{2,}")


def is_visible(text: str) -> bool:
    """Return whether a reader sees anything of a text."""
    return any(unicodedata.category(letter) not in _NOTHING for letter in _INVISIBLE.sub("", text))


def shows_text(html: str) -> bool:
    """Return whether a reader sees any text of sanitised HTML."""
    return is_visible(unescape(_TAG.sub("", html)))


def contained(text: str) -> str:
    """Return a text without what reaches beyond it: direction controls and towers of marks."""
    if text.isascii():
        return text
    return str(_STACK.sub(_lowered, _CONTROLS.sub("", text)))


@lru_cache(maxsize=4096)
def one_line(text: str) -> str:
    """Return a name or title as it is shown: in one line, without what can't be seen in it.

    Flags, emoji and the joiners of Persian and Indian scripts stay as they are. Direction marks go,
    since each name is shown with a direction of its own.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    kept = _OF_USE.sub(lambda match: match[1] or "", _ZEROS.sub(lambda match: match[0][0], text))
    return str(_SPACES.sub(" ", _UNSHOWN.sub("", contained(kept)))).strip()


def _lowered(stack: re.Match[str]) -> str:
    """Return a run of marks with no more of each kind than one letter may carry."""
    numbers: Counter[str] = Counter()
    kept = []
    for mark in stack[0]:
        if unicodedata.category(mark) in ("Mn", "Me"):
            kind = _kind(mark)
            numbers.update((kind, mark))
            if numbers[kind] > MOST[kind] or numbers[mark] > MOST_ALIKE:
                continue
        kept.append(mark)
    return "".join(kept)


def _kind(mark: str) -> str:
    if "\u0f8d" <= mark <= "\u0fbc":
        return "subjoined"
    combining_class = unicodedata.combining(mark)
    if combining_class in _ABOVE:
        return "above"
    return "below" if combining_class in _BELOW else "others"
