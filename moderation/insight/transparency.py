"""The yearly transparency report of a site (Digital Services Act, articles 15 and 24).

Restrictions by ground and source, reports and the time to answer them, appeals and their outcomes,
and how often automated decisions were wrong.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, OuterRef, Q, Subquery

from comments.models import Comment, Site
from comments.models.ids import min_id_at
from moderation.insight.statistics import median_seconds, midnight
from moderation.models import Appeal, Decision, DecisionSource, Report
from moderation.models.appeal import AppealOutcome
from moderation.rules.outcomes import VERDICTS_RESTRICTING, VERDICTS_SETTLING
from moderation.rules.verdicts import Verdict

HEADER = ("section", "measure", "value")
# A moderator refused it, and neither the rules nor readers had given a ground.
OWN_INITIATIVE = "PERSON"
BY = {
    DecisionSource.AUTOMATION.value: "automated",
    DecisionSource.MODERATOR.value: "by_people",
    DecisionSource.SITE.value: "by_the_site",
}
AUTHORS_OWN = (DecisionSource.AUTHOR, DecisionSource.IMPORT)


def report(site: Site, year: int) -> dict[str, Any]:
    """Return the report of a site for a year (UTC); times are medians in seconds, or None."""
    begin, end = midnight(date(year, 1, 1)), midnight(date(year + 1, 1, 1))
    created = {"pk__gte": min_id_at(begin), "pk__lt": min_id_at(end)}
    decisions = Decision.objects.filter(comment__site=site, **created)
    new = _new_restrictions(decisions)
    restrictions = _by_ground(new)
    moderators = decisions.filter(source=DecisionSource.MODERATOR).values("decided_by").distinct()
    return {
        "site": site.slug,
        "year": year,
        "comments_received": Comment.objects.filter(site=site, **created).count(),
        "restrictions": {
            "total": sum(row["total"] for row in restrictions),
            **{name: sum(row[name] for row in restrictions) for name in BY.values()},
            "illegal_content": new.filter(is_illegal=True).count(),
            "by_ground": restrictions,
            "by_reason": _by_reason(new),
            "seconds_to_decision": median_seconds(_times_to_decision(site, created)),
        },
        "reports": _reports(Report.objects.filter(comment__site=site, **created)),
        "appeals": _appeals(Appeal.objects.filter(decision__comment__site=site, **created)),
        "automation": _automation(decisions),
        "moderators": moderators.count(),
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


def _new_restrictions(decisions: Any) -> Any:
    """Return the refusals by others than the author; to confirm a refusal is not a new one."""
    refused = decisions.filter(verdict__in=VERDICTS_RESTRICTING, undoes=False)
    refused = refused.exclude(source__in=AUTHORS_OWN)
    return refused.filter(Q(overrides=None) | ~Q(overrides__verdict__in=VERDICTS_RESTRICTING))


def _by_reason(new: Any) -> list[dict[str, Any]]:
    """Return the refusals for which a moderator chose a reason of the site's list, by its key."""
    of_reasons = new.exclude(refusal_reason="").order_by("refusal_reason")
    counted = of_reasons.values_list("refusal_reason").annotate(n=Count("pk"))
    return [{"reason": key, "total": n} for key, n in counted]


def _by_ground(new: Any) -> list[dict[str, Any]]:
    """Return new refusals by ground and source."""
    counted = new.values_list(
        "source",
        "grounds__0__category",
        "grounds__0__reason",
        "overrides__grounds__0__category",
        "overrides__grounds__0__reason",
        "overrides__source",
    )
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for source, *grounds, before, n in counted.annotate(n=Count("pk")).order_by():
        ground = next(filter(None, grounds), None)
        if ground is None:
            ground = "REPORTS" if before == DecisionSource.READERS else OWN_INITIATIVE
        counts[ground.upper()][BY.get(source, "by_people")] += n
    by_number = sorted(counts.items(), key=lambda item: (-item[1].total(), item[0]))
    return [
        {"ground": ground, "total": count.total(), **{name: count[name] for name in BY.values()}}
        for ground, count in by_number
    ]


def _times_to_decision(site: Site, created: Mapping[str, Any]) -> Iterator[timedelta]:
    """Yield the time from creation to the first final decision of each comment received."""
    of_comments = {f"comment__{name}": value for name, value in created.items()}
    final = Decision.objects.filter(
        comment__site=site, revision=1, verdict__in=VERDICTS_SETTLING, overrides=None, **of_comments
    ).exclude(source=DecisionSource.IMPORT)
    times = final.order_by().values_list("decided_at", "comment__created_at")
    return (decided - came for decided, came in times.iterator())


def _reports(reports: Any) -> dict[str, Any]:
    answer = Decision.objects.filter(
        comment=OuterRef("comment"),
        source=DecisionSource.MODERATOR,
        decided_at__gte=OuterRef("created_at"),
    ).order_by("id")
    answered = reports.annotate(
        verdict=Subquery(answer.values("verdict")[:1]),
        answered_at=Subquery(answer.values("decided_at")[:1]),
    )
    reasons: defaultdict[str, Counter[str]] = defaultdict(Counter)
    times = []
    rows = answered.order_by().values_list("reason", "verdict", "created_at", "answered_at")
    for reason, verdict, created_at, answered_at in rows.iterator():
        reasons[reason]["total"] += 1
        if answered_at:
            reasons[reason]["answered"] += 1
            reasons[reason]["led_to_a_restriction"] += verdict in VERDICTS_RESTRICTING
            times.append(answered_at - created_at)
    names = ("total", "answered", "led_to_a_restriction")
    return {
        **{name: sum(count[name] for count in reasons.values()) for name in names},
        "seconds_to_answer": median_seconds(times),
        "by_reason": [
            {"reason": reason, **{name: count[name] for name in names}}
            for reason, count in sorted(reasons.items())
        ],
    }


def _appeals(appeals: Any) -> dict[str, Any]:
    taken = ExpressionWrapper(F("resolved_at") - F("submitted_at"), output_field=DurationField())
    resolved = appeals.exclude(resolved_at=None).annotate(taken=taken)
    return {
        "total": appeals.count(),
        "upheld": appeals.filter(outcome=AppealOutcome.UPHELD).count(),
        "overturned": appeals.filter(outcome=AppealOutcome.OVERTURNED).count(),
        "waiting": appeals.filter(resolved_at=None).count(),
        "seconds_to_answer": median_seconds(resolved.order_by().values_list("taken", flat=True)),
    }


def _automation(decisions: Any) -> dict[str, Any]:
    """Return how many refusals were automated, and how many of these moderators overturned."""
    refused = decisions.filter(source=DecisionSource.AUTOMATION, verdict__in=VERDICTS_RESTRICTING)
    total = refused.count()
    wrong = refused.filter(
        overridden_by__source=DecisionSource.MODERATOR, overridden_by__verdict=Verdict.APPROVE
    ).count()
    return {
        "refused": total,
        "overturned_by_people": wrong,
        "share_overturned": round(wrong / total, 4) if total else None,
    }
