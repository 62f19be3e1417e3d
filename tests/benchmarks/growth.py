"""Benchmark: what lists, counts, searches and sweeps take as comments grow in number.

`python -m tests.benchmarks.growth 10000 100000 1000000` fills a PostgreSQL of its own with so many
comments each time (`manage.py fill`), measures (`growth_measures`), and writes a table and a plot:
build/growth.md and build/growth.svg. A million takes ten minutes on two cores, and 2.5 GB.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence

import psycopg

from tests.benchmarks import installation
from tests.services.processes import ROOT, manage, postgres

SIZES = (10_000, 100_000, 1_000_000)
Figures = Mapping[str, float]
# What a worker does by and by.
COUNT_DAYS = (
    "from django.utils import timezone; from moderation.insight import rollup; "
    "rollup.refresh(now=timezone.now(), seconds=86400)"
)
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 760, 420, 60, 40, 20
# Milliseconds at the ends of the plot's axis.
LEAST, MOST = 0.5, 5000.0


def main() -> int:
    """Fill, measure, and write the table and the plot."""
    sizes = [int(size) for size in sys.argv[1:]] or list(SIZES)
    figures = [measure(size) for size in sizes]
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    (build / "growth.md").write_text(table(sizes, figures), encoding="utf-8")
    (build / "growth.svg").write_text(plot(sizes, figures), encoding="utf-8")
    sys.stdout.write(table(sizes, figures))
    return 0


def measure(size: int) -> Figures:
    """Return milliseconds by what was done, with so many comments stored."""
    with tempfile.TemporaryDirectory() as folder, postgres() as database:
        environment = installation.settings(
            folder,
            database=database,
            PUBLIC_URL="http://testserver",
            ALLOWED_HOSTS="testserver",
            LOG_LEVEL="ERROR",
            # Nothing is due: to purge a year of a million takes longer than all that is measured.
            REFUSED_KEEP_DAYS="3650",
            NETWORK_KEEP_DAYS="3650",
            DJANGO_SETTINGS_MODULE="config.settings",
        )
        manage(environment, "migrate", "--verbosity", "0")
        begun = time.perf_counter()
        manage(environment, "fill", "--comments", str(size))
        manage(environment, "shell", "--verbosity", "0", "-c", COUNT_DAYS)
        filled = time.perf_counter() - begun
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.growth_measures"],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            check=True,
        )
        with psycopg.connect(database) as connection:
            size_of = "SELECT pg_database_size(current_database())"
            ((stored,),) = connection.execute(size_of).fetchall()
        extra = {"(bytes a comment)": stored / size, "(seconds to fill)": filled}
        return {**json.loads(done.stdout), **extra}


def table(sizes: Sequence[int], figures: Sequence[Figures]) -> str:
    """Return the figures as a table in Markdown."""
    head = ["| ms |", *(f" {size:,} |" for size in sizes)]
    rows = ["".join(head), "|---|" + "---:|" * len(sizes)]
    for name in figures[0]:
        values = (f" {column[name]:,.0f} |" for column in figures)
        rows.append(f"| {name} |" + "".join(values))
    return "\n".join(rows) + "\n"


def plot(sizes: Sequence[int], figures: Sequence[Figures]) -> str:
    """Return the figures as lines on logarithmic axes, as SVG."""
    lines = []
    for name in figures[0]:
        if name.startswith("("):
            continue
        points = [(_x(s, sizes), _y(f[name])) for s, f in zip(sizes, figures, strict=True)]
        path = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
        lines.append(f'<polyline points="{path}"><title>{name}</title></polyline>')
        if figures[-1][name] > 10 * figures[0][name]:
            x, y = points[-1]
            lines.append(f'<text x="{x - 4:.0f}" y="{y - 6:.0f}" text-anchor="end">{name}</text>')
    for value in (1, 10, 100, 1000):
        y = _y(value)
        lines.append(f'<path d="M{LEFT},{y:.0f}H{WIDTH}" class="grid"/>')
        lines.append(f'<text x="{LEFT - 6}" y="{y + 4:.0f}" text-anchor="end">{value} ms</text>')
    for size in sizes:
        x = _x(size, sizes)
        lines.append(f'<text x="{x:.0f}" y="{HEIGHT - 14}" text-anchor="middle">{size:,}</text>')
    style = (
        "text{font:12px sans-serif;fill:#777}polyline{fill:none;stroke:#3a7;stroke-width:1.5}"
        ".grid{stroke:#7774;fill:none}"
    )
    title = "<title>Milliseconds by the number of stored comments</title>"
    box = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f"<svg {box}><style>{style}</style>{title}{''.join(lines)}</svg>\n"


def _x(size: int, sizes: Sequence[int]) -> float:
    first, last = math.log(min(sizes)), math.log(max(sizes))
    share = (math.log(size) - first) / (last - first) if last > first else 0.5
    return LEFT + 40 + share * (WIDTH - LEFT - 100)


def _y(milliseconds: float) -> float:
    share = math.log(max(milliseconds, LEAST) / LEAST) / math.log(MOST / LEAST)
    return TOP + (1 - min(1.0, share)) * (HEIGHT - TOP - BOTTOM)


if __name__ == "__main__":
    sys.exit(main())
