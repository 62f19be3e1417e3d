"""The curve of what was learned: errors on newest decisions, by how many texts it learned from."""

from collections.abc import Sequence
from typing import NamedTuple

from moderation.models import SiteClassifier

WIDTH, HEIGHT = 960, 240
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 12, 30
LEAST_POINTS = 2


class CurvePoint(NamedTuple):
    """A measured classifier in SVG units, with its numbers in words."""

    x: float
    shipped: float
    learned: float
    passed: bool
    title: str


class LearningCurve(NamedTuple):
    """Two lines of errors, of the shipped classifier and of what was learned, with their scale."""

    points: Sequence[CurvePoint]
    shipped: str
    learned: str
    lines: Sequence[tuple[float, str]]
    dates: Sequence[tuple[float, str]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    foot: int = HEIGHT - 8


def draw(versions: Sequence[SiteClassifier]) -> LearningCurve | None:
    """Return the curve of the classifiers that were measured; None for fewer than two."""
    measured = [v for v in reversed(versions) if _was_measured(v)]
    if len(measured) < LEAST_POINTS:
        return None
    shares = [(_share(version, "shipped"), _share(version, "candidate")) for version in measured]
    top = max(0.1, *(share for pair in shares for share in pair))
    step = (WIDTH - LEFT - RIGHT) / (len(measured) - 1)
    points = [
        CurvePoint(
            round(LEFT + number * step, 1),
            _y(shipped, top),
            _y(learned, top),
            not version.refusals,
            f"Classifier {version.number}, from {version.texts} texts: {100 * learned:.0f} % "
            f"errors, shipped {100 * shipped:.0f} %",
        )
        for number, (version, (shipped, learned)) in enumerate(zip(measured, shares, strict=True))
    ]
    return LearningCurve(
        points=points,
        shipped=" ".join(f"{point.x},{point.shipped}" for point in points),
        learned=" ".join(f"{point.x},{point.learned}" for point in points),
        lines=[(_y(top * n / 4, top), f"{100 * top * n / 4:.0f} %") for n in range(5)],
        dates=[
            (point.x, f"{version.texts:,}")
            for point, version in zip(points, measured, strict=True)
            if version in (measured[0], measured[-1])
        ],
    )


def _was_measured(version: SiteClassifier) -> bool:
    """Tell whether its own gate measured it: one from which a word was left out has another's."""
    gate = version.gate
    return bool(gate.get("texts")) and "shipped" in gate and "left_out" not in gate


def _share(version: SiteClassifier, name: str) -> float:
    return float(sum(version.gate[name].values()) / version.gate["texts"])


def _y(share: float, top: float) -> float:
    return round(HEIGHT - BOTTOM - share / top * (HEIGHT - BOTTOM - TOP), 1)
