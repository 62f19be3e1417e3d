"""The classifier on disk: arrays, a manifest and a card. Nothing is ever unpickled.

An artifact is a folder with `classifier.npz` (plain numeric arrays), `manifest.json` (version,
digest, categories, thresholds, figures, environment) and `card.md`.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ml.features import Record
from ml.pipeline import CommentClassifier, build

FORMAT = 1
RELEASED = Path(__file__).parent / "artifacts" / "released"
ARRAYS = ("weights_", "biases_", "slopes_", "shifts_")


class ArtifactError(Exception):
    """An artifact that can't be used; the message says what to do."""


class ArtifactMissing(ArtifactError):
    """There is no artifact."""


class ArtifactIncompatible(ArtifactError):
    """The artifact was made for other code than this."""


class ArtifactCorrupt(ArtifactError):
    """The files are not those that were saved."""


class Classifier:
    """A fitted classifier with its manifest: what serves."""

    def __init__(self, estimator: CommentClassifier, manifest: Mapping[str, Any]) -> None:
        self._estimator = estimator
        self.manifest = manifest
        self.version: str = manifest["version"]
        self.categories: tuple[str, ...] = tuple(manifest["categories"])
        self.thresholds: Mapping[str, Mapping[str, float]] = manifest["thresholds"]

    def score(self, records: Sequence[Record]) -> list[dict[str, float]]:
        """Return the probability (0 to 1) of each category for each record, in their order."""
        if not records:
            return []
        scores = self._estimator.predict_proba(records).astype(float).round(5).tolist()
        return [dict(zip(self.categories, row, strict=True)) for row in scores]


def save(estimator: CommentClassifier, directory: Path, *, facts: Mapping[str, Any]) -> Path:
    """Write an artifact aside, then put it in its place; return the directory.

    `facts` go into the manifest: at least `thresholds`.
    """
    directory.mkdir(parents=True, exist_ok=True)
    arrays = {name: _compact(getattr(estimator, name)) for name in ARRAYS}
    aside = directory / f"classifier.{os.getpid()}.npz"
    np.savez_compressed(aside, **arrays)
    digest = _digest(aside)
    manifest = {
        "format": FORMAT,
        "version": digest[:12],
        "sha256": digest,
        "categories": list(estimator.categories),
        "features": estimator.features.get_params(),
        **facts,
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    aside_manifest = directory / f"manifest.{os.getpid()}.json"
    aside_manifest.write_text(text, encoding="utf-8")
    aside.rename(directory / "classifier.npz")
    aside_manifest.rename(directory / "manifest.json")
    return directory


def load(directory: Path | None = None) -> Classifier:
    """Return the classifier of an artifact, by default the released one.

    Raises ArtifactMissing, ArtifactIncompatible or ArtifactCorrupt.
    """
    directory = directory or RELEASED
    manifest = _manifest(directory)
    path = directory / "classifier.npz"
    if not path.exists() or _digest(path) != manifest["sha256"]:
        raise ArtifactCorrupt(f"{path} is not what was saved. Put the whole artifact there again.")
    estimator = build(manifest["categories"])
    estimator.features.set_params(**manifest["features"])
    with np.load(path, allow_pickle=False) as arrays:
        for name in ARRAYS:
            setattr(estimator, name, arrays[name].astype(np.float32))
    return Classifier(estimator, manifest)


def _manifest(directory: Path) -> dict[str, Any]:
    path = directory / "manifest.json"
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ArtifactMissing(f"There is no {path}. `python -m ml.train` makes one.") from None
    except (ValueError, OSError) as error:
        raise ArtifactCorrupt(f"{path} can't be read: {error}") from None
    if manifest.get("format") != FORMAT:
        raise ArtifactIncompatible(
            f"{path} has format {manifest.get('format')}, and this code reads {FORMAT}. Train anew."
        )
    return manifest


def _compact(array: Any) -> Any:
    # Half precision is far finer than what the data can tell apart.
    return array.astype(np.float16) if array.ndim == 2 else array


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
