"""What a site's classifier has learned and what it is worth: for its people to read."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from comments.models import Site
from moderation.models import LearningState, SiteClassifier
from moderation.models.site_classifier import NO_LAYER
from moderation.screening.classifier import name_of
from moderation.screening.learning import scores

# So many words of either kind are shown for each category.
MOST_WORDS = 20
MOST_VERSIONS = 50


class LearnedWord(NamedTuple):
    """A word by its name, with what it adds to the log odds of a category."""

    name: str
    weight: float


class LearnedWords(NamedTuple):
    """The words that weigh most in a category, the heaviest first."""

    category: str
    up: Sequence[LearnedWord]
    down: Sequence[LearnedWord]


class Measured(NamedTuple):
    """Tallies by category on decisions that were new to it, of what scores and of the shipped one.

    A tally has `harmful`, `harmless`, `caught` and `false_alarms`. `number` is the classifier whose
    gate counted them, `texts` how many decisions.
    """

    number: int
    texts: int
    scoring: Mapping[str, Mapping[str, int]]
    shipped: Mapping[str, Mapping[str, int]]


def history(site: Site) -> list[SiteClassifier]:
    """Return a site's newest classifiers, the newest first, without their layers."""
    own = SiteClassifier.objects.filter(site=site).select_related("promoted_by")
    return list(own.defer("layer")[:MOST_VERSIONS])


def in_use(site: Site) -> SiteClassifier | None:
    """Return what scores at a site, or else what scores in shadow; None for the shipped one."""
    standing = scores.in_use(site, LearningState.STANDING)
    return standing or scores.in_use(site, LearningState.SHADOW)


def numbers(site: Site) -> dict[str, int | None]:
    """Return the numbers of what scores (`standing`) and of what is in `shadow`; None for none."""
    states = {"standing": LearningState.STANDING, "shadow": LearningState.SHADOW}
    found = {name: scores.in_use(site, state) for name, state in states.items()}
    return {name: learned.number if learned else None for name, learned in found.items()}


def words(learned: SiteClassifier) -> list[LearnedWords]:
    """Return what a classifier learned, by category."""
    if learned.layer == NO_LAYER:
        return []
    weights = scores.layer_of(learned).weights
    return [LearnedWords(category, *_heaviest(found)) for category, found in weights.items()]


def measured(current: SiteClassifier | None, versions: Sequence[SiteClassifier]) -> Measured | None:
    """Return what was counted last about a classifier (None for the shipped one), if anything."""
    own = current.number if current else 0
    for version in versions:
        gate = version.gate
        if "categories" not in gate:
            continue
        if version.number == own:
            return _measured(version, "candidate")
        if gate.get("against") == own:
            return _measured(version, "standing")
    return None


def _measured(version: SiteClassifier, name: str) -> Measured:
    gate: Mapping[str, Any] = version.gate
    counts = gate["categories"]
    return Measured(version.number, gate["texts"], counts[name], counts["shipped"])


def _heaviest(weights: Mapping[str, float]) -> tuple[list[LearnedWord], list[LearnedWord]]:
    by_weight = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    named = [LearnedWord(name_of(word), weight) for word, weight in by_weight]
    up = [word for word in named if word.weight > 0][:MOST_WORDS]
    down = [word for word in reversed(named) if word.weight < 0][:MOST_WORDS]
    return up, down
