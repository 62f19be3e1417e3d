"""Sentences about groups of people: to teach that a group's name says nothing, and to measure it.

The measures of `bias` are those of Borkan et al. 2019, Nuanced Metrics for Measuring Unintended
Bias with Real Data for Text Classification.
"""

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml import measures, synthetic
from ml.dataset import Row
from ml.measures import Vector

Mask = NDArray[np.bool_]

SOURCE = "templates_identities"
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
    return {
        f"{language}: {group}": np.array(
            [_names(language, group).search(t) is not None for t in lowered]
        )
        for language, group in groups()
    }


@lru_cache(maxsize=200)
def _names(language: str, group: str) -> re.Pattern[str]:
    forms = chain.from_iterable(LANGUAGES[language]["groups"][group])
    names = {_ARTICLE.sub("", form.casefold()) for form in forms}
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b")


def _filled(template: str, language: str, group: str, chance: random.Random) -> str:
    one, many = chance.choice(LANGUAGES[language]["groups"][group])
    fillings = LANGUAGES[language]["fillings"].items()
    slots = {slot: chance.choice(choices) for slot, choices in fillings}
    text = template.format(one=one, many=many, **slots)
    return text.lower() if chance.random() < 0.3 else text[0].upper() + text[1:]
