"""The training recipe: which rows to use, their labels and weights, and the assumed population.

Sources are partly labelled. A missing label is masked, unless the nature of the source implies it:
civil comments are neither insults nor threats, and what people wrote to each other is not spam.
"""

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ml import dataset, short, synthetic
from ml.dataset import Row

Matrix = NDArray[np.float32]

# The share of comments that are of a category where nobody moderates, as far as published figures
# tell. Probabilities and thresholds are for such a population, not for the mix of the sources.
PREVALENCE = {"SPAM": 0.3, "TOXICITY": 0.1}
RARE_PREVALENCE = 0.03
# A category with fewer positives is left out: a guess is worse than no score.
MIN_POSITIVES = 600
FINE_CATEGORIES = ("SEVERE_TOXICITY", "INSULT", "THREAT", "IDENTITY_ATTACK", "PROFANITY")
# Sources of calm comments that nobody labelled as not toxic: presumed so, at this weight.
PRESUMED_CIVIL = {
    "goemotions": 0.2,
    "mmistakes_blog": 1.0,
    "hendrixjoseph_blog": 1.0,
    "django_cast_blog": 1.0,
    "spamassassin": 0.5,
    "sms_spam": 0.3,
    "tg_spam": 0.3,
}
# Not presumed civil when the source labels the writer's mood as one of these.
UNCIVIL_MOODS = ("anger", "annoyance", "disgust")
# Sources in which people wrote to each other: presumed not spam, at this weight.
PRESUMED_NOT_SPAM = {
    "jigsaw_wiki": 0.3,
    "wiki_context_toxicity": 0.5,
    "civil_toxic_spans": 0.3,
    "paradetox": 0.1,
    "jigsaw_multilingual_es_fr": 0.4,
    "germeval2018": 0.3,
    "toldbr": 0.1,
    "kocohub_korean": 0.1,
    "cold_chinese": 0.1,
    "stormfront_vicomtech": 0.1,
    "germeval2019": 0.3,
    "gab_hate": 0.1,
    "implicit_hate": 0.05,
    "hatexplain": 0.05,
    "hatemoji_build": 0.1,
}
# No row of these is learned from: they are kept to find thresholds by.
KEPT_APART = frozenset({"hendrixjoseph_blog"})
# Calm comments as blogs have them: false alarms are counted on these.
CALM_SOURCES = frozenset(
    {"mmistakes_blog", "hendrixjoseph_blog", "django_cast_blog", "wiki_context_toxicity"}
)
# Sources in which other things than ours are labelled, or whose form gives the label away.
EXCLUDED_SOURCES = frozenset({"davidson", "guest_misogyny", "mlma"})
# How far a source is trusted. Blogs and discussions are what we are for; in those below one, form
# or topic goes with the label.
SOURCE_WEIGHTS = {
    "jigsaw_wiki": 3.0,
    "mmistakes_blog": 2.0,
    "hendrixjoseph_blog": 2.0,
    "jigsaw_wiki_stripped": 0.5,
    "civil_toxic_spans": 0.7,
    "stormfront_vicomtech": 0.5,
    "edos": 0.5,
    "hatexplain": 0.7,
    "implicit_hate": 0.7,
    "gab_hate": 0.7,
    "hatemoji_build": 0.7,
    "germeval2018": 2.0,
    "germeval2019": 2.0,
    "spliced_links": 0.15,
    "templates_identities": 2.0,
    **dict.fromkeys((f"templates_{kind}" for kind in synthetic.KINDS), 0.2),
    **dict.fromkeys((f"templates_{kind}" for kind in synthetic.CONTRASTS), 1.0),
    **dict.fromkeys(short.SOURCES, 0.35),
    # Denials have most of their words from insults, and have to outweigh them. Of what names groups
    # hostile rows lose half of their weight again, and calm ones gain (`bias.reweigh`).
    "templates_short_exclusion": 1.0,
    "templates_short_denials": 0.7,
    "templates_short_group_calm": 0.5,
}
# Of sources that are large for what they teach, this share is read.
SHARES = {"cold_chinese": 0.5, "goemotions": 0.5, "spamassassin": 0.5}
BALANCED_SOURCE_SIZE, SOURCE_BALANCING = 8000, 0.25
# The strength of L2 regularisation. The campaigns that we have are few, and their words are soon
# known by heart: spam needs more of it.
PENALTIES, PENALTY = {"SPAM": 1.6e-5}, 5e-6


