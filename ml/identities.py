"""Sentences about groups of people: to teach that a group's name says nothing, and to measure it.

The measures of `bias` are those of Borkan et al. 2019, Nuanced Metrics for Measuring Unintended
Bias with Real Data for Text Classification.
"""

import random
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from ml.dataset import Row

SOURCE = "templates_identities"
# Each of the forms of a line names the same group: of it, one of it, many of it.
GROUPS: dict[str, tuple[tuple[str, str], ...]] = {
    "women": (("a woman", "women"), ("a girl", "girls"), ("a feminist", "feminists")),
    "men": (("a man", "men"), ("a guy", "guys"), ("a father", "fathers")),
    "gay people": (("gay", "gay people"), ("a lesbian", "lesbians"), ("queer", "queer people")),
    "trans people": (("transgender", "trans people"), ("a trans woman", "trans women")),
    "straight people": (("straight", "straight people"), ("heterosexual", "heterosexuals")),
    "Muslims": (("a Muslim", "Muslims"), ("from a Muslim family", "muslim families")),
    "Jews": (("Jewish", "Jews"), ("a Jew", "Jewish people")),
    "Christians": (("a Christian", "Christians"), ("Catholic", "Catholics")),
    "atheists": (("an atheist", "atheists"),),
    "Black people": (("Black", "Black people"), ("African American", "African Americans")),
    "white people": (("white", "white people"), ("European", "Europeans")),
    "Asian people": (("Asian", "Asian people"), ("Chinese", "Chinese people")),
    "Latinos": (("Latina", "Latinos"), ("Mexican", "Mexicans")),
    "immigrants": (("an immigrant", "immigrants"), ("a refugee", "refugees")),
    "disabled people": (("disabled", "disabled people"), ("deaf", "deaf people"),
                        ("blind", "blind people"), ("autistic", "autistic people")),
    "old people": (("old", "old people"), ("a pensioner", "pensioners")),
}  # fmt: skip
NEUTRAL = (
    "I am {one} and I live in {place}.",
    "My {kin} is {one}.",
    "As someone who is {one}, I found this article helpful.",
    "{many} have the same rights as everybody else.",
    "We should listen to what {many} say about this.",
    "There was a documentary about {many} on TV last night.",
    "My {kin} works with {many} in {place}.",
    "The study asked {many} how they use {thing}.",
    "Nobody should be insulted for being {one}.",
    "It makes me sad how {many} are treated in {place}.",
    "Why are there so few {many} in this film?",
    "I grew up among {many} and love the food.",
    "Being {one} in {place} isn't always easy.",
    "He says he is {one}, and proud of it.",
    "Calling {many} names is wrong and should be moderated.",
    "Most {many} I know like {thing}.",
    "The author is {one} and writes about {thing}.",
    "In 2011 about a tenth of the town were {many}.",
    "Happy to read something by {many} for once.",
    "My {kin} married {one} last summer.",
    "The new law protects {many} at work.",
    "{many} and their families are welcome in {place}.",
    "I am proud to be {one}.",
    "Do {many} also read this blog? I hope so.",
    "I was called names at school for being {one}, and it hurt.",
    "Nobody chooses to be {one}, so be kind.",
    "People who hate {many} are not welcome on this site.",
    "{many} deserve respect, full stop.",
    "Can {many} vote in {place}?",
    "You are {one}? Me too!",
    "It is not true that {many} are lazy.",
    "What do {many} think about {thing}?",
    "My {kin} wrote a novel about {many} and {thing}.",
    "I support {many}.",
    "I love {many}.",
    "She is {one} and the best {thing} writer we have.",
)
HOSTILE = (
    "I hate {many}.",
    "{many} are disgusting.",
    "All {many} are stupid and lazy.",
    "{many} are vermin, get them out of {place}.",
    "You are {one}, so shut your stupid mouth.",
    "{many} don't deserve any rights.",
    "Typical idiot, probably {one}.",
    "We would be better off without {many}.",
    "Nobody wants {many} here, go away you trash.",
    "{many} ruin everything, they are scum.",
    "Somebody should beat up {many}.",
    "I can't stand {many}, they make me sick.",
    "My {kin} is {one} and a pathetic loser.",
    "{many} belong in a cage.",
)
_FILLINGS = {
    "place": ("Berlin", "Texas", "a small town", "this country", "London", "the city"),
    "kin": ("neighbour", "brother", "teacher", "best friend", "boss", "daughter"),
    "thing": ("public transport", "music", "football", "their phones", "gardening", "science"),
}


def rows(*, each: int, seed: int, part: int = 0) -> Iterator[Row]:
    """Yield `each` neutral and `each` hostile rows for every group.

    `part` 0 is of the templates to learn from, 1 of those to measure with: every third.
    """
    chance = random.Random(seed)  # noqa: S311 (nothing secret)
    for _ in range(each):
        for group in GROUPS:
            yield _row(group, _of(NEUTRAL, part), hostile=False, chance=chance)
            yield _row(group, _of(HOSTILE, part), hostile=True, chance=chance)


def bias(
    groups: Sequence[str], labels: NDArray[np.float64], scores: NDArray[np.float64]
) -> dict[str, dict[str, float]]:
    """Return for each group its ROC AUC, BPSN AUC and BNSP AUC.

    BPSN: other groups' positives against this one's negatives, low when its name alone raises
    scores. BNSP: other groups' negatives against its positives.
    """
    of, figures = np.array(groups), {}
    for group in dict.fromkeys(groups):
        inside, positive = of == group, labels == 1
        chosen = {
            "subgroup_auc": inside,
            "bpsn_auc": inside ^ positive,
            "bnsp_auc": inside == positive,
        }
        figures[group] = {
            name: round(float(roc_auc_score(labels[which], scores[which])), 4)
            for name, which in chosen.items()
        }
    return figures


def group_of(row: Row) -> str:
    """Return the group that a row of these templates is about."""
    return row.source.partition(": ")[2]


def _of(templates: Sequence[str], part: int) -> Sequence[str]:
    return [t for number, t in enumerate(templates) if (number % 3 == 0) == bool(part)]


def _row(group: str, templates: Sequence[str], *, hostile: bool, chance: random.Random) -> Row:
    one, many = chance.choice(GROUPS[group])
    fillings = {slot: chance.choice(choices) for slot, choices in _FILLINGS.items()}
    text = chance.choice(templates).format(one=one, many=many, **fillings)
    text = text.lower() if chance.random() < 0.3 else text[0].upper() + text[1:]
    labels = {"TOXICITY": hostile, "SPAM": False}
    return Row(
        text, labels if hostile else labels | {"IDENTITY_ATTACK": False}, f"{SOURCE}: {group}"
    )
