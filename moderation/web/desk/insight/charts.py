"""Compute the geometry of charts; templates render it as SVG."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, log10
from typing import Any, NamedTuple

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, pgettext

WIDTH, HEIGHT = 960, 260
LEFT, BOTTOM, TOP = 44, 26, 10
# With more days, each bar is a week.
MOST_BARS = 93
MOST_LABELS = 8


class ChartSegment(NamedTuple):
    """A part of a bar: its kind and its rectangle."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class ChartBar:
    """The bar of a day or week: its parts from the bottom, and its counts in words."""

    label: str
    counts: str
    pieces: Sequence[ChartSegment]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, with the scale lines behind them and the dates below."""

    bars: Sequence[ChartBar]
    lines: Sequence[tuple[float, str]]
    dates: Sequence[tuple[float, str]]
    unit: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    foot: int = HEIGHT - 6


def columns(
    days: Iterable[Mapping[str, Any]], kinds: Mapping[str, str], *, since: date, until: date
) -> Chart:
    """Return a chart with a bar for each day, or each week of a long period; both ends included.

    `kinds` maps the keys of a day's counts to their labels, in the order of the parts of a bar.
    """
    length = (until - since).days + 1
    step = 1 if length <= MOST_BARS else 7
    sums: list[dict[str, int]] = [dict.fromkeys(kinds, 0) for _ in range(ceil(length / step))]
    for day in days:
        for kind in kinds:
            sums[(day["day"] - since).days // step][kind] += day.get(kind, 0)
    starts = [since + timedelta(days=step * n) for n in range(len(sums))]
    top, lines = _scale(max((sum(column.values()) for column in sums), default=0))
    slot = (WIDTH - LEFT) / len(sums)
    bars = [
        ChartBar(
            _dated(start, step), _counts(column, kinds), _pieces(column, LEFT + n * slot, slot, top)
        )
        for n, (start, column) in enumerate(zip(starts, sums, strict=True))
    ]
    every = ceil(len(sums) / MOST_LABELS)
    dates = [
        (
            round(LEFT + (n + 0.5) * slot, 1),
            date_format(start, pgettext("day below a chart", "j M")),
        )
        for n, start in enumerate(starts)
        if n % every == 0
    ]
    return Chart(bars, lines, dates, "day" if step == 1 else "week")


def share(part: float, whole: float) -> int:
    """Return the rounded percentage; 0 where the whole is 0."""
    return round(100 * part / whole) if whole else 0


def _scale(highest: int) -> tuple[int, list[tuple[float, str]]]:
    """Return the end of the scale and its lines: round numbers, four at most."""
    raw = max(highest, 1) / 4
    magnitude = 10 ** floor(log10(raw)) if raw >= 1 else 1
    step = next(magnitude * n for n in (1, 2, 2.5, 5, 10) if magnitude * n >= raw)
    step = max(1, ceil(step))
    top = step * ceil(max(highest, 1) / step)
    return top, [
        (_y(value, top), number_format(value, force_grouping=True))
        for value in range(0, top + 1, step)
    ]


def _y(value: float, top: int) -> float:
    return round(HEIGHT - BOTTOM - value / top * (HEIGHT - BOTTOM - TOP), 1)


def _pieces(column: Mapping[str, int], x: float, slot: float, top: int) -> list[ChartSegment]:
    gap = min(3.0, slot * 0.2)
    pieces, below = [], 0
    for kind, n in column.items():
        if n:
            upper, lower = _y(below + n, top), _y(below, top)
            width = round(slot - gap, 1)
            pieces.append(
                ChartSegment(kind, round(x + gap / 2, 1), upper, width, round(lower - upper, 1))
            )
        below += n
    return pieces


def _dated(start: date, step: int) -> str:
    if step == 1:
        return date_format(start, pgettext("day of a bar in a chart", "D j M Y"))
    first = date_format(start, pgettext("first day of a week in a chart", "j M Y"))
    return gettext("Week from %(day)s") % {"day": first}


def _counts(column: Mapping[str, int], kinds: Mapping[str, str]) -> str:
    counts = [f"{n} {kinds[kind].lower()}" for kind, n in column.items() if n]
    return ", ".join(counts) or "nothing"