def select_rows(rows: Iterable[Row], *, shares: Mapping[str, float] = SHARES) -> Iterator[Row]:
    """Yield the rows to train on, with the labels that the nature of their sources implies.

    Of a large source a share that depends on each text alone, and so never changes.
    """
    for row in rows:
        if row.source not in EXCLUDED_SOURCES and _is_drawn(row, shares.get(row.source, 1.0)):
            yield _with_presumed_labels(row)


def _is_drawn(row: Row, share: float) -> bool:
    return zlib.crc32(row.text.encode("utf-8", "replace")) % 1000 < 1000 * share


def categories(rows: Sequence[Row]) -> list[str]:
    """Return the categories that have enough positives."""
    positives = Counter(category for row in rows for category, yes in row.labels.items() if yes)
    return [category for category in dataset.COLUMNS if positives[category] >= MIN_POSITIVES]


def penalties(categories: Sequence[str]) -> list[float]:
    """Return the regularisation strength of each category."""
    return [PENALTIES.get(category, PENALTY) for category in categories]


def label_matrix(rows: Sequence[Row], categories: Sequence[str]) -> Matrix:
    """Return the labels as 1, 0 or NaN (unknown), of shape (rows, categories)."""
    table = [[row.labels.get(category, np.nan) for category in categories] for row in rows]
    return np.array(table, np.float32).reshape(len(rows), len(categories))


def weight_matrix(
    rows: Sequence[Row], categories: Sequence[str], *, balancing: float = SOURCE_BALANCING
) -> Matrix:
    """Return the sample weights, of shape (rows, categories); 0 for unknown labels.

    `balancing` is from 0, where every row counts the same, to 1, where every source does, apart
    from `SOURCE_WEIGHTS`.
    """
    sizes = Counter((row.source, category) for row in rows for category in row.labels)
    table = [[_weight(row, category, sizes, balancing) for category in categories] for row in rows]
    return np.array(table, np.float32).reshape(len(rows), len(categories))


def population_weights(
    rows: Sequence[Row], categories: Sequence[str], *, prevalence: float | None = None
) -> Matrix:
    """Return sample weights under which each category has its assumed prevalence, or this one."""
    weights = weight_matrix(rows, categories)
    labels = label_matrix(rows, categories)
    for column, category in enumerate(categories):
        share = prevalence or PREVALENCE.get(category, RARE_PREVALENCE)
        for value, mass in ((1, share), (0, 1 - share)):
            of_class = labels[:, column] == value
            weights[of_class, column] *= mass / max(float(weights[of_class, column].sum()), 1e-9)
    return weights


def _with_presumed_labels(row: Row) -> Row:
    presumed: dict[str, bool] = {}
    uncivil = any(mood in row.subset for mood in UNCIVIL_MOODS)
    if row.source in PRESUMED_CIVIL and not uncivil and not row.labels.get("SPAM"):
        presumed["TOXICITY"] = False
    if row.source in PRESUMED_NOT_SPAM:
        presumed["SPAM"] = False
    if row.labels.get("TOXICITY", presumed.get("TOXICITY")) is False:
        presumed |= dict.fromkeys(FINE_CATEGORIES, False)
    return replace(row, labels=presumed | row.labels)


def _weight(row: Row, category: str, sizes: Counter[tuple[str, str]], balancing: float) -> float:
    if category not in row.labels:
        return 0.0
    source_factor = float(
        np.clip((BALANCED_SOURCE_SIZE / sizes[row.source, category]) ** balancing, 0.4, 4.0)
    )
    table = PRESUMED_NOT_SPAM if category == "SPAM" else PRESUMED_CIVIL
    return source_factor * table.get(row.source, 1.0) * SOURCE_WEIGHTS.get(row.source, 1.0)
