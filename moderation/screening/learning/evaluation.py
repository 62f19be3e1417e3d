"""The gate: a candidate passes only where it is better than what stands, beyond noise.

It is measured on the newest decisions of moderators, which neither has learned from; on the site's
newest public comments, and on the shipped regression set, false alarms must not become more.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from moderation.screening import classifier
from moderation.screening.classifier import (
    ClassifierInput,
    Layer,
    Lesson,
    Scores,
    ShippedRow,
    errors,
    gate,
)
from moderation.screening.learning.dataset import GivenLesson

# So many new decisions are needed, of which this share of all is the least that is kept apart.
LEAST_TESTED, SHARE_TESTED = 30, 0.25
# It passes where the chance that it is no better is at most this.
MAX_CHANCE = 0.05
# False alarms on new decisions may become more by this share of the harmless ones, rounded down:
# a classifier that catches nothing of a kind of spam has none.
TOLERATED_FALSE_ALARMS = 0.01
# How many more of the harmful texts of the regression set may be missed.
MORE_MISSES = 3
# A giver whose labels, so many at least, mostly contradict what all others' labels teach.
SUSPECT_LABELS, SUSPECT_SHARE = 10, 0.5
NOTHING_LEARNED = Layer({}, {})


def split(
    lessons: Sequence[GivenLesson], *, after: int
) -> tuple[list[GivenLesson], list[GivenLesson]]:
    """Return the older lessons to learn from, and the newest decisions to measure by.

    Those from number `after` on are newer than what the standing one has learned.
    """
    decided = [i for i, given in enumerate(lessons) if given.by_moderator]
    first = max(int(len(decided) * (1 - SHARE_TESTED)), 0)
    start = max(decided[first] if decided else len(lessons), after)
    return list(lessons[:start]), [given for given in lessons[start:] if given.by_moderator]


def measure(
    candidate: Layer,
    standing: Layer,
    *,
    tested: Sequence[GivenLesson],
    published: Sequence[ClassifierInput],
    hold_at: Mapping[str, float],
) -> dict[str, Any]:
    """Return what was measured, and as `refusals` why the candidate doesn't pass."""
    labels = [given.lesson.labels for given in tested]
    inputs = [given.lesson.record for given in tested]
    scores = [given.lesson.scores for given in tested]
    rows: dict[str, Sequence[Mapping[str, float]]] = {
        "shipped": scores,
        "standing": standing.correct(inputs, scores),
        "candidate": candidate.correct(inputs, scores),
    }
    shipped, before, after = (errors(labels, row, hold_at) for row in rows.values())
    chance = gate.chance_of_no_gain(before.all, after.all) if tested else 1.0
    calm = _alarms(standing, candidate, published, hold_at)
    regression = _regression(standing, candidate, hold_at)
    measured = {
        "texts": len(tested),
        "harmless": sum(not any(known.values()) for known in labels),
        "shipped": _counts(shipped),
        "standing": _counts(before),
        "candidate": _counts(after),
        "categories": {
            name: _tallies(gate.tallies(labels, row, hold_at)) for name, row in rows.items()
        },
        "chance_of_no_gain": round(chance, 4),
        "published": {"texts": len(published), **calm},
        "regression": regression,
    }
    return measured | {"refusals": list(_refusals(measured))}


def suspects(lessons: Sequence[GivenLesson], *, hold_at: Mapping[str, float]) -> list[str]:
    """Return the givers most of whose labels contradict what the labels of all others teach.

    Found by leaving one giver out at a time; where there is one alone, nobody can be compared.
    """
    givers = {given.giver for given in lessons}
    return [
        giver
        for giver in sorted(givers)
        if len(givers) > 1 and _contradicts(giver, lessons, hold_at)
    ]


def _contradicts(giver: str, lessons: Sequence[GivenLesson], hold_at: Mapping[str, float]) -> bool:
    own = [given.lesson for given in lessons if given.giver == giver]
    if len(own) < SUSPECT_LABELS:
        return False
    others = [given.lesson for given in lessons if given.giver != giver]
    layer = classifier.fit_layer(others, hold_at=hold_at)
    rows = layer.correct([o.record for o in own], [o.scores for o in own])
    found = errors([o.labels for o in own], rows, hold_at)
    return bool((found.all > 0).mean() > SUSPECT_SHARE)


def _alarms(
    standing: Layer,
    candidate: Layer,
    inputs: Sequence[ClassifierInput],
    hold_at: Mapping[str, float],
) -> dict[str, int]:
    scored: Scores = classifier.score(inputs)
    return {
        name: int(gate.any_held(layer.correct(inputs, scored.rows), hold_at).sum())
        for name, layer in (("standing", standing), ("candidate", candidate))
    }


def _regression(
    standing: Layer, candidate: Layer, hold_at: Mapping[str, float]
) -> dict[str, dict[str, int]]:
    rows = classifier.regression_rows()
    records = inputs_of(rows)
    scores = classifier.score(records).rows
    labels = [row.labels for row in rows]
    return {
        name: _counts(errors(labels, layer.correct(records, scores), hold_at))
        for name, layer in (("standing", standing), ("candidate", candidate))
    }


def anchors() -> list[Lesson]:
    """Return the shipped texts that a layer is held by while it is fitted, scored."""
    rows = classifier.anchor_rows()
    inputs = inputs_of(rows)
    scores = classifier.score(inputs).rows
    return [
        Lesson(given, row, known.labels)
        for given, row, known in zip(inputs, scores, rows, strict=True)
    ]


def inputs_of(rows: Sequence[ShippedRow]) -> list[ClassifierInput]:
    """Return shipped texts as the classifier reads them."""
    return [
        {"text": row.text, "author_name": row.author_name, "author_url": row.author_url}
        for row in rows
    ]


def _tallies(found: Mapping[str, gate.CategoryTally]) -> dict[str, dict[str, int]]:
    return {category: tally._asdict() for category, tally in found.items()}


def _counts(found: gate.Errors) -> dict[str, int]:
    return {"misses": int(found.misses.sum()), "false_alarms": int(found.false_alarms.sum())}


def _refusals(measured: Mapping[str, Any]) -> Sequence[str]:
    standing, candidate = measured["standing"], measured["candidate"]
    published, regression = measured["published"], measured["regression"]
    allowed = int(TOLERATED_FALSE_ALARMS * measured["harmless"])
    conditions = (
        (measured["texts"] < LEAST_TESTED, f"fewer than {LEAST_TESTED} new decisions"),
        (measured["chance_of_no_gain"] > MAX_CHANCE, "no better beyond noise"),
        (candidate["false_alarms"] - standing["false_alarms"] > allowed, "more false alarms"),
        (published["candidate"] > published["standing"], "more alarms on published comments"),
        (
            regression["candidate"]["false_alarms"] > regression["standing"]["false_alarms"],
            "more false alarms on the shipped regression set",
        ),
        (
            regression["candidate"]["misses"] - regression["standing"]["misses"] > MORE_MISSES,
            "misses more of the shipped regression set",
        ),
    )
    return [why for is_so, why in conditions if is_so]
