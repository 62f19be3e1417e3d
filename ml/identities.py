"""Sentences about groups of people, by which `ml.bias` reduces and measures unintended bias."""

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

from ml import synthetic
from ml.dataset import Row

Mask = NDArray[np.bool_]

SOURCE = "templates_identities"
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
