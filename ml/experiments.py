"""Compare ways to train: `python -m ml.experiments --data DIR [NAME…]`, prints Markdown tables.

Everything is fitted on the part `fit` and judged on the part `choose`, which the released
classifier then learns from, too; nothing is ever judged here on the part `test`. The second table
leaves sources out and judges on them: what to expect on comments of an origin never seen. With
`--share 0.5`, half of the rows of each large source are learned from, and it takes half the time.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml import augment, dataset, identities, measures, recipe
from ml.copies import without_copies
from ml.dataset import Row
from ml.features import CommentFeatures
from ml.pipeline import CommentClassifier, build
from ml.progress import watched
from ml.train import read

CATEGORIES = ("SPAM", "TOXICITY")
CALM_CAUGHT = 0.004
LARGE = 4000


@dataclass(frozen=True)
class Way:
    """A way to train: parameters of the estimator, the weighing of rows, the rows learned from."""

    parameters: Mapping[str, Any] = field(default_factory=dict)
    penalised: float = 1.0
    evening: float = recipe.EVENING
    evened: bool = True
    learned: Callable[[Row], bool] = lambda row: True


@dataclass(frozen=True)
class Side:
    """Rows with their features."""

    rows: Sequence[Row]
    features: Any

    def only(self, which: NDArray[np.bool_]) -> "Side":
        """Return some of the rows."""
        return Side([r for r, w in zip(self.rows, which, strict=True) if w], self.features[which])


def _is_template(row: Row) -> bool:
    return row.source.startswith("templates")


BLOGS = frozenset({"django_cast_blog", "mmistakes_blog", "hendrixjoseph_blog"})
WIKIPEDIA = frozenset({"jigsaw_wiki", "jigsaw_wiki_stripped", "wiki_context_toxicity"})
WAYS = {
    "as released": Way(),
    "small sources weighed more": Way(evening=0.5),
    "every row weighs the same": Way(evening=0.0),
    "square root of the log-count ratio, or its fourth root": Way({"exponent": 0.5}),
    "without the log-count ratio": Way({"exponent": 0.0}),
    "weaker penalty (÷ 2)": Way(penalised=0.5),
    "stronger penalty (× 2)": Way(penalised=2.0),
    "stronger penalty (× 4)": Way(penalised=4.0),
    "groups of people not evened out": Way(evened=False),
    "without templates": Way(learned=lambda row: not _is_template(row)),
    "from Wikipedia and blogs alone": Way(learned=lambda row: row.source in WIKIPEDIA | BLOGS),
    "without Reddit": Way(learned=lambda row: row.source != "goemotions"),
}
# What is left out, and by what category the rows are judged.
LEFT_OUT = {
    "comments of a Django blog, and both blogs of honest comments": (BLOGS, "SPAM"),
    "comments under five music videos": (frozenset({"youtube_spam_collection"}), "SPAM"),
    "text messages of the 2000s": (frozenset({"sms_spam"}), "SPAM"),
    "English Wikipedia discussions": (WIKIPEDIA, "TOXICITY"),
    "sentences from social media and their civil rewrites": (frozenset({"paradetox"}), "TOXICITY"),
    "German tweets": (frozenset({"germeval2018", "iwg_german"}), "TOXICITY"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables of those ways that are named, or of all; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ml.experiments", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("ways", nargs="*", metavar="NAME")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.ways if name not in {*WAYS, *LEFT_OUT}]
    if unknown:
        print(f"There is no “{unknown[0]}”, but: {'; '.join([*WAYS, *LEFT_OUT])}", file=sys.stderr)
        return 1
    rows = read(options.data, Counter())
    learn, judge = sides(rows, seed=options.seed, share=options.share)
    wanted = options.ways or [*WAYS, *LEFT_OUT]
    print("| what | " + " | ".join(_headings()) + " |\n|---" + "|---" * len(_headings()) + "|")
    for name in watched([name for name in WAYS if name in wanted], "Trying"):
        print(_line(name, compared(WAYS[name], learn, judge).values()), flush=True)
    print("\n| source left out | positives / rows | ROC AUC |\n|---|---|---|")
    for name in watched([name for name in LEFT_OUT if name in wanted], "Leaving out"):
        print(_line(name, left_out(*LEFT_OUT[name], learn, rows)), flush=True)
    return 0


def sides(rows: Sequence[Row], *, seed: int, share: float = 1.0) -> tuple[Side, Side]:
    """Return what is learned from, with what is made from it, and what is judged by.

    Of large sources this share is learned from, and what judges is the same.
    """
    parts: dict[str, list[Row]] = {"fit": [], "choose": []}
    for row in watched(rows, "Splitting"):
        part = dataset.part(row.text)
        if part in parts:
            parts[part].append(row)
    fit = augment.augmented(list(_some(parts["fit"], share, seed=seed)), seed=seed)
    choose = without_copies(parts["choose"], of=parts["fit"])
    made = (Side(r, CommentFeatures().transform([row.record for row in r])) for r in (fit, choose))
    learn, judge = made
    return learn, judge


def _some(rows: Sequence[Row], share: float, *, seed: int) -> Iterator[Row]:
    chance = random.Random(seed)  # noqa: S311 (nothing secret)
    sizes = Counter(row.source for row in rows)
    for row in rows:
        if sizes[row.source] < LARGE or chance.random() < share:
            yield row


def fitted(way: Way, learn: Side, categories: Sequence[str]) -> CommentClassifier:
    """Return an estimator fitted in a way."""
    learn = learn.only(np.array([way.learned(row) for row in learn.rows]))
    labels = recipe.labels_of(learn.rows, categories)
    weights = recipe.weights_of(learn.rows, categories, evening=way.evening)
    if way.evened:
        weights = identities.evened([row.text for row in learn.rows], labels, weights)
    penalty = [way.penalised * each for each in recipe.penalties(categories)]
    estimator: CommentClassifier = build(categories).set_params(penalty=penalty, **way.parameters)
    return estimator.fit_features(learn.features, labels, weights)


def compared(way: Way, learn: Side, judge: Side) -> dict[str, float | None]:
    """Return the figures of a way for spam and toxicity."""
    estimator = fitted(way, learn, CATEGORIES)
    scores = judge.features @ estimator.weights_ + estimator.biases_
    labels = recipe.labels_of(judge.rows, CATEGORIES)
    sources = np.array([row.source for row in judge.rows])
    calm = np.isin(sources, list(recipe.CALM))
    figures: dict[str, float | None] = {}
    for column, category in enumerate(CATEGORIES):
        known = ~np.isnan(labels[:, column])
        given, truth = scores[:, column], labels[:, column]
        figures[f"{category} all"] = _auc(truth[known], given[known])
        limit = np.quantile(given[calm & (truth == 0)], 1 - CALM_CAUGHT)
        figures[f"{category} recall"] = round(float((given[truth == 1] >= limit).mean()), 3)
    wikipedia = known & (sources == "jigsaw_wiki")
    figures["Wikipedia"] = _auc(truth[wikipedia], given[wikipedia])
    return figures


def left_out(
    sources: frozenset[str], category: str, learn: Side, rows: Sequence[Row]
) -> Iterator[str | float | None]:
    """Yield how many rows the sources have, and how well they are told without them."""
    estimator = fitted(Way(learned=lambda row: row.source not in sources), learn, (category,))
    judged = [row for row in rows if row.source in sources and category in row.labels]
    truth = np.array([row.labels[category] for row in judged], float)
    yield f"{int(truth.sum())} / {len(truth)}"
    yield _auc(truth, estimator.decision_function([row.record for row in judged])[:, 0])


def _auc(truth: NDArray[Any], scores: NDArray[Any]) -> float | None:
    return measures.ranking(truth, scores)["roc_auc"]


def _headings() -> tuple[str, ...]:
    return (
        "SPAM, ROC AUC", "SPAM, recall", "TOXICITY, ROC AUC", "TOXICITY, recall",
        "TOXICITY on Wikipedia, ROC AUC",
    )  # fmt: skip


def _line(name: str, values: Any) -> str:
    return f"| {name} | " + " | ".join(map(str, values)) + " |"


if __name__ == "__main__":
    sys.exit(main())
