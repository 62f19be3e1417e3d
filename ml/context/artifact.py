"""Save and load the second reader: the encoder, its vocabulary, and a manifest with the head.

It belongs to one classifier of words, beside which its head was fitted, and serves with no other.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ml import artifact, proof
from ml.artifact import digest
from ml.classifier import Classifier
from ml.context.encoder import MODEL_FILE, VOCABULARY_FILE, Encoder, EncoderMissing
from ml.context.english import COMMON_WORDS_FILE
from ml.context.reading import sentence
from ml.context.second_reader import TwoReaders

FORMAT_VERSION = 1
RELEASED = artifact.RELEASED.parent / "second_reader"
FILES = (MODEL_FILE, VOCABULARY_FILE, COMMON_WORDS_FILE)
# What scores depend on beside the files. Thresholds: what is not read again is moved by them.
DECISIVE = ("made_for", "head", "doubt_from", "sure_from", "thresholds")
# How far the log odds may be from the recorded ones. Other processors sum floats in another
# order, which moves them by some millionths; a wrong vocabulary, another normalisation of Unicode
# or a broken runtime moves them by tenths.
TOLERANCE = 1e-3


class SecondReaderAway(Exception):
    """There is no second reader to be trusted; the message says why."""


class Opened(NamedTuple):
    """What scores, and why no second reader does: "" when one does, or none was wanted."""

    classifier: Classifier | TwoReaders
    second_reader_away: str = ""


def open_classifier(
    path: Path | None = None, *, second_reader: bool = True, reader_path: Path | None = None
) -> Opened:
    """Return the classifier of an artifact, with the second reader where it is wanted and works.

    Without it the words decide alone. Raises ArtifactError when there is no classifier of words.
    """
    words = artifact.load(path)
    if not second_reader:
        return Opened(words)
    try:
        return Opened(load(words, reader_path))
    except SecondReaderAway as error:
        return Opened(words, str(error))


def save(directory: Path, *, metadata: Mapping[str, Any], card: str = "") -> Path:
    """Write the manifest and the card beside the encoder's files; return the directory.

    `metadata` has at least `categories` and what is `DECISIVE`.
    """
    digests = {name: digest(directory / name) for name in FILES}
    decisive = [digests, *(metadata[name] for name in DECISIVE)]
    version = hashlib.sha256(json.dumps(decisive).encode()).hexdigest()[:12]
    recorded = Encoder(directory).log_odds(_sentences()).round(6).tolist()
    manifest = {
        **metadata,
        "format": FORMAT_VERSION,
        "version": version,
        "sha256": digests,
        "proof": [
            {"sentence": text, "log_odds": row}
            for text, row in zip(_sentences(), recorded, strict=True)
        ],
    }
    (directory / "card.md").write_text(card, encoding="utf-8")
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (directory / "manifest.json").write_text(text, encoding="utf-8")
    return directory


def load(words: Classifier, path: Path | None = None) -> TwoReaders:
    """Return both readers, by default with the released second one.

    It proves itself: the sentences in its manifest must get the recorded log odds. Raises
    SecondReaderAway.
    """
    directory = path or RELEASED
    manifest = _manifest(directory)
    if manifest.get("made_for") != words.version:
        raise SecondReaderAway(
            f"{directory} was fitted beside the classifier {manifest.get('made_for')}, and this is "
            f"{words.version}. Fit it anew: python -m ml.context.fit_head"
        )
    for name in FILES:
        if not (directory / name).exists() or digest(directory / name) != manifest["sha256"][name]:
            raise SecondReaderAway(f"{directory / name} is not what was saved. Put it there again.")
    try:
        encoder = Encoder(directory)
        readers = TwoReaders(words, encoder, manifest)
        largest = _largest_difference(encoder, manifest["proof"])
    except EncoderMissing as error:
        raise SecondReaderAway(str(error)) from None
    except Exception as error:  # the runtime has no common class for what it can't read
        raise SecondReaderAway(f"{directory} can't be used: {error}") from error
    if not largest <= TOLERANCE:
        raise SecondReaderAway(
            f"{directory} gives other log odds here than where it was made, by up to {largest:.2g}."
        )
    return readers


def _manifest(directory: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    except (ValueError, OSError, RecursionError) as error:
        raise SecondReaderAway(f"{directory} has no manifest that can be read: {error}") from None
    required = ("version", "sha256", "categories", "proof", *DECISIVE)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT_VERSION:
        raise SecondReaderAway(f"{directory} is not of format {FORMAT_VERSION}.")
    if missing := [name for name in required if name not in manifest]:
        raise SecondReaderAway(f"{directory} lacks {', '.join(missing)}.")
    return manifest


def _sentences() -> list[str]:
    return [sentence(record) for record in proof.RECORDS]


def _largest_difference(encoder: Encoder, recorded: Sequence[Mapping[str, Any]]) -> float:
    found = encoder.log_odds([case["sentence"] for case in recorded])
    expected = np.array([case["log_odds"] for case in recorded])
    return float(np.abs(found - expected).max(initial=0))
