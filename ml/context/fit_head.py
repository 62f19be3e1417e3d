"""Fit the head of the second reader: `python -m ml.context.fit_head --data DIR --encoder DIR`.

`--encoder DIR` has what `ml.context.export` wrote, and gets the manifest and the card. The head,
the scores from which there is doubt and the thresholds are found on the rows on which the
classifier of words was calibrated; neither has learned from them. `--memory FILE` keeps what the
encoder said there, so that the next time takes minutes; use another file for another encoder.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ml import artifact, audit, metadata, metrics, recipe, thresholds, usage
from ml.classifier import Classifier
from ml.context import artifact as second
from ml.context import card, doubt, head, regression
from ml.context.encoder import Encoder
from ml.context.memory import Remembering
from ml.context.reading import sentence
from ml.context.second_reader import Reads, TwoReaders
from ml.dataset import Row
from ml.metadata import Splits, Thresholds, records
from ml.tokens import CONTEXT_CATEGORY
from ml.train import read_rows, split_rows

# The head is fitted on so many harmful rows of a source, and so many others, so that a large one
# does not crowd out the rest. Thresholds are found, and measured, on all rows.
MAX_ROWS_PER_SOURCE = 150
CATEGORIES_BY_SOURCE = ("TOXICITY", "IDENTITY_ATTACK")


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, measure and save; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ml.context.fit_head", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, default=second.RELEASED)
    parser.add_argument("--training", type=Path, help="what ml.context.train wrote")
    parser.add_argument("--words", type=Path, default=artifact.RELEASED)
    parser.add_argument("--memory", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    try:
        words = artifact.load(options.words)
    except artifact.ArtifactError as error:
        print(error, file=sys.stderr)
        return 1
    encoder = Remembering(Encoder(options.encoder), options.memory)
    splits = split_rows(read_rows(options.data, Counter()))
    details = fit(words, encoder, splits, seed=options.seed)
    if options.training:
        details["training"] = json.loads((options.training / "training.json").read_text())
    encoder.save()
    second.save(options.encoder, metadata=details, card=card.render(details))
    return 0


def fit(words: Classifier, encoder: Reads, splits: Splits, *, seed: int) -> dict[str, Any]:
    """Return the manifest of a second reader: the head, its thresholds, and what they give."""
    rows = usage.signed(sample(splits["calibrate"]), seed=seed)
    calm = usage.signed(usage.calm(splits["calibrate"]), seed=seed)
    categories = words.categories
    facts: dict[str, Any] = {
        "version": "",
        "made_for": words.version,
        "categories": list(categories),
        "head": fitted_head(words, encoder, rows).to_json(),
        "doubt_from": doubt.doubt_from(words.text_probabilities(records(calm)), categories),
        "sure_from": doubt.sure_from(categories),
        "thresholds": words.thresholds,
    }
    readers = TwoReaders(words, encoder, facts)
    limits = thresholds.find(readers, splits["calibrate"], seed=seed)
    limits = {**limits, CONTEXT_CATEGORY: dict(words.thresholds[CONTEXT_CATEGORY])}
    facts["thresholds"] = limits
    return facts | measured(TwoReaders(words, encoder, facts), limits, splits, seed=seed)


def fitted_head(words: Classifier, encoder: Reads, rows: Sequence[Row]) -> head.Head:
    """Return the head fitted on rows as they are used."""
    rows = [row for row in rows if encoder.can_read(sentence(row.record))]
    number = len(words.categories)
    return regression.fit(
        head.log_odds(words.text_probabilities(records(rows))),
        encoder.log_odds([sentence(row.record) for row in rows]),
        recipe.label_matrix(rows, words.categories),
        recipe.population_weights(rows, words.categories),
        [(column, number + column) for column in range(number)],
    )


def sample(rows: Sequence[Row]) -> list[Row]:
    """Return the first rows of each source that are harmful, and those that are not."""
    taken: defaultdict[tuple[str, bool], int] = defaultdict(int)
    chosen = []
    for row in rows:
        key = row.source, any(row.labels.values())
        taken[key] += 1
        if taken[key] <= MAX_ROWS_PER_SOURCE:
            chosen.append(row)
    return chosen


def measured(
    readers: TwoReaders, limits: Thresholds, splits: Splits, *, seed: int
) -> dict[str, Any]:
    """Return what both readers give on test rows, as they are used."""
    test = usage.signed(splits["test"], seed=seed)
    calm = usage.calm(test)
    linked = usage.signed(usage.with_links(calm, seed=seed), seed=seed)
    return {
        "test": metadata.by_category(readers, limits, test, readers.predict_proba(records(test))),
        "by_source": by_source(readers, sample(test)),
        "calm_caught": audit.calm_false_positive_rates(readers, calm, limits),
        "calm_outcomes": usage.shares(readers, calm, limits),
        "calm_outcomes_with_links": usage.shares(readers, linked, limits),
        "read_twice": {
            "calm": round(readers.share_read(records(calm)), 4),
            "all": round(readers.share_read(records(test)), 4),
        },
        "rows": {name: len(splits[name]) for name in ("calibrate", "test")},
    }


def by_source(readers: TwoReaders, rows: Sequence[Row]) -> dict[str, Any]:
    """Return the ROC AUC of words, encoder and both on each source, in the main categories."""
    rows = [row for row in rows if readers.encoder.can_read(sentence(row.record))]
    scores = {
        "words": readers.words.predict_proba(records(rows)),
        "encoder": readers.encoder.log_odds([sentence(row.record) for row in rows]),
        "both": readers.predict_proba(records(rows)),
    }
    sources = np.array([row.source for row in rows])
    figures: dict[str, Any] = {}
    for category in CATEGORIES_BY_SOURCE:
        column = readers.categories.index(category)
        labels = recipe.label_matrix(rows, readers.categories)[:, column]
        figures[category] = {}
        for source in map(str, np.unique(sources)):
            inside = (sources == source) & ~np.isnan(labels)
            positives, negatives = (
                int((labels[inside] == 1).sum()),
                int((labels[inside] == 0).sum()),
            )
            if min(positives, negatives) >= metadata.MIN_ROWS_PER_CLASS:
                figures[category][source] = {"positives": positives, "negatives": negatives} | {
                    name: metrics.ranking_metrics(labels[inside], of_all[inside, column])["roc_auc"]
                    for name, of_all in scores.items()
                }
    return figures


if __name__ == "__main__":
    sys.exit(main())
