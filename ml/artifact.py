"""The classifier on disk: arrays, a manifest and a card. Nothing is ever unpickled.

An artifact is a folder with `classifier.npz` (plain numeric arrays), `manifest.json` (version,
digest, categories, thresholds, figures, environment) and `card.md`.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Mapping
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.classifier import Classifier

# Raised whenever tokens, hashing or arrays change their meaning.
FORMAT = 2
RELEASED = Path(__file__).parent / "artifacts" / "released"
ARRAYS = ("weights", "biases", "slopes", "shifts", "vocabulary")
REQUIRED = ("version", "sha256", "categories", "thresholds", "environment")
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


class ArtifactError(Exception):
    """An artifact that can't be used; the message says what to do."""


class ArtifactMissing(ArtifactError):
    """There is no artifact."""


class ArtifactIncompatible(ArtifactError):
    """The artifact was made for other code or another scikit-learn than this."""


class ArtifactCorrupt(ArtifactError):
    """The files are not those that were saved."""


def save(
    arrays: Mapping[str, NDArray[Any]], directory: Path, *, facts: Mapping[str, Any], card: str = ""
) -> Path:
    """Write an artifact aside, then put it in its place; return the directory.

    `facts` go into the manifest: at least `categories` and `thresholds`. The same arrays give the
    same bytes.
    """
    directory.mkdir(parents=True, exist_ok=True)
    content = _packed({name: arrays[name] for name in ARRAYS}, directory)
    sha256 = hashlib.sha256(content).hexdigest()
    environment = {name: installed(name) for name in ("scikit-learn", "numpy")}
    manifest = {
        "format": FORMAT,
        "version": sha256[:12],
        "sha256": sha256,
        "environment": environment,
        **facts,
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    _replace(directory / "classifier.npz", content)
    _replace(directory / "card.md", card.encode())
    _replace(directory / "manifest.json", text.encode())
    return directory


def load(path: Path | None = None) -> Classifier:
    """Return the classifier of an artifact, by default the released one.

    Raises ArtifactMissing, ArtifactIncompatible or ArtifactCorrupt.
    """
    directory = path or RELEASED
    manifest = _manifest(directory / "manifest.json")
    file = directory / "classifier.npz"
    if not file.exists() or digest(file) != manifest["sha256"]:
        raise ArtifactCorrupt(f"{file} is not what was saved. Put the whole artifact there again.")
    try:
        with np.load(file, allow_pickle=False) as arrays:
            return Classifier({name: arrays[name] for name in ARRAYS}, manifest)
    except (KeyError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise ArtifactCorrupt(f"{file} can't be read ({error}). Train it anew.") from None


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
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ArtifactIncompatible(f"{path} is not of format {FORMAT}. Train the classifier anew.")
    missing = [name for name in REQUIRED if name not in manifest]
    if missing:
        raise ArtifactCorrupt(f"{path} lacks {', '.join(missing)}. Put it there again.")
    _check_environment(path, manifest["environment"])
    return manifest


def _check_environment(path: Path, environment: Mapping[str, str]) -> None:
    made, here = environment.get("scikit-learn", "none"), installed("scikit-learn")
    if _minor(made) != _minor(here):
        raise ArtifactIncompatible(
            f"{path} was made with scikit-learn {made}, and {here} is installed. Install "
            f"scikit-learn {_minor(made)}, or train the classifier anew."
        )


def _minor(version: str) -> str:
    return ".".join(str(version).split(".")[:2])


def _packed(arrays: Mapping[str, NDArray[Any]], directory: Path) -> bytes:
    """Return the arrays as a compressed .npz file, without the time at which it was written."""
    aside = directory / f"arrays.{os.getpid()}.zip"
    with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as file:
                np.lib.format.write_array(file, np.ascontiguousarray(array), allow_pickle=False)
    content = aside.read_bytes()
    aside.unlink()
    return content


def _replace(path: Path, content: bytes) -> None:
    aside = path.with_name(f"{path.name}.{os.getpid()}.part")
    aside.write_bytes(content)
    aside.replace(path)
