"""Find the thresholds of each category: the lowest that reach their goals on rows kept apart."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ml import metrics, recipe, synthetic, usage
from ml.dataset import Row
from ml.metadata import Thresholds, records
from ml.tokens import CONTEXT_CATEGORY

# Nothing is rejected on a score alone. A comment is held where a look is worth the while: the
# precision that holding must have, and the shares of calm comments that may be caught at most.
# So few may be caught, too, of sentences from templates: of those that swear at things, which is
# PROFANITY and a site's choice to mind, and of those with rude words that are meant for nobody.
# The goals of the categories were chosen so that all of them together hold about 1 % of calm
# comments (docs/decisions/0277-hold-goals-within-one-calm-budget.md).
HOLD_PRECISION = {"SPAM": 0.6, "TOXICITY": 0.75}
OF_TEMPLATES = {"swearing": 0.05, "contrasts": 0.02}
CALM_LIMITS = {"calm": 0.003, "blogs": 0.003, "linked": 0.003, **OF_TEMPLATES}
# Of praise and of links there is more among calm comments than of anything rude. The blog that is
# kept apart has many polite visits, and is harder than others.
CALM_LIMITS_OF_SPAM = {"calm": 0.006, "blogs": 0.0275, "linked": 0.01, **OF_TEMPLATES}
# The finer categories overlap with TOXICITY: their alarms come on top of its own. There are some
# 400 comments of blogs, of which one may be caught.
FINE_HOLD_PRECISION = {"IDENTITY_ATTACK": 0.4}
FINE_HOLD_PRECISION_ELSE = 0.65
FINE_LIMITS = {"calm": 0.0012, "blogs": 0.003, "linked": 0.0012, "swearing": 0.05}
# A threat that is missed may harm somebody: of threats that are quoted more may wait.
FINE_CONTRASTS, FINE_CONTRASTS_ELSE = {"THREAT": 0.015}, 0.01
# Nobody looks through what is set aside as spam: of so much of it so much must be spam.
SPAM_RATE, SPAM_PRECISION, SPAM_LIMIT = 0.05, 0.99, 0.0004
TEMPLATES = {"swearing": ("swearing", "contrasts_swearing"), "contrasts": ("contrasts_calm",)}
ROWS_PER_TEMPLATE_KIND = 1600


def goals(category: str) -> dict[str, float]:
    """Return the goals that the thresholds of a category must reach."""
    if category in recipe.FINE_CATEGORIES:
        precision = FINE_HOLD_PRECISION.get(category, FINE_HOLD_PRECISION_ELSE)
        contrasts = FINE_CONTRASTS.get(category, FINE_CONTRASTS_ELSE)
        return {"hold_precision": precision, **FINE_LIMITS, "contrasts": contrasts}
    found = {"hold_precision": HOLD_PRECISION[category], **CALM_LIMITS}
    if category == CONTEXT_CATEGORY:
        aside = {"reject_precision": SPAM_PRECISION, "reject": SPAM_LIMIT}
        found |= {**CALM_LIMITS_OF_SPAM, **aside}
    return found


def find(classifier: usage.Scorer, rows: Sequence[Row], *, seed: int) -> Thresholds:
    """Return the lowest thresholds that reach their goals on rows as they are used."""
    rows = usage.signed(rows, seed=seed)
    calm_scores = _calm_scores(classifier, usage.calm(rows), seed=seed)
    all_scores = classifier.predict_proba(records(rows))
    labels = recipe.label_matrix(rows, classifier.categories)
    populations = {
        "hold": recipe.population_weights(rows, classifier.categories),
        "reject": recipe.population_weights(rows, classifier.categories, prevalence=SPAM_RATE),
    }
    table = {}
    for column, category in enumerate(classifier.categories):
        goal_of = goals(category)
        labelled = ~np.isnan(labels[:, column])
        truth, given = labels[labelled, column], all_scores[labelled, column]
        cuts = {
            act: metrics.precision_cut(truth, given, weights[labelled, column], goal_of[goal])
            for act, weights in populations.items()
            if (goal := f"{act}_precision") in goal_of
        }
        calm = {name: scores[:, column] for name, scores in calm_scores.items()}
        table[category] = _lowest(goal_of, cuts, calm)
    return table


def _calm_scores(
    classifier: usage.Scorer, calm: Sequence[Row], *, seed: int
) -> Mapping[str, NDArray[np.float64]]:
    """Return the scores of what may hardly be caught, by the names of the goals for it."""
    linked = usage.signed(usage.with_links(calm, seed=seed), seed=seed)
    return {
        "calm": classifier.predict_proba(records(calm)),
        "blogs": classifier.predict_proba(records([r for r in calm if "blog" in r.source])),
        "linked": classifier.predict_proba(records(linked)),
        **{
            name: classifier.predict_proba(list(_of_templates(kinds, seed=seed + 1)))
            for name, kinds in TEMPLATES.items()
        },
    }


def _lowest(
    goal_of: Mapping[str, float],
    cuts: Mapping[str, float],
    calm: Mapping[str, NDArray[np.float64]],
) -> dict[str, float]:
    """Return the lowest thresholds of a category that reach its precision and spare the calm."""
    spared = (metrics.quantile_cut(scores, goal_of[name]) for name, scores in calm.items())
    hold_at = max(cuts["hold"], *spared)
    reject_at = metrics.NEVER
    if "reject" in goal_of:
        everybody = np.concatenate(list(calm.values()))
        reject_at = max(hold_at, cuts["reject"], metrics.quantile_cut(everybody, goal_of["reject"]))
    return {"hold_at": in_hundredths(hold_at), "reject_at": round(reject_at, 6)}


def in_hundredths(threshold: float) -> float:
    """Return a threshold rounded up to hundredths, or to four digits where that would be 1."""
    rounded = math.ceil(round(100 * threshold, 6)) / 100
    return rounded if rounded < 1 else round(threshold, 4)


def _of_templates(kinds: Sequence[str], *, seed: int) -> Iterator[str]:
    """Yield sentences of these kinds of templates, drawn anew."""
    sources = {f"templates_{kind}" for kind in kinds}
    for row in synthetic.rows(per_kind=ROWS_PER_TEMPLATE_KIND, seed=seed):
        if row.source in sources:
            yield row.text
