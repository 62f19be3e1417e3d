"""What a transparency report counts, as figures that add up: of what is stored, and was purged."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, DurationField, ExpressionWrapper, F, OuterRef, Q, Subquery

from comments.models import Comment, Site
from comments.models.ids import made_at, min_id_at
from moderation.insight.groups import midnight
from moderation.models import Appeal, Decision, DecisionSource, KeptFigures, Report
from moderation.models.appeal import AppealOutcome
from moderation.rules.outcomes import VERDICTS_RESTRICTING, VERDICTS_SETTLING
from moderation.rules.verdicts import Verdict

# A moderator refused it, and neither the rules nor readers had given a ground.
OWN_INITIATIVE = "PERSON"
BY = {
    DecisionSource.AUTOMATION.value: "automated",
    DecisionSource.MODERATOR.value: "by_people",
    DecisionSource.SITE.value: "by_the_site",
}
AUTHORS_OWN = (DecisionSource.AUTHOR, DecisionSource.IMPORT)
# Durations of purged comments are kept in steps of one percent.
STEP = 1.01


@dataclass
class Figures:
    """Numbers by what they count, such as ("ground", "SPAM", "automated"), and durations.

    `seconds` holds how often each duration occurred.
    """

    counts: Counter[tuple[str, ...]] = field(default_factory=Counter)
    seconds: defaultdict[str, Counter[float]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, other: "Figures") -> None:
        """Add the figures of other comments."""
        self.counts.update(other.counts)
        for name, durations in other.seconds.items():
            self.seconds[name].update(durations)

    def of(self, *name: str) -> Iterator[tuple[tuple[str, ...], int]]:
        """Yield the rest of each name that begins like this, with its number."""
        for key, n in sorted(self.counts.items()):
            if key[: len(name)] == name:
                yield key[len(name) :], n

    def median(self, name: str) -> float | None:
        """Return the median of durations in seconds; None without any."""
        durations = self.seconds[name]
        if not (total := durations.total()):
            return None
        middle = {(total - 1) // 2, total // 2}
        ranked, before = [], 0
        for seconds, n in sorted(durations.items()):
            ranked += [seconds for place in sorted(middle) if before <= place < before + n]
            before += n
        return sum(ranked) / len(ranked)

    def as_json(self) -> dict[str, Any]:
        """Return them to be stored; durations are rounded to steps of one percent."""
        return {
            "counts": [[list(key), n] for key, n in sorted(self.counts.items())],
            "seconds": {
                name: sorted(_rounded(durations).items())
                for name, durations in self.seconds.items()
            },
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Figures":
        """Return what `as_json` stored."""
        figures = cls(Counter({tuple(key): n for key, n in stored.get("counts", [])}))
        for name, durations in stored.get("seconds", {}).items():
            figures.seconds[name] = Counter(dict(durations))
        return figures


def _rounded(durations: Mapping[float, int]) -> Counter[float]:
    rounded: Counter[float] = Counter()
    for seconds, n in durations.items():
        step = round(math.log(seconds, STEP)) if seconds > 0 else None
        rounded[round(STEP**step, 3) if step is not None else 0.0] += n
    return rounded


def of_year(site: Site, year: int) -> Figures:
    """Return the figures of a site for a year (UTC), of purged comments, too."""
    figures = count(site.pk, year)
    for kept in KeptFigures.objects.filter(site=site, year=year):
        figures.add(Figures.from_json(kept.figures))
    return figures


def keep(site: UUID, comments: Collection[UUID]) -> None:
    """Keep the figures of comments of a site that are about to be deleted, in that transaction."""
    for year in sorted(_years(comments)):
        figures = count(site, year, among=comments)
        KeptFigures.objects.get_or_create(site_id=site, year=year)
        kept = KeptFigures.objects.select_for_update(no_key=True).get(site=site, year=year)
        figures.add(Figures.from_json(kept.figures))
        kept.figures = figures.as_json()
        kept.save(update_fields=["figures"])


def _years(comments: Collection[UUID]) -> set[int]:
    """Return the years in which these comments, or what was said of them, were recorded."""
    ids = set(comments)
    for rows in (
        Decision.objects.filter(comment__in=comments),
        Report.objects.filter(comment__in=comments),
        Appeal.objects.filter(decision__comment__in=comments),
    ):
        ids.update(rows.order_by().values_list("pk", flat=True))
    return {made_at(pk).year for pk in ids}


def count(site: UUID, year: int, *, among: Collection[UUID] | None = None) -> Figures:
    """Return the figures of what is stored of a site for a year, `among` comments if given."""
    begin, end = midnight(date(year, 1, 1)), midnight(date(year + 1, 1, 1))
    created = {"pk__gte": min_id_at(begin), "pk__lt": min_id_at(end)}
    received = Comment.objects.filter(site=site, **created)
    of_comments = Q(comment__site=site) & (Q() if among is None else Q(comment__in=among))
    appealed = Q(decision__comment__site=site)
    if among is not None:
        received = received.filter(pk__in=among)
        appealed &= Q(decision__comment__in=among)
    figures = Figures()
    figures.counts["received",] = received.count()
    _add_decisions(figures, Decision.objects.filter(of_comments, **created))
    _add_times_to_decision(figures, of_comments, created)
    _add_reports(figures, Report.objects.filter(of_comments, **created))
    _add_appeals(figures, Appeal.objects.filter(appealed, **created))
    figures.counts = +figures.counts
    return figures


def _add_decisions(figures: Figures, decisions: Any) -> None:
    new = _new_restrictions(decisions)
    _add_grounds(figures, new)
    figures.counts["illegal",] = new.filter(is_illegal=True).count()
    by_reason = new.exclude(refusal_reason="").order_by("refusal_reason")
    for key, n in by_reason.values_list("refusal_reason").annotate(n=Count("pk")):
        figures.counts["reason", key] = n
    by_people = decisions.filter(source=DecisionSource.MODERATOR).order_by("decided_by")
    for person, n in by_people.values_list("decided_by").annotate(n=Count("pk")):
        figures.counts["moderator", str(person or "")] = n
    refused = decisions.filter(source=DecisionSource.AUTOMATION, verdict__in=VERDICTS_RESTRICTING)
    figures.counts["automation", "refused"] = refused.count()
    figures.counts["automation", "overturned"] = refused.filter(
        overridden_by__source=DecisionSource.MODERATOR, overridden_by__verdict=Verdict.APPROVE
    ).count()


def _new_restrictions(decisions: Any) -> Any:
    """Return the refusals by others than the author; to confirm a refusal is not a new one."""
    refused = decisions.filter(verdict__in=VERDICTS_RESTRICTING, undoes=False)
    refused = refused.exclude(source__in=AUTHORS_OWN)
    return refused.filter(Q(overrides=None) | ~Q(overrides__verdict__in=VERDICTS_RESTRICTING))


def _add_grounds(figures: Figures, new: Any) -> None:
    """Add the new refusals by ground and source."""
    counted = new.values_list(
        "source",
        "grounds__0__category",
        "grounds__0__reason",
        "overrides__grounds__0__category",
        "overrides__grounds__0__reason",
        "overrides__source",
    )
    for source, *grounds, before, n in counted.annotate(n=Count("pk")).order_by():
        ground = next(filter(None, grounds), None)
        if ground is None:
            ground = "REPORTS" if before == DecisionSource.READERS else OWN_INITIATIVE
        figures.counts["ground", ground.upper(), BY.get(source, "by_people")] += n


def _add_times_to_decision(figures: Figures, of_comments: Q, created: Mapping[str, UUID]) -> None:
    """Add the time from creation to the first final decision of each comment received."""
    received = {f"comment__{name}": value for name, value in created.items()}
    final = Decision.objects.filter(
        of_comments, revision=1, verdict__in=VERDICTS_SETTLING, overrides=None, **received
    ).exclude(source=DecisionSource.IMPORT)
    for decided, came in final.order_by().values_list("decided_at", "comment__created_at"):
        figures.seconds["decision"][(decided - came).total_seconds()] += 1


def _add_reports(figures: Figures, reports: Any) -> None:
    answer = Decision.objects.filter(
        comment=OuterRef("comment"),
        source=DecisionSource.MODERATOR,
        decided_at__gte=OuterRef("created_at"),
    ).order_by("id")
    answered = reports.annotate(
        verdict=Subquery(answer.values("verdict")[:1]),
        answered_at=Subquery(answer.values("decided_at")[:1]),
    )
    rows = answered.order_by().values_list("reason", "verdict", "created_at", "answered_at")
    for reason, verdict, created_at, answered_at in rows.iterator():
        figures.counts["report", "total", reason] += 1
        if answered_at:
            figures.counts["report", "answered", reason] += 1
            restricted = verdict in VERDICTS_RESTRICTING
            figures.counts["report", "led_to_a_restriction", reason] += restricted
            figures.seconds["report"][(answered_at - created_at).total_seconds()] += 1


def _add_appeals(figures: Figures, appeals: Any) -> None:
    figures.counts["appeal", "total"] = appeals.count()
    for outcome in AppealOutcome:
        figures.counts["appeal", outcome.lower()] = appeals.filter(outcome=outcome).count()
    figures.counts["appeal", "waiting"] = appeals.filter(resolved_at=None).count()
    taken = ExpressionWrapper(F("resolved_at") - F("submitted_at"), output_field=DurationField())
    resolved = appeals.exclude(resolved_at=None).annotate(taken=taken)
    for duration in resolved.order_by().values_list("taken", flat=True):
        figures.seconds["appeal"][duration.total_seconds()] += 1
