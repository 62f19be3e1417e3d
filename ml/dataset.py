"""Read labelled rows, and split them so that a row never changes its split."""

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

# The columns with the label of a category; the first that is not empty counts.
COLUMNS = {
    "SPAM": ("spam",),
    "TOXICITY": ("toxic",),
    "SEVERE_TOXICITY": ("severe_toxic",),
    "INSULT": ("insult",),
    "THREAT": ("threat",),
    "IDENTITY_ATTACK": ("identity_hate", "hate"),
    "PROFANITY": ("obscene",),
}

Split = Literal["fit", "choose", "calibrate", "test"]
# Changed once, after choices had been made on the test split: its rows must decide nothing.
SPLIT_SALT = "second"
_NO_WORDS = re.compile(r"https?://\S+|[\W\d_]+")


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled comment; a category missing in `labels` is unknown."""

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


def read(path: Path, *, skipped: Counter[str] | None = None) -> Iterator[Row]:
    """Yield the rows of a CSV file, gzipped or not; count invalid ones in `skipped`, by reason.

    Raises OSError when it can't be read, and ValueError when it has no column “text”.
    """
    csv.field_size_limit(10_000_000)
    skipped = Counter() if skipped is None else skipped
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
                skipped[f"{path.name}: {error}"] += 1


def split_of(text: str) -> Split:
    """Return the split of a text: 70 % fit, and 10 % each choose, calibrate and test.

    Experiments are judged on `choose`, which the released classifier is then fitted on, too; scores
    are calibrated and thresholds found on `calibrate`; nothing is decided on `test`. Texts that
    differ only in digits, links, case, punctuation or after the first words, as those of one
    campaign do, share a split; `ml.deduplication` finds other near-duplicates.
    """
    skeleton = _NO_WORDS.sub(" ", normalise(text[:400]))
    salted_words = " ".join([SPLIT_SALT, *skeleton.split()[:12]])
    bucket = hashlib.sha256(salted_words.encode("utf-8", "replace")).digest()[0] % 10
    splits: tuple[Split, ...] = ("test", "calibrate", "choose")
    return splits[bucket] if bucket < len(splits) else "fit"


def _text(row: dict[str, str]) -> str:
    text = row["text"] or ""
    if not text.strip():
        raise ValueError("a row without text")
    return text


def _labels(row: dict[str, str]) -> Iterator[tuple[str, bool]]:
    for category, columns in COLUMNS.items():
        values = [row[column] for column in columns if row.get(column) not in (None, "")]
        if values:
            yield category, _is_positive(values[0])


def _is_positive(value: str) -> bool:
    try:
        return float(value) >= 0.5
    except ValueError:
        raise ValueError("a label that is no number") from None
