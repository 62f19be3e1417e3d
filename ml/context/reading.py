"""What the encoder reads: the text alone, as a person reads it; in training and in serving."""

import re
import unicodedata
from functools import lru_cache

from ml.links import LINK
from ml.text import normalise
from ml.tokens import Record, text_of

# The beginning that is read: of more, the classifier of words alone is the judge.
READ_CHARACTERS = 2000
# Word pieces, with the two marks at the ends; the encoder was trained on so many.
MAX_PIECES = 96
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b50]")


def sentence(record: Record) -> str:
    """Return the text of a record in lower case, without links, handles, markup and obfuscation.

    Emoji are written as their names, since the encoder's vocabulary has none. The author's name and
    website are not read. May be empty.
    """
    text = LINK.sub(" ", text_of(record)[:READ_CHARACTERS])
    return _EMOJI.sub(lambda emoji: _name(emoji[0]), normalise(text)).strip()


@lru_cache(maxsize=5000)
def _name(emoji: str) -> str:
    return f" {unicodedata.name(emoji, '').lower()} "
