"""Unicode's compatibility form, in linear time whatever the text is.

`ml.text` has the same, since it imports nothing of the service.
"""

import unicodedata

# As in Unicode's Stream-Safe Text Format (UAX #15).
MAX_STACKED_MARKS = 30
# Letters that become marks in NFKD.
_MARKS_IN_DISGUISE = frozenset("\u0f73\u0f75\u0f81\uff9e\uff9f")


def compatible(text: str) -> str:
    """Return a text in NFKC, without the marks that are stacked higher than 30.

    Marks are sorted by insertion, in time that grows with the square of their number.
    """
    if text.isascii() or unicodedata.is_normalized("NFKC", text):
        return text
    return unicodedata.normalize("NFKC", _without_stacks(text))


def _without_stacks(text: str) -> str:
    stacked, kept = 0, []
    for letter in text:
        is_mark = unicodedata.combining(letter) or letter in _MARKS_IN_DISGUISE
        stacked = stacked + 1 if is_mark else 0
        if stacked <= MAX_STACKED_MARKS:
            kept.append(letter)
    return "".join(kept)
