"""Sentences about groups of people: to reduce and to measure unintended bias.

The metrics of `bias_metrics` are those of Borkan et al. 2019, Nuanced Metrics for Measuring
Unintended Bias with Real Data for Text Classification.
"""

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml import metrics, synthetic
from ml.dataset import Row
from ml.metrics import Vector
from ml.recipe import Matrix

Mask = NDArray[np.bool_]

SOURCE = "templates_identities"
# How far a row's weight may be changed for the sake of a group.
MIN_FACTOR, MAX_FACTOR = 0.5, 4.0
_WORD = re.compile(r"\w+")
_ARTICLE = re.compile(r"^(?:an?|the|eine?|los|las|les|une?) ")
# For each language: groups, each with forms that name one and many of it; templates; fillings.
LANGUAGES = json.loads(Path(__file__).with_name("identities.json").read_text(encoding="utf-8"))
HARMFUL = {"SPAM": False, "TOXICITY": True, "IDENTITY_ATTACK": True}
HARMLESS = {**synthetic.CIVIL, "PROFANITY": False}


def rows(*, per_group: int, seed: int, held_out: bool = False) -> Iterator[Row]:
    """Yield `per_group` neutral and as many hostile rows for every group in every language.

    Every third template is held out for measuring; the others are to fit on.
    """
    rng = random.Random(seed)  # noqa: S311 (nothing secret)
    for language, group in groups():
        for kind, labels in (("neutral", HARMLESS), ("hostile", HARMFUL)):
            chosen = templates(language, kind, held_out=held_out)
            for _ in range(per_group):
                text = _fill(rng.choice(chosen), language, group, rng)
                yield Row(text, labels, SOURCE, subset=f"{language}: {group}")


def groups() -> list[tuple[str, str]]:
    """Return all pairs of a language and a group."""
    return [(language, group) for language, table in LANGUAGES.items() for group in table["groups"]]


def templates(language: str, kind: str, *, held_out: bool) -> list[str]:
    """Return the neutral or hostile templates of a language, to fit on or held out."""
    templates_of_kind: list[str] = LANGUAGES[language][kind]
    return [t for number, t in enumerate(templates_of_kind) if (number % 3 == 0) == held_out]


def reweigh(texts: Sequence[str], labels: Matrix, weights: Matrix) -> Matrix:
    """Return the weights of labels, changed so that naming a group says little about the label.

    Reweighing (Kamiran and Calders 2012, Data preprocessing techniques for classification without
    discrimination): rows that mention a group weigh as if they were of each class as often as all
    others. A row that mentions several groups takes the factor that is furthest from 1.
    """
    masks = [which for which in group_mentions(texts).values() if which.any()]
    reweighed = weights.copy()
    for column in range(labels.shape[1]):
        factor = np.ones(len(texts), np.float32)
        for inside in masks:
            for value in (0, 1):
                both = inside & (labels[:, column] == value)
                target = _reweighing_factor(weights[:, column], inside, labels[:, column] == value)
                stronger = abs(np.log(target)) > abs(np.log(factor))
                factor = np.where(both & stronger, target, factor)
        reweighed[:, column] *= factor
    return reweighed


def _reweighing_factor(weights: Vector, inside: Mask, of_class: Mask) -> np.float32:
    """Return P(group) P(class) / P(group and class), within bounds."""
    total, both = weights.sum(), weights[inside & of_class].sum()
    if not both:
        return np.float32(1)
    independent = weights[inside].sum() * weights[of_class].sum() / total
    return np.float32(np.clip(independent / both, MIN_FACTOR, MAX_FACTOR))


def bias_metrics(
    members: Mapping[str, Mask], labels: Vector, scores: Vector
) -> dict[str, dict[str, float | None]]:
    """Return for each group its ROC AUC, BPSN AUC and BNSP AUC; None where a class is missing.

    `members` says for each group which rows are about it. BPSN (background positive, subgroup
    negative): other rows' positives against this group's negatives, low when its name alone raises
    scores. BNSP (background negative, subgroup positive): other rows' negatives against its
    positives.
    """
    positive = labels == 1
    figures = {}
    for group, inside in members.items():
        chosen = {
            "subgroup_auc": inside,
            "bpsn_auc": inside ^ positive,
            "bnsp_auc": inside == positive,
        }
        figures[group] = {
            name: metrics.ranking_metrics(labels[which], scores[which])["roc_auc"]
            for name, which in chosen.items()
        }
    return figures


def group_mentions(texts: Sequence[str]) -> dict[str, Mask]:
    """Return for each group, of any language, which of the texts mention it."""
    members = {f"{language}: {group}": np.zeros(len(texts), bool) for language, group in groups()}
    named = _groups_by_first_word()
    for row, text in enumerate(texts):
        lowered = text.casefold()
        # Most texts name none: whole names are looked for where their first words are.
        for word in named.keys() & set(_WORD.findall(lowered)):
            for pattern, member in named[word]:
                if not members[member][row] and pattern.search(lowered):
                    members[member][row] = True
    return members


@cache
def _groups_by_first_word() -> Mapping[str, Sequence[tuple[re.Pattern[str], str]]]:
    """Return the patterns of the names of groups, with the group, by the first word of each."""
    table = defaultdict(list)
    for language, group in groups():
        for name in sorted(_names(language, group)):
            pattern = re.compile(rf"\b{re.escape(name)}\b")
            table[_WORD.findall(name)[0]].append((pattern, f"{language}: {group}"))
    return table


def _names(language: str, group: str) -> set[str]:
    forms = chain.from_iterable(LANGUAGES[language]["groups"][group])
    return {_ARTICLE.sub("", form.casefold()) for form in forms}


def _fill(template: str, language: str, group: str, rng: random.Random) -> str:
    one, many = rng.choice(LANGUAGES[language]["groups"][group])
    fillings = LANGUAGES[language]["fillings"].items()
    slots = {slot: rng.choice(choices) for slot, choices in fillings}
    text = template.format(one=one, many=many, **slots)
    return text.lower() if rng.random() < 0.3 else text[0].upper() + text[1:]
