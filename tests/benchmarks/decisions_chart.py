"""The chart of `decisions`: which share of comments was through after how many milliseconds."""

import math
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 760, 420, 60, 60, 20
# Milliseconds at the ends of the axis.
LEAST, MOST = 1.0, 3000.0
COLOURS = ("#3a7", "#27a", "#c73", "#a4a")
GOAL = 300


def draw(curves: Mapping[str, Sequence[float]]) -> str:
    """Return a line for each list of milliseconds, in ascending order, as SVG."""
    parts = [*_grid()]
    for number, (name, values) in enumerate(curves.items()):
        colour = COLOURS[number % len(COLOURS)]
        points = " ".join(f"{_x(value):.1f},{_y(share):.1f}" for value, share in _points(values))
        parts.append(f'<polyline points="{points}" stroke="{colour}"/>')
        x, y = LEFT + 12, TOP + 16 + 18 * number
        parts.append(f'<path d="M{x},{y - 4}h18" stroke="{colour}" stroke-width="3"/>')
        parts.append(f'<text x="{x + 24}" y="{y}">{name}</text>')
    style = (
        "text{font:12px sans-serif;fill:#777}polyline{fill:none;stroke-width:2}"
        ".grid{stroke:#7774;fill:none}.goal{stroke:#777;fill:none;stroke-dasharray:4 4}"
    )
    title = "<title>Share of comments by milliseconds</title>"
    box = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f"<svg {box}><style>{style}</style>{title}{''.join(parts)}</svg>\n"


def _points(values: Sequence[float]) -> list[tuple[float, float]]:
    """Return every thousandth of the values, with the share that lies below."""
    last = len(values) - 1
    return [(values[round(n / 1000 * last)], n / 1000) for n in range(1001)]


def _grid() -> list[str]:
    lines = []
    for share in (0.0, 0.25, 0.5, 0.75, 0.95, 1.0):
        y = _y(share)
        lines.append(f'<path d="M{LEFT},{y:.0f}H{WIDTH - 20}" class="grid"/>')
        lines.append(f'<text x="{LEFT - 6}" y="{y + 4:.0f}" text-anchor="end">{share:.0%}</text>')
    for value in (1, 10, 100, 1000):
        lines.append(f'<path d="M{_x(value):.0f},{TOP}V{HEIGHT - BOTTOM}" class="grid"/>')
        lines.append(
            f'<text x="{_x(value):.0f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">'
            f"{value:,} ms</text>"
        )
    lines.append(f'<path d="M{_x(GOAL):.0f},{TOP}V{HEIGHT - BOTTOM}" class="goal"/>')
    lines.append(
        f'<text x="{_x(GOAL):.0f}" y="{HEIGHT - BOTTOM + 38}" text-anchor="middle">'
        f"goal for 95 %: {GOAL} ms</text>"
    )
    return lines


def _x(milliseconds: float) -> float:
    share = math.log(max(milliseconds, LEAST) / LEAST) / math.log(MOST / LEAST)
    return LEFT + min(1.0, share) * (WIDTH - LEFT - 20)


def _y(share: float) -> float:
    return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)
