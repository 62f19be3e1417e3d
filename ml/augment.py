"""Augment training rows: obfuscated, signed and concatenated copies, and rows from templates."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ml import identities, obfuscation, short, splicing, synthetic
from ml.dataset import Row

# Of this share of the rows there is one copy more, disguised or spliced; as many are signed.
OBFUSCATED_SHARE, CONCATENATED_SHARE, SIGNED_SHARE = 0.09, 0.05, 0.5
LINKED_SHARE = 0.35
# Of a longer row the rest is not learned from.
LEARNED_CHARACTERS = 1500
MAX_CHARACTERS = 1500
ROWS_PER_TEMPLATE_KIND, ROWS_PER_GROUP, ROWS_PER_LANGUAGE = 1600, 100, 4000
MAIN_CATEGORIES = ("TOXICITY", "SPAM")


def augment(rows: Sequence[Row], *, seed: int) -> list[Row]:
    """Return rows to fit on: the given ones, some of them with authors, and rows made from them."""
    rng = random.Random(seed)  # noqa: S311 (nothing secret)
    rows = [replace(row, text=row.text[:LEARNED_CHARACTERS]) for row in rows]
    return [
        *with_authors(rows, seed=seed),
        *_obfuscated(rows, rng),
        *_concatenated(rows, rng),
        *with_authors(list(splicing.rows(rows, share=LINKED_SHARE, seed=seed)), seed=seed),
        *synthetic.rows(per_kind=ROWS_PER_TEMPLATE_KIND, seed=seed),
        *short.rows(per_language=ROWS_PER_LANGUAGE, seed=seed),
        *identities.rows(per_group=ROWS_PER_GROUP, seed=seed),
    ]


def with_authors(rows: Sequence[Row], *, seed: int) -> list[Row]:
    """Return the rows, half of those with a label for spam with a fitting made-up author."""
    rng = random.Random(seed)  # noqa: S311 (nothing secret)
    return [_maybe_with_author(row, rng) for row in rows]


def _maybe_with_author(row: Row, rng: random.Random) -> Row:
    lacks_author = "SPAM" in row.labels and not row.author_name and rng.random() < SIGNED_SHARE
    return synthetic.with_author(row, rng) if lacks_author else row


def _obfuscated(rows: Sequence[Row], rng: random.Random) -> Iterator[Row]:
    """Yield obfuscated copies, of calm rows too, since obfuscation alone is no harm."""
    names = list(obfuscation.OBFUSCATIONS)
    for row in rows:
        share = OBFUSCATED_SHARE * (
            3 if row.labels.get("TOXICITY") or row.labels.get("SPAM") else 1
        )
        if rng.random() < share and len(row.text) < MAX_CHARACTERS:
            obfuscate = obfuscation.OBFUSCATIONS[rng.choice(names)]
            word_share = rng.choice((0.3, 0.6, 1.0))
            text = obfuscation.apply(obfuscate, row.text, share=word_share, rng=rng)
            if text != row.text:
                yield Row(text, row.labels, row.source)


def _concatenated(rows: Sequence[Row], rng: random.Random) -> Iterator[Row]:
    """Yield pairs of rows as one: what is harmful stays so among harmless words."""
    short = [row for row in rows if len(row.text) < MAX_CHARACTERS and _has_main_label(row)]
    for row in rng.sample(short, int(len(short) * CONCATENATED_SHARE)):
        other = rng.choice(short)
        labels = _merged_labels(row, other)
        if labels:
            yield Row(f"{row.text} {other.text}", labels, row.source)


def _has_main_label(row: Row) -> bool:
    return any(category in row.labels for category in MAIN_CATEGORIES)


def _merged_labels(row: Row, other: Row) -> dict[str, bool]:
    """Return the labels of two texts together: true if one is, false if both are, else unknown."""
    labels = {}
    for category in row.labels.keys() | other.labels.keys():
        known = [r.labels[category] for r in (row, other) if category in r.labels]
        if any(known) or len(known) == 2:
            labels[category] = any(known)
    return dict(sorted(labels.items()))
