"""Remember what the encoder said of a sentence: reading takes long, and heads are fitted often."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml.context.second_reader import Reads
from ml.progress import with_progress

AT_ONCE = 512


class Remembering:
    """An encoder that reads each sentence once, and keeps what it found in a file, if one is given.

    The file is of one encoder: another one needs another file.
    """

    def __init__(self, encoder: Reads, file: Path | None = None) -> None:
        self._encoder, self._file = encoder, file
        self._known: dict[str, NDArray[np.float64]] = {}
        if file and file.exists():
            with np.load(file, allow_pickle=False) as saved:
                self._known = dict(zip(saved["digests"].tolist(), saved["log_odds"], strict=True))

    def log_odds(self, sentences: Sequence[str]) -> NDArray[np.float64]:
        """Return the log odds of each category, of shape (sentences, categories)."""
        digests = [_digest(text) for text in sentences]
        texts = {d: t for d, t in zip(digests, sentences, strict=True) if d not in self._known}
        new = sorted(texts, key=lambda digest: len(texts[digest]))
        for start in with_progress(range(0, len(new), AT_ONCE), "Reading"):
            some = new[start : start + AT_ONCE]
            found = self._encoder.log_odds([texts[digest] for digest in some])
            self._known.update(zip(some, found, strict=True))
        return np.array([self._known[digest] for digest in digests])

    def can_read(self, sentence: str) -> bool:
        """Return whether the encoder can read a sentence."""
        return self._encoder.can_read(sentence)

    def save(self) -> None:
        """Write what was found into the file."""
        if self._file:
            digests, log_odds = np.array([*self._known]), np.array([*self._known.values()])
            np.savez(self._file, digests=digests, log_odds=log_odds)


def _digest(sentence: str) -> str:
    return hashlib.sha256(sentence.encode("utf-8", "replace")).hexdigest()[:24]
