"""Sentences about groups of people: to teach that a group's name says nothing, and to measure it.

The measures of `bias` are those of Borkan et al. 2019, Nuanced Metrics for Measuring Unintended
Bias with Real Data for Text Classification.
"""

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml import measures, synthetic
from ml.dataset import Row
from ml.measures import Vector
from ml.recipe import Matrix

Mask = NDArray[np.bool_]

SOURCE = "templates_identities"
# How far a row's weight may be changed for the sake of a group.
LEAST_FACTOR, MOST_FACTOR = 0.5, 4.0
_ARTICLE = re.compile(r"^(?:an?|the|eine?|los|las|les|une?) ")
# For each language: groups, each with forms that name one and many of it; templates; fillings.
LANGUAGES = json.loads(Path(__file__).with_name("identities.json").read_text(encoding="utf-8"))
HARMFUL = {"SPAM": False, "TOXICITY": True, "IDENTITY_ATTACK": True}
HARMLESS = {**synthetic.CIVIL, "PROFANITY": False}


def rows(*, each: int, seed: int, part: int = 0) -> Iterator[Row]:
    """Yield `each` neutral and `each` hostile rows for every group in every language.

    `part` 0 is of the templates to learn from, 1 of those to measure with: every third.
    """
    chance = random.Random(seed)  # noqa: S311 (nothing secret)
    for language, group in groups():
        for kind, labels in (("neutral", HARMLESS), ("hostile", HARMFUL)):
            chosen = templates(language, kind, part=part)
            for _ in range(each):
                text = _filled(chance.choice(chosen), language, group, chance)
                yield Row(text, labels, SOURCE, subset=f"{language}: {group}")


def groups() -> list[tuple[str, str]]:
    """Return the languages and the groups in them."""
    return [(language, group) for language, table in LANGUAGES.items() for group in table["groups"]]


def templates(language: str, kind: str, *, part: int) -> list[str]:
    """Return the neutral or hostile templates of a language to learn from, or to measure with."""
    found: list[str] = LANGUAGES[language][kind]
    return [t for number, t in enumerate(found) if (number % 3 == 0) == bool(part)]


def evened(texts: Sequence[str], labels: Matrix, weights: Matrix) -> Matrix:
    """Return the weights of labels, changed so that naming a group says little about the label.

    Reweighing (Kamiran and Calders 2012, Data preprocessing techniques for classification without
    discrimination): what names a group weighs as if it were of each class as often as everything
    else. A row that names several is changed by the one that is furthest from that.
    """
    named = [which for which in mentioned(texts).values() if which.any()]
    changed = weights.copy()
    for column in range(labels.shape[1]):
        factor = np.ones(len(texts), np.float32)
        for inside in named:
            for value in (0, 1):
                both = inside & (labels[:, column] == value)
                wanted = _wanted(weights[:, column], inside, labels[:, column] == value)
                stronger = abs(np.log(wanted)) > abs(np.log(factor))
                factor = np.where(both & stronger, wanted, factor)
        changed[:, column] *= factor
    return changed


def _wanted(weights: Vector, inside: Mask, of_class: Mask) -> np.float32:
    """Return P(group) P(class) / P(group and class), within bounds."""
    total, both = weights.sum(), weights[inside & of_class].sum()
    if not both:
        return np.float32(1)
    apart = weights[inside].sum() * weights[of_class].sum() / total
    return np.float32(np.clip(apart / both, LEAST_FACTOR, MOST_FACTOR))


def bias(
    members: Mapping[str, Mask], labels: Vector, scores: Vector
) -> dict[str, dict[str, float | None]]:
    """Return for each group its ROC AUC, BPSN AUC and BNSP AUC; None where a class is missing.

    `members` says for each group which rows are about it. BPSN: other rows' positives against this
    group's negatives, low when its name alone raises scores. BNSP: other rows' negatives against
    its positives.
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
            name: measures.ranking(labels[which], scores[which])["roc_auc"]
            for name, which in chosen.items()
        }
    return figures


def mentioned(texts: Sequence[str]) -> dict[str, Mask]:
    """Return for each group, of any language, which of the texts name it."""
    lowered = [text.casefold() for text in texts]
    some = _pattern({name for group in groups() for name in _names(*group)})
    # Most texts name none, and are looked through once.
    candidates = [(i, text) for i, text in enumerate(lowered) if some.search(text)]
    members = {}
    for language, group in groups():
        names = _pattern(_names(language, group))
        members[f"{language}: {group}"] = inside = np.zeros(len(texts), bool)
        inside[[i for i, text in candidates if names.search(text)]] = True
    return members


def _names(language: str, group: str) -> set[str]:
    forms = chain.from_iterable(LANGUAGES[language]["groups"][group])
    return {_ARTICLE.sub("", form.casefold()) for form in forms}


def _pattern(names: set[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b")


def _filled(template: str, language: str, group: str, chance: random.Random) -> str:
    one, many = chance.choice(LANGUAGES[language]["groups"][group])
    fillings = LANGUAGES[language]["fillings"].items()
    slots = {slot: chance.choice(choices) for slot, choices in fillings}
    text = template.format(one=one, many=many, **slots)
    return text.lower() if chance.random() < 0.3 else text[0].upper() + text[1:]
