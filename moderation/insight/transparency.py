"""The yearly transparency report of a site (Digital Services Act, articles 15 and 24).

Restrictions by ground and source, reports and the time to answer them, appeals and their outcomes,
and how often automated decisions were wrong.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from comments.databases import replica
from comments.models import Site
from moderation.insight.transparency_figures import BY, Figures, of_year

HEADER = ("section", "measure", "value")
OF_REPORTS = ("total", "answered", "led_to_a_restriction")


def report(site: Site, year: int) -> dict[str, Any]:
    """Return the report of a site for a year (UTC); times are medians in seconds, or None.

    A replica counts, if there is one.
    """
    figures = replica.read_caught_up(lambda: of_year(site, year))
    counts = figures.counts
    restrictions = _by_ground(figures)
    return {
        "site": site.slug,
        "year": year,
        "comments_received": counts["received",],
        "restrictions": {
            "total": sum(row["total"] for row in restrictions),
            **{name: sum(row[name] for row in restrictions) for name in BY.values()},
            "illegal_content": counts["illegal",],
            "by_ground": restrictions,
            "by_reason": [{"reason": key, "total": n} for (key,), n in figures.of("reason")],
            "seconds_to_decision": figures.median("decision"),
        },
        "reports": _reports(figures),
        "appeals": {
            **{
                name: counts["appeal", name]
                for name in ("total", "upheld", "overturned", "waiting")
            },
            "seconds_to_answer": figures.median("appeal"),
        },
        "automation": _automation(figures),
        "moderators": sum(1 for _ in figures.of("moderator")),
    }


def rows(content: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield a report as rows of section, measure and value, for a spreadsheet."""
    for name, value in content.items():
        if not isinstance(value, Mapping):
            yield "report", name, value
            continue
        for measure, figure in value.items():
            if not isinstance(figure, list):
                yield name, measure, figure
                continue
            for row in figure:
                label = next(iter(row.values()))
                yield from ((f"{name}: {label}", *item) for item in list(row.items())[1:])


def _by_ground(figures: Figures) -> list[dict[str, Any]]:
    """Return new refusals by ground and source, the most frequent ground first."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (ground, by), n in figures.of("ground"):
        counts[ground][by] = n
    by_number = sorted(counts.items(), key=lambda item: (-item[1].total(), item[0]))
    return [
        {"ground": ground, "total": count.total(), **{name: count[name] for name in BY.values()}}
        for ground, count in by_number
    ]


def _reports(figures: Figures) -> dict[str, Any]:
    counts = figures.counts
    reasons = [reason for (reason,), _ in figures.of("report", "total")]
    by_reason = [
        {"reason": reason, **{name: counts["report", name, reason] for name in OF_REPORTS}}
        for reason in reasons
    ]
    return {
        **{name: sum(row[name] for row in by_reason) for name in OF_REPORTS},
        "seconds_to_answer": figures.median("report"),
        "by_reason": by_reason,
    }


def _automation(figures: Figures) -> dict[str, Any]:
    """Return how many refusals were automated, and how many of these moderators overturned."""
    total = figures.counts["automation", "refused"]
    wrong = figures.counts["automation", "overturned"]
    return {
        "refused": total,
        "overturned_by_people": wrong,
        "share_overturned": round(wrong / total, 4) if total else None,
    }
