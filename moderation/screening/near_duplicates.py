"""Sketches of texts, by which near-duplicates are found: MinHash, and locality by hashing.

Two texts are near-duplicates where at least SIMILAR of the runs of four letters in one or the other
are in both (Jaccard similarity). What a campaign changes from copy to copy (links, numbers,
disguised letters, punctuation) is taken out before. Broder, "On the resemblance and containment of
documents" (1997); Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", chapter 3.
"""

import zlib
from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from moderation.screening import classifier

# The least length in letters: many people write "Thank you very much!".
MIN_LENGTH = 40
SHINGLE = 4
SIMILAR = 0.5
PERMUTATIONS = 128
# Texts that share one of BANDS runs of ROWS numbers are compared: 88 in 100 of those that are
# similar by 0.5, 98 by 0.6, and two by 0.1.
BANDS, ROWS = 16, 3
STORED = np.dtype("<u4")

Sketch: TypeAlias = npt.NDArray[np.uint32]


def sketches(texts: Sequence[str]) -> list[Sketch | None]:
    """Return the sketch of each text; None for one that is so short that others write it, too."""
    # What it brings along takes a third of a second, which no process that only reads need spend.
    from datasketch import MinHash

    letters = [classifier.letters(text) for text in texts]
    long = [_shingles(text) for text in letters if len(text) >= MIN_LENGTH]
    made = MinHash.generator(long, num_perm=PERMUTATIONS, hashfunc=zlib.crc32)
    return [next(made).hashvalues if len(text) >= MIN_LENGTH else None for text in letters]


def similarity(one: Sketch, other: Sketch) -> float:
    """Return the estimate of the Jaccard similarity of two texts, 0 to 1; its error is 0.04."""
    return float(np.count_nonzero(one == other)) / PERMUTATIONS


def bands(sketch: Sketch) -> list[int]:
    """Return a number of 64 bits, with a sign, for each band of a sketch."""
    return [_band(i, sketch[i * ROWS : (i + 1) * ROWS]) for i in range(BANDS)]


def stored(sketch: Sketch) -> bytes:
    """Return a sketch as it is stored."""
    return sketch.astype(STORED).tobytes()


def restored(content: bytes) -> Sketch:
    """Return a stored sketch."""
    return np.frombuffer(content, dtype=STORED).astype(np.uint32)


def _shingles(letters: str) -> list[bytes]:
    return [letters[i : i + SHINGLE].encode() for i in range(len(letters) - SHINGLE + 1)]


def _band(place: int, numbers: Sketch) -> int:
    digest = blake2b(stored(numbers), digest_size=8, key=bytes([place])).digest()
    return int.from_bytes(digest, signed=True)
