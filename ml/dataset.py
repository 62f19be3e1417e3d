"""Labelled rows: reading them, and a split that never changes for the same row."""

import csv
import gzip
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ml.text import normalise

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

Part = Literal["fit", "calibrate", "test"]


@dataclass(frozen=True, slots=True)
class Row:
    """A text with what is known of it; a category that is missing in `labels` is not labelled."""

    text: str
    labels: dict[str, bool]
    source: str


def read(path: Path) -> Iterator[Row]:
    """Yield the rows of a CSV file, gzipped or not.

    Raises OSError when it can't be read, and ValueError with the line when a row has no text.
    """
    csv.field_size_limit(10_000_000)
    open_text = gzip.open if path.suffix == ".gz" else open
    with open_text(path, "rt", encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            if "text" not in row:
                raise ValueError(f"{path}, line {number}: there is no column “text”")
            source = row.get("source") or path.name.removesuffix(".csv.gz")
            yield Row(row["text"], dict(_labels(row)), source)


def part(text: str) -> Part:
    """Return which part of the split a text belongs to: 80 % fit, 10 % calibrate, 10 % test.

    Texts that differ only in digits, links, case or punctuation, as those of one campaign do, fall
    into the same part.
    """
    skeleton = re.sub(r"https?://\S+|[\W\d_]+", " ", normalise(text))
    words = " ".join(skeleton.split()[:12])
    bucket = hashlib.sha256(words.encode("utf-8", "replace")).digest()[0] % 10
    return "test" if bucket == 0 else "calibrate" if bucket == 1 else "fit"


def _labels(row: dict[str, str]) -> Iterator[tuple[str, bool]]:
    for category, columns in COLUMNS.items():
        filled = [row[column] for column in columns if row.get(column) not in (None, "")]
        if filled:
            yield category, float(filled[0]) >= 0.5
