"""Labelled rows: reading them, and a split that never changes for the same row."""

import csv
import gzip
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ml.text import normalise
from ml.tokens import Record

# The columns of the data files from which a category is learned; the first that is filled counts.
COLUMNS = {
    "SPAM": ("spam",),
    "TOXICITY": ("toxic",),
    "SEVERE_TOXICITY": ("severe_toxic",),
    "INSULT": ("insult",),
    "THREAT": ("threat",),
    "IDENTITY_ATTACK": ("identity_hate", "hate"),
    "PROFANITY": ("obscene",),
}

Part = Literal["fit", "choose", "calibrate", "test"]
# Changed when choices had been made on the test part: it must be of rows that decided nothing.
SPLIT = "second"


@dataclass(frozen=True, slots=True)
class Row:
    """A comment with what is known of it; a category missing in `labels` is not labelled."""

    text: str
    labels: dict[str, bool]
    source: str
    author_name: str = ""
    author_url: str = ""
    subset: str = ""

    @property
    def record(self) -> Record:
        """The row as the classifier reads it."""
        author = {"author_name": self.author_name, "author_url": self.author_url}
        return {"text": self.text, **author} if any(author.values()) else self.text


def read(path: Path, *, refused: Counter[str] | None = None) -> Iterator[Row]:
    """Yield the rows of a CSV file, gzipped or not; count in `refused` those that can't be used.

    Raises OSError when it can't be read, and ValueError when it has no column “text”.
    """
    csv.field_size_limit(10_000_000)
    refused = Counter() if refused is None else refused
    open_text = gzip.open if path.suffix == ".gz" else open
    with open_text(path, "rt", encoding="utf-8", errors="replace", newline="") as file:
        reader = csv.DictReader(file)
        if "text" not in (reader.fieldnames or ()):
            raise ValueError(f"{path} has no column “text”. Name the columns in its first line.")
        for row in reader:
            source = row.get("source") or path.name.removesuffix(".gz").removesuffix(".csv")
            try:
                labels = dict(_labels(row))
                yield Row(_text(row), labels, source, subset=row.get("subset") or "")
            except ValueError as error:
                refused[f"{path.name}: {error}"] += 1


def part(text: str) -> Part:
    """Return which part of the split a text belongs to: 70 % fit, 10 % each of the others.

    Experiments are judged on `choose`, which then is learned from, too; scores are calibrated and
    thresholds found on `calibrate`; `test` decides nothing. Texts that differ only in digits,
    links, case, punctuation or in what follows the first words, as those of one campaign do, fall
    into the same part; other near copies are for `ml.copies` to find.
    """
    skeleton = re.sub(r"https?://\S+|[\W\d_]+", " ", normalise(text[:400]))
    words = " ".join([SPLIT, *skeleton.split()[:12]])
    bucket = hashlib.sha256(words.encode("utf-8", "replace")).digest()[0] % 10
    parts: tuple[Part, ...] = ("test", "calibrate", "choose")
    return parts[bucket] if bucket < len(parts) else "fit"


def _text(row: dict[str, str]) -> str:
    text = row["text"] or ""
    if not text.strip():
        raise ValueError("a row without text")
    return text


def _labels(row: dict[str, str]) -> Iterator[tuple[str, bool]]:
    for category, columns in COLUMNS.items():
        filled = [row[column] for column in columns if row.get(column) not in (None, "")]
        if filled:
            yield category, _is_positive(filled[0])


def _is_positive(value: str) -> bool:
    try:
        return float(value) >= 0.5
    except ValueError:
        raise ValueError("a label that is no number") from None
