"""Save and load a classifier: arrays, a manifest and a model card. Nothing is ever unpickled.

An artifact is a directory with `classifier.npz` (numeric arrays), `manifest.json` (version, digest,
categories, thresholds, metrics, environment) and `card.md`.
"""

import hashlib
import json
import os
import platform
import unicodedata
import zipfile
from collections.abc import Mapping
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml import proof
from ml.classifier import Classifier

# Incremented whenever tokens, hashing or arrays change their meaning.
FORMAT_VERSION = 4
RELEASED = Path(__file__).parent / "artifacts" / "released"
ARRAYS = ("weights", "biases", "slopes", "shifts", "vocabulary")
REQUIRED_KEYS = ("version", "sha256", "categories", "thresholds", "environment", "proof")
# How far a score may be from the recorded one: sums are rounded otherwise on another machine.
TOLERANCE = 1e-6
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


class ArtifactError(Exception):
    """An artifact that can't be used; the message says what to do."""


class ArtifactMissing(ArtifactError):
    """There is no artifact."""


class ArtifactIncompatible(ArtifactError):
    """The artifact gives other scores here than where it was made."""


class ArtifactCorrupt(ArtifactError):
    """The files are not those that were saved."""


def save(
    arrays: Mapping[str, NDArray[Any]],
    directory: Path,
    *,
    metadata: Mapping[str, Any],
    card: str = "",
) -> Path:
    """Write an artifact file by file, each atomically; return the directory.

    `metadata` goes into the manifest and has at least `categories` and `thresholds`. The same
    arrays give the same bytes.
    """
    directory.mkdir(parents=True, exist_ok=True)
    content = _npz_bytes({name: arrays[name] for name in ARRAYS}, directory)
    sha256 = hashlib.sha256(content).hexdigest()
    manifest = {
        "format": FORMAT_VERSION,
        "version": sha256[:12],
        "sha256": sha256,
        "environment": _environment(),
        **metadata,
    }
    manifest["proof"] = proof.record(Classifier(arrays, manifest))
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    _write_atomically(directory / "classifier.npz", content)
    _write_atomically(directory / "card.md", card.encode())
    _write_atomically(directory / "manifest.json", text.encode())
    return directory


def load(path: Path | None = None) -> Classifier:
    """Return the classifier of an artifact, by default the released one.

    It proves itself: the texts in its manifest must get the recorded scores, whatever the versions
    of Python and the libraries are. Raises ArtifactMissing, ArtifactIncompatible or
    ArtifactCorrupt.
    """
    directory = path or RELEASED
    manifest = _manifest(directory / "manifest.json")
    file = directory / "classifier.npz"
    if not file.exists() or digest(file) != manifest["sha256"]:
        raise ArtifactCorrupt(f"{file} is not what was saved. Put the whole artifact there again.")
    try:
        classifier = Classifier(read_arrays(directory), manifest)
        largest = proof.largest_difference(classifier, manifest["proof"])
    except (KeyError, ValueError, TypeError, OSError, zipfile.BadZipFile) as error:
        raise ArtifactCorrupt(f"{file} can't be read ({error}). Train it anew.") from None
    if not largest <= TOLERANCE:
        raise ArtifactIncompatible(_of_another_environment(directory, manifest, largest))
    return classifier


def read_arrays(directory: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of an artifact, which `load` has found to be those that were saved."""
    with np.load(directory / "classifier.npz", allow_pickle=False) as arrays:
        return {name: arrays[name] for name in ARRAYS}


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ArtifactMissing(f"There is no {path}. `python -m ml.train` makes one.") from None
    except (ValueError, OSError, RecursionError) as error:
        raise ArtifactCorrupt(f"{path} can't be read: {error}. Put it there again.") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT_VERSION:
        raise ArtifactIncompatible(
            f"{path} is not of format {FORMAT_VERSION}. Train the classifier anew."
        )
    missing = [name for name in REQUIRED_KEYS if name not in manifest]
    if missing:
        raise ArtifactCorrupt(f"{path} lacks {', '.join(missing)}. Put it there again.")
    return manifest


def _of_another_environment(directory: Path, manifest: Mapping[str, Any], difference: float) -> str:
    made_with, here = manifest["environment"], _environment()
    versions = "; ".join(
        f"{name} {made_with.get(name, 'unknown')} there, {here[name]} here"
        for name in here
        if made_with.get(name) != here[name]
    )
    return (
        f"{directory} gives other scores here than where it was made, by up to {difference:.2g} "
        f"({versions or 'with the same versions'}). Install those versions, or train it anew."
    )


def _environment() -> dict[str, str]:
    """Return the versions on which scores may depend."""
    libraries = {name: installed(name) for name in ("scikit-learn", "numpy")}
    return {
        **libraries,
        "python": platform.python_version(),
        "unicode": unicodedata.unidata_version,
    }


def _npz_bytes(arrays: Mapping[str, NDArray[Any]], directory: Path) -> bytes:
    """Return the arrays as a compressed .npz file without timestamps, for reproducible bytes."""
    temporary = directory / f"arrays.{os.getpid()}.zip"
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as file:
                np.lib.format.write_array(file, np.ascontiguousarray(array), allow_pickle=False)
    content = temporary.read_bytes()
    temporary.unlink()
    return content


def _write_atomically(path: Path, content: bytes) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
    temporary.write_bytes(content)
    temporary.replace(path)
