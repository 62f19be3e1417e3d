"""The figures of a period by counting all rows one by one, in Python."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from comments.models import Comment, Site
from comments.models.ids import made_at
from moderation.insight import statistics
from moderation.models import Appeal, Decision, Report, Reviewable
from moderation.rules.verdicts import Verdict
from tests.factories import NOW

SINCE, UNTIL = NOW.date() - timedelta(days=7), NOW.date() - timedelta(days=3)
REFUSED = {Verdict.REJECT, Verdict.SPAM, Verdict.DELETE}


def is_in_period(at: datetime) -> bool:
    return SINCE <= at.date() <= UNTIL


def made_in_period(rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if is_in_period(made_at(row.pk))]


def by_day(pairs: Iterable[tuple[datetime, str]]) -> list[dict[str, Any]]:
    counts = Counter((at.date(), kind) for at, kind in pairs)
    days: dict[date, dict[str, Any]] = {}
    for (day, kind), n in sorted(counts.items()):
        days.setdefault(day, {"day": day})[kind] = n
    return list(days.values())


def by_source(decisions: Iterable[Decision]) -> dict[str, dict[str, int]]:
    sources: dict[str, dict[str, int]] = {}
    for (source, verdict), n in Counter((d.source, d.verdict) for d in decisions).items():
        sources.setdefault(source, {})[verdict] = n
    return sources


def automated(comments: Iterable[Comment]) -> dict[str, int]:
    found = dict.fromkeys(("by_rules", "by_people", "waiting"), 0)
    for comment in comments:
        last = comment.decisions.filter(revision=comment.revision).order_by("-decided_at").first()
        if last is None:
            continue
        if last.source == "MODERATOR":
            found["by_people"] += 1
        elif last.source == "READERS" or (last.source, last.verdict) == ("AUTOMATION", "HOLD"):
            found["waiting"] += 1
        elif last.source == "AUTOMATION":
            found["by_rules"] += 1
    return found


def seconds_to_decision(comments: Iterable[Comment]) -> float:
    waits = []
    for comment in comments:
        final = comment.decisions.filter(revision=1).exclude(source="IMPORT")
        times = [d.decided_at for d in final if d.verdict in ("APPROVE", "REJECT", "SPAM")]
        if times:
            waits.append((min(times) - comment.created_at).total_seconds())
    return median(waits)


def load(decisions: Iterable[Decision]) -> list[dict[str, Any]]:
    of: dict[str, dict[str, Any]] = {}
    for decision in decisions:
        if decision.source != "MODERATOR" or decision.undoes or not decision.decided_by:
            continue
        email = decision.decided_by.email
        row = of.setdefault(
            email, {"moderator": email, "decisions": 0, "approved": 0, "refused": 0, "undone": 0}
        )
        row["decisions"] += 1
        row["approved"] += decision.verdict == "APPROVE"
        row["refused"] += decision.verdict in REFUSED
        row["undone"] += Decision.objects.filter(overrides=decision, undoes=True).exists()
    return sorted(of.values(), key=lambda row: (-row["decisions"], row["moderator"]))


def reviewed(decisions: Iterable[Decision]) -> list[tuple[Decision, Decision]]:
    """Return the decisions of people with those of the rules that they override."""
    return [
        (d, d.overrides)
        for d in decisions
        if d.source == "MODERATOR"
        and not d.undoes
        and d.overrides
        and d.overrides.source == "AUTOMATION"
    ]


def agreement(decisions: Iterable[Decision]) -> dict[str, int]:
    pairs = [(d.verdict, o.verdict) for d, o in reviewed(decisions) if o.verdict != "HOLD"]
    same = sum(ours == theirs for ours, theirs in pairs)
    return {"confirmed": same, "changed": len(pairs) - same}


def precision(decisions: Iterable[Decision]) -> set[tuple[str, int, int]]:
    found: dict[str, Counter[bool]] = {}
    for decision, stopped in reviewed(decisions):
        if stopped.verdict != "APPROVE" and decision.verdict != "HOLD":
            for ground in stopped.grounds:
                name = ground["category"] or ground["reason"]
                found.setdefault(name, Counter())[decision.verdict in REFUSED] += 1
    return {(name, count[True], count[False]) for name, count in found.items()}


def looked_at_blind(decisions: Iterable[Decision]) -> int:
    entries = {(e.comment_id, e.opened_at) for e in Reviewable.objects.filter(is_blind=True)}
    return sum(
        decision.verdict != "HOLD"
        and rules.verdict != "DELETE"
        and (rules.comment_id, rules.decided_at) in entries
        for decision, rules in reviewed(decisions)
    )


def threads(comments: Sequence[Comment]) -> list[dict[str, Any]]:
    rows = []
    for thread in {comment.thread for comment in comments}:
        statuses = [comment.status for comment in comments if comment.thread == thread]
        rows.append(
            {
                "thread": thread.pk,
                "title": thread.title,
                "site": thread.site.slug,
                "comments": len(statuses),
                "refused": sum(status in ("rejected", "spam") for status in statuses),
            }
        )
    return sorted(rows, key=lambda row: (-row["comments"], row["thread"]))


def ages(waiting: Iterable[Reviewable]) -> dict[str, int]:
    counts = dict.fromkeys(statistics.AGES, 0)
    for entry in waiting:
        hours = (NOW - entry.opened_at) / timedelta(hours=1)
        counts[next(age for age, most in statistics.AGES.items() if not most or hours < most)] += 1
    return counts


def counted(sites: Sequence[Site]) -> dict[str, Any]:
    received = made_in_period(Comment.objects.filter(site__in=sites))
    decisions = made_in_period(Decision.objects.filter(comment__site__in=sites))
    entries = Reviewable.objects.filter(site__in=sites)
    waiting = [entry for entry in entries if not entry.closed_at]
    closed = [entry for entry in entries if entry.closed_at and is_in_period(entry.closed_at)]
    waits = [(entry.closed_at - entry.opened_at).total_seconds() for entry in closed]
    return {
        "from": SINCE,
        "to": UNTIL,
        "received": len(received),
        "received_by_day": by_day((c.created_at, c.status) for c in received),
        "decisions": by_source(decisions),
        "days": by_day((d.decided_at, d.verdict) for d in decisions),
        "automated": automated(received),
        "seconds_to_decision": seconds_to_decision(received),
        "moderators": {row["moderator"]: row["decisions"] for row in load(decisions)},
        "load": load(decisions),
        "agreement": agreement(decisions),
        "threads": threads(received),
        "reports": len(made_in_period(Report.objects.filter(comment__site__in=sites))),
        "appeals": len(made_in_period(Appeal.objects.filter(decision__comment__site__in=sites))),
        "waiting": len(waiting),
        "ages": ages(waiting),
        "seconds_waited": median(waits),
        "precision": precision(decisions),
        "looked_at": looked_at_blind(decisions),
    }


def computed(sites: Sequence[Site]) -> dict[str, Any]:
    """Return what `compute` says, of shares only the numbers that they are of."""
    found = statistics.compute(sites, since=SINCE, until=UNTIL, now=NOW)
    precise, audit = found.pop("precision"), found.pop("blind_audit")
    rows = {(row["ground"], row["refused"], row["approved"]) for row in precise}
    return {**found, "precision": rows, "looked_at": sum(row["looked_at"] for row in audit)}
