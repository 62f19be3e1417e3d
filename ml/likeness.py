"""What of a text stays the same in the copies of a campaign."""

import re

from ml.links import links_in
from ml.text import MAX_CHARACTERS, normalise

_NO_LETTERS = re.compile(r"[\W\d_]+")


def letters(text: str) -> str:
    """Return the words of a text, in lower case and with one space between, without what varies.

    Without links, numbers and punctuation, and with the disguises of letters undone.
    """
    chunks = (chunk for chunk in text[:MAX_CHARACTERS].split() if not links_in(chunk))
    return _NO_LETTERS.sub(" ", normalise(" ".join(chunks))).strip()
