"""Features: words, parts of words, pairs of words, and the shape of a text, hashed.

What a word contributes does not depend on the text around it, so it is worked out once and kept:
a text costs a look-up for each of its words.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import murmurhash3_32

from ml.text import LONGEST, normalise

Record = Mapping[str, Any] | str
Indices = NDArray[np.int32]

TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[!?$€£%]+|[\U0001f000-\U0001faff\u2600-\u27bf]")
LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]+", re.IGNORECASE)
MOST_TOKENS = 3000
LONGEST_TOKEN = 32


class SubwordFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turns records into rows of a sparse matrix of width 2**bits, each of length 1.

    Stateless: `fit` learns nothing. A record is a text, or a mapping with `text` and perhaps
    `author_url`.

    Parameters
    ----------
    bits : the width of the hash, in bits.
    shortest, longest : the length of the parts of words, in characters, bounds included.
    """

    def __init__(self, bits: int = 19, shortest: int = 3, longest: int = 5) -> None:
        self.bits, self.shortest, self.longest = bits, shortest, longest

    def fit(self, records: Sequence[Record], labels: Any = None) -> "SubwordFeatures":
        """Return itself."""
        return self

    def transform(self, records: Sequence[Record]) -> sp.csr_matrix:
        """Return one row for each record, in their order; float32."""
        rows = [self._indices(record) for record in records]
        sizes = np.array([len(row) for row in rows], dtype=np.int64)
        starts = np.concatenate([[0], np.cumsum(sizes)])
        indices = np.concatenate(rows) if rows else np.empty(0, np.int32)
        weights = np.repeat(1 / np.sqrt(np.maximum(sizes, 1)), sizes).astype(np.float32)
        shape = (len(rows), 2**self.bits)
        return sp.csr_matrix((weights, indices, starts), shape=shape)

    def _indices(self, record: Record) -> Indices:
        text, marks = _read(record)
        tokens = TOKEN.findall(text)[:MOST_TOKENS]
        unique = dict.fromkeys(token[:LONGEST_TOKEN] for token in tokens)
        args = (self.bits, self.shortest, self.longest)
        parts = [_word(token, *args) for token in unique]
        return np.unique(np.concatenate([*parts, self._pairs(tokens), self._marks(marks)]))

    def _pairs(self, tokens: Sequence[str]) -> Indices:
        if len(tokens) < 2:
            return np.empty(0, np.int32)
        args = (self.bits, self.shortest, self.longest)
        ids = np.array([_word(t[:LONGEST_TOKEN], *args)[0] for t in tokens], np.uint32)
        mixed = ids[:-1] * np.uint32(0x9E3779B1) + ids[1:] * np.uint32(0x85EBCA6B)
        # The upper bits of a product are the well-mixed ones.
        return (mixed >> np.uint32(32 - self.bits)).astype(np.int32)

    def _marks(self, marks: Sequence[str]) -> Indices:
        mask = 2**self.bits - 1
        return np.array([murmurhash3_32(m, positive=True) & mask for m in marks], np.int32)


@lru_cache(maxsize=200_000)
def _word(token: str, bits: int, shortest: int, longest: int) -> Indices:
    """Return the hashes of a word, which comes first, and of its parts."""
    framed = f"<{token}>"
    parts = [framed]
    for size in range(shortest, longest + 1):
        parts += [framed[i : i + size] for i in range(len(framed) - size + 1)]
    mask = 2**bits - 1
    encoded = (part.encode("utf-8", "replace") for part in parts)
    return np.array([murmurhash3_32(part, positive=True) & mask for part in encoded], np.int32)


def _read(record: Record) -> tuple[str, list[str]]:
    """Return the words of a record, without its links, and the marks of its shape."""
    fields: Mapping[str, Any] = {"text": record} if isinstance(record, str) else record
    text = str(fields.get("text") or "")[:LONGEST]
    links = LINK.findall(text)
    website = str(fields.get("author_url") or "")
    words = normalise(LINK.sub(" ", text) if links else text)
    return words, list(_shape(text, [*links, *([website] if website else [])]))


def _shape(text: str, links: Sequence[str]) -> Iterator[str]:
    """Yield what is telling about a text apart from its words, as words of our own."""
    yield f"\x01links {min(len(links), 4)}"
    for link in links[:20]:
        yield from _link_marks(link)
    letters = sum(c.isalpha() for c in text)
    yield f"\x01capitals {_tenths(sum(c.isupper() for c in text), letters) if letters > 8 else 0}"
    yield f"\x01digits {_tenths(sum(c.isdigit() for c in text), len(text))}"
    yield f"\x01shouts {min(text.count('!'), 4)}"
    if "<a " in text or "[url" in text.lower():
        yield "\x01markup"


def _link_marks(link: str) -> Iterator[str]:
    try:
        host = urlsplit(link if "//" in link else f"//{link}").hostname or ""
    except ValueError:
        host = ""
    labels = host.lower().removeprefix("www.").split(".")
    yield f"\x01suffix {labels[-1][:20]}"
    if len(labels) > 1:
        yield f"\x01host {labels[-2][:40]}"
    for word in re.findall(r"[a-z]{3,}", link.lower())[:12]:
        yield f"\x01in link {word[:20]}"


def _tenths(part: int, whole: int) -> int:
    return int(10 * part / max(whole, 1) + 0.5)
