"""Collect the metadata of a trained classifier: metrics on test rows, data, parameters."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml import audit, metrics, peer, recipe, usage
from ml.dataset import Row
from ml.tokens import CONTEXT_CATEGORY
from ml.usage import Scorer

Thresholds = dict[str, dict[str, float]]
Splits = dict[str, list[Row]]

# A source has metrics of its own when it has at least so many test rows of each class.
MIN_ROWS_PER_CLASS = 20
MAIN_CATEGORIES = ("SPAM", "TOXICITY")
# How much of what arrives is spam where what is set aside unseen is judged.
SPAM_RATE = 0.05


def collect(
    scorer: Scorer,
    thresholds: Thresholds,
    splits: Splits,
    *,
    seed: int,
    peer_python: Path | None = None,
) -> dict[str, Any]:
    """Return the metadata of a fitted classifier; `peer_python` has the peer, if any.

    All is measured as it is used: every row has an ordinary name, some a website.
    """
    test = usage.signed(splits["test"], seed=seed)
    calm = usage.calm(test)
    linked = usage.signed(usage.with_links(calm, seed=seed), seed=seed)
    scores = scorer.predict_proba(records(test))
    return {
        "categories": list(scorer.categories),
        "thresholds": thresholds,
        "goals_measured_on": (
            f"{len(splits['calibrate'])} rows kept apart, weighted to `prevalence`"
        ),
        "prevalence": {
            c: recipe.PREVALENCE.get(c, recipe.RARE_PREVALENCE) for c in scorer.categories
        },
        "test": by_category(scorer, thresholds, test, scores),
        "by_source": _by_source(scorer, test, scores, peer_python=peer_python),
        "calm_caught": audit.calm_false_positive_rates(scorer, calm, thresholds),
        "calm_outcomes": usage.shares(scorer, calm, thresholds),
        "calm_outcomes_with_links": usage.shares(scorer, linked, thresholds),
        "names": usage.of_names(scorer, thresholds),
        "robustness": audit.robustness(scorer, test, thresholds, seed=seed),
        "fairness": audit.fairness(scorer, thresholds, seed=seed),
        "rows": {name: len(rows) for name, rows in splits.items()},
        "sources": dict(Counter(row.source for rows in splits.values() for row in rows)),
        "seed": seed,
    }


def records(rows: Sequence[Row]) -> list[Any]:
    """Return rows as the classifier reads them."""
    return [row.record for row in rows]


def by_category(
    scorer: Scorer,
    thresholds: Thresholds,
    rows: Sequence[Row],
    scores: NDArray[Any],
) -> dict[str, Any]:
    """Return the metrics of each category on rows with these scores."""
    labels = recipe.label_matrix(rows, scorer.categories)
    weights = recipe.population_weights(rows, scorer.categories)
    at_spam_rate = recipe.population_weights(rows, scorer.categories, prevalence=SPAM_RATE)
    figures = {}
    for column, category in enumerate(scorer.categories):
        labelled = ~np.isnan(labels[:, column])
        figures[category] = metrics.category_metrics(
            labels[labelled, column],
            scores[labelled, column],
            thresholds[category],
            weights=weights[labelled, column],
        )
        if category == CONTEXT_CATEGORY:
            figures[category]["set_aside"] = {
                "spam_rate": SPAM_RATE,
                **metrics.metrics_at_threshold(
                    labels[labelled, column],
                    scores[labelled, column],
                    thresholds[category]["reject_at"],
                    weights=at_spam_rate[labelled, column],
                ),
            }
    return figures


def _by_source(
    scorer: Scorer,
    rows: Sequence[Row],
    scores: NDArray[Any],
    *,
    peer_python: Path | None,
) -> dict[str, Any]:
    """Return for spam and toxicity the metrics of each source that has both classes."""
    figures: dict[str, Any] = {}
    texts = [row.text for row in rows]
    peer_scores = peer.probabilities(peer_python, texts) if peer_python else None
    for column, category in enumerate(scorer.categories):
        if category in MAIN_CATEGORIES:
            by_name = {
                "ours": scores[:, column],
                "peer": peer_scores if category == audit.CATEGORY else None,
            }
            figures[category] = dict(_sources(category, rows, by_name))
    return figures


def _sources(
    category: str, rows: Sequence[Row], scores: Mapping[str, NDArray[Any] | None]
) -> list[tuple[str, dict[str, Any]]]:
    labels = np.array([row.labels.get(category, np.nan) for row in rows])
    sources = np.array([row.source for row in rows])
    metrics_by_source = []
    for source in sorted(set(sources)):
        of_source = (sources == source) & ~np.isnan(labels)
        class_counts = Counter(labels[of_source])
        if min(class_counts[0.0], class_counts[1.0]) >= MIN_ROWS_PER_CLASS:
            figures: dict[str, Any] = {
                "positives": class_counts[1.0],
                "negatives": class_counts[0.0],
            }
            for name, source_scores in scores.items():
                if source_scores is not None:
                    figures[name] = metrics.ranking_metrics(
                        labels[of_source], source_scores[of_source]
                    )
            metrics_by_source.append((str(source), figures))
    return metrics_by_source
