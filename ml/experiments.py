"""Compare training configurations: `python -m ml.experiments --data DIR [NAME…]`.

Prints Markdown tables. Everything is fitted on the split `fit` and judged on the split `choose`,
which the released classifier is fitted on, too; nothing here is judged on `test`. The second table
leaves sources out and judges on them: what to expect on comments of an unknown origin. With
`--share 0.5`, half of the rows of each large source are used, in half the time.
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

from ml import augment, bias, dataset, metrics, recipe
from ml.dataset import Row
from ml.deduplication import without_near_duplicates
from ml.features import CommentFeatures
from ml.pipeline import CommentClassifier, build_estimator
from ml.progress import with_progress
from ml.train import read_rows

CATEGORIES = ("SPAM", "TOXICITY")
CALM_FALSE_POSITIVE_RATE = 0.004
LARGE_SOURCE_ROWS = 4000


@dataclass(frozen=True)
class TrainingConfig:
    """A training configuration; the defaults are those of the released classifier.

    `parameters` are of the estimator, `penalty_factor` multiplies the recipe's penalties, `use_row`
    selects the rows to fit on.
    """

    parameters: Mapping[str, Any] = field(default_factory=dict)
    penalty_factor: float = 1.0
    source_balancing: float = recipe.SOURCE_BALANCING
    balance_groups: bool = True
    use_row: Callable[[Row], bool] = lambda row: True


@dataclass(frozen=True)
class FeaturizedRows:
    """Rows with their feature matrix."""

    rows: Sequence[Row]
    features: Any

    def select(self, mask: NDArray[np.bool_]) -> "FeaturizedRows":
        """Return the rows where the mask is true."""
        return FeaturizedRows(
            [r for r, w in zip(self.rows, mask, strict=True) if w], self.features[mask]
        )


def _is_template(row: Row) -> bool:
    return row.source.startswith("templates")


BLOGS = frozenset({"django_cast_blog", "mmistakes_blog", "hendrixjoseph_blog"})
WIKIPEDIA = frozenset({"jigsaw_wiki", "jigsaw_wiki_stripped", "wiki_context_toxicity"})
CONFIGS = {
    "as released": TrainingConfig(),
    "small sources weighed more": TrainingConfig(source_balancing=0.5),
    "every row weighs the same": TrainingConfig(source_balancing=0.0),
    "square root of the log-count ratio, or its fourth root": TrainingConfig({"exponent": 0.5}),
    "without the log-count ratio": TrainingConfig({"exponent": 0.0}),
    "weaker penalty (÷ 2)": TrainingConfig(penalty_factor=0.5),
    "stronger penalty (× 2)": TrainingConfig(penalty_factor=2.0),
    "stronger penalty (× 4)": TrainingConfig(penalty_factor=4.0),
    "groups of people not evened out": TrainingConfig(balance_groups=False),
    "without templates": TrainingConfig(use_row=lambda row: not _is_template(row)),
    "from Wikipedia and blogs alone": TrainingConfig(
        use_row=lambda row: row.source in WIKIPEDIA | BLOGS
    ),
    "without Reddit": TrainingConfig(use_row=lambda row: row.source != "goemotions"),
}
# The sources to leave out, and the category in which to judge on them.
LEFT_OUT_SOURCES = {
    "comments of a Django blog, and both blogs of honest comments": (BLOGS, "SPAM"),
    "comments under five music videos": (frozenset({"youtube_spam_collection"}), "SPAM"),
    "text messages of the 2000s": (frozenset({"sms_spam"}), "SPAM"),
    "English Wikipedia discussions": (WIKIPEDIA, "TOXICITY"),
    "sentences from social media and their civil rewrites": (frozenset({"paradetox"}), "TOXICITY"),
    "German tweets": (frozenset({"germeval2018", "iwg_german"}), "TOXICITY"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables of the named configurations, or of all; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ml.experiments", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args(arguments)
    known = [*CONFIGS, *LEFT_OUT_SOURCES]
    unknown = [name for name in options.names if name not in known]
    if unknown:
        print(f"There is no “{unknown[0]}”, but: {'; '.join(known)}", file=sys.stderr)
        return 1
    rows = read_rows(options.data, Counter())
    train_set, validation_set = prepare(rows, seed=options.seed, share=options.share)
    selected = options.names or known
    columns = _column_names()
    print("| what | " + " | ".join(columns) + " |\n|---" + "|---" * len(columns) + "|")
    for name in with_progress([name for name in CONFIGS if name in selected], "Trying"):
        values = compare(CONFIGS[name], train_set, validation_set).values()
        print(_table_row(name, values), flush=True)
    print("\n| source left out | positives / rows | ROC AUC |\n|---|---|---|")
    for name in with_progress(
        [name for name in LEFT_OUT_SOURCES if name in selected], "Leaving out"
    ):
        cells = evaluate_left_out(*LEFT_OUT_SOURCES[name], train_set, rows)
        print(_table_row(name, cells), flush=True)
    return 0


def prepare(
    rows: Sequence[Row], *, seed: int, share: float = 1.0
) -> tuple[FeaturizedRows, FeaturizedRows]:
    """Return the augmented rows to fit on, and the validation rows.

    Only the given share of the rows of large sources is used to fit; validation uses all.
    """
    splits: dict[str, list[Row]] = {"fit": [], "choose": []}
    for row in with_progress(rows, "Splitting"):
        split = dataset.split_of(row.text)
        if split in splits:
            splits[split].append(row)
    train_rows = augment.augment(list(_sample(splits["fit"], share, seed=seed)), seed=seed)
    validation_rows = without_near_duplicates(splits["choose"], of=splits["fit"])
    return _featurized(train_rows), _featurized(validation_rows)


def _featurized(rows: Sequence[Row]) -> FeaturizedRows:
    return FeaturizedRows(rows, CommentFeatures().transform([row.record for row in rows]))


def _sample(rows: Sequence[Row], share: float, *, seed: int) -> Iterator[Row]:
    rng = random.Random(seed)  # noqa: S311 (nothing secret)
    sizes = Counter(row.source for row in rows)
    for row in rows:
        if sizes[row.source] < LARGE_SOURCE_ROWS or rng.random() < share:
            yield row


def fit_config(
    config: TrainingConfig, train_set: FeaturizedRows, categories: Sequence[str]
) -> CommentClassifier:
    """Return an estimator fitted with a configuration."""
    train_set = train_set.select(np.array([config.use_row(row) for row in train_set.rows]))
    labels = recipe.label_matrix(train_set.rows, categories)
    weights = recipe.weight_matrix(train_set.rows, categories, balancing=config.source_balancing)
    if config.balance_groups:
        weights = bias.reweigh([row.text for row in train_set.rows], labels, weights)
    penalty = [config.penalty_factor * each for each in recipe.penalties(categories)]
    estimator: CommentClassifier = build_estimator(categories)
    estimator.set_params(penalty=penalty, **config.parameters)
    return estimator.fit_features(train_set.features, labels, weights)


def compare(
    config: TrainingConfig, train_set: FeaturizedRows, validation_set: FeaturizedRows
) -> dict[str, float | None]:
    """Return the validation metrics of a configuration for spam and toxicity."""
    estimator = fit_config(config, train_set, CATEGORIES)
    scores = estimator.logits(validation_set.features)
    labels = recipe.label_matrix(validation_set.rows, CATEGORIES)
    sources = np.array([row.source for row in validation_set.rows])
    calm = np.isin(sources, list(recipe.CALM_SOURCES))
    figures: dict[str, float | None] = {}
    for column, category in enumerate(CATEGORIES):
        labelled = ~np.isnan(labels[:, column])
        category_scores, truth = scores[:, column], labels[:, column]
        figures[f"{category} all"] = _roc_auc(truth[labelled], category_scores[labelled])
        threshold = np.quantile(category_scores[calm & (truth == 0)], 1 - CALM_FALSE_POSITIVE_RATE)
        recall = float((category_scores[truth == 1] >= threshold).mean())
        figures[f"{category} recall"] = round(recall, 3)
    wikipedia = labelled & (sources == "jigsaw_wiki")
    figures["Wikipedia"] = _roc_auc(truth[wikipedia], category_scores[wikipedia])
    return figures


def evaluate_left_out(
    sources: frozenset[str], category: str, train_set: FeaturizedRows, rows: Sequence[Row]
) -> Iterator[str | float | None]:
    """Yield the size of the left-out sources, and the ROC AUC on them."""
    config = TrainingConfig(use_row=lambda row: row.source not in sources)
    estimator = fit_config(config, train_set, (category,))
    test_rows = [row for row in rows if row.source in sources and category in row.labels]
    truth = np.array([row.labels[category] for row in test_rows], float)
    yield f"{int(truth.sum())} / {len(truth)}"
    yield _roc_auc(truth, estimator.decision_function([row.record for row in test_rows])[:, 0])


def _roc_auc(truth: NDArray[Any], scores: NDArray[Any]) -> float | None:
    return metrics.ranking_metrics(truth, scores)["roc_auc"]


def _column_names() -> tuple[str, ...]:
    return (
        "SPAM, ROC AUC", "SPAM, recall", "TOXICITY, ROC AUC", "TOXICITY, recall",
        "TOXICITY on Wikipedia, ROC AUC",
    )  # fmt: skip


def _table_row(name: str, values: Any) -> str:
    return f"| {name} | " + " | ".join(map(str, values)) + " |"


if __name__ == "__main__":
    sys.exit(main())
