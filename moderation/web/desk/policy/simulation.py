"""Trying house rules at the desk, before they are saved: the answer of a simulation in words."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.forms import ModelForm

from moderation.models import DecisionSource, Policy
from moderation.rules.verdicts import Verdict
from moderation.screening.policy.simulation import SimulatedChange, contradicts, simulate
from moderation.web.desk.base.wording import ground_in_words

MOST_SHOWN = 100
LIMITS = {"200": 200, "1000": 1000, "5000": 5000}
OUTCOMES = {
    Verdict.APPROVE: "published",
    Verdict.HOLD: "held",
    Verdict.REJECT: "rejected",
    Verdict.SPAM: "spam",
}


def try_rules(form: "ModelForm[Policy]", *, limit: str) -> dict[str, Any]:
    """Return what a page tells of the rules in a form, or of why they can't be tried."""
    if not form.is_valid():
        return {"errors": [_named(form, name, text) for name, text in _errors(form)]}
    policy = form.instance
    trial = simulate(policy, site=policy.site, limit=LIMITS.get(limit, 1000))
    return {
        "trial": trial,
        "tiles": [
            {"label": f"Would be {word}", "after": trial.after[v], "before": trial.before[v]}
            for v, word in OUTCOMES.items()
        ],
        "columns": [f"Would be {word}" for word in OUTCOMES.values()],
        "rows": _rows(trial.table),
        "changes": [_change(change) for change in trial.changes[:MOST_SHOWN]],
        "more": len(trial.changes) > MOST_SHOWN,
    }


def _rows(table: Mapping[tuple[str, Verdict, Verdict], int]) -> list[dict[str, Any]]:
    decided = sorted(
        {key[:2] for key in table}, key=lambda key: (key[0] != DecisionSource.MODERATOR, key)
    )
    return [
        {
            "decided": OUTCOMES.get(verdict, verdict.lower()).capitalize(),
            "source": DecisionSource(source).label,
            "cells": [
                {"n": table.get((source, verdict, other)), "kind": _kind(source, verdict, other)}
                for other in OUTCOMES
            ],
        }
        for source, verdict in decided
    ]


def _kind(source: str, decided: Verdict, would_be: Verdict) -> str:
    if decided == would_be:
        return "same"
    return "against" if contradicts(source, decided, would_be) else ""


def _change(change: SimulatedChange) -> dict[str, Any]:
    lines = Counter(ground_in_words(ground._asdict()) for ground in change.grounds)
    return {
        "comment": change.comment,
        "decided": OUTCOMES.get(change.decided, change.decided.lower()),
        "source": DecisionSource(change.source).label,
        "would_be": OUTCOMES[change.would_be],
        "contradicts": change.contradicts,
        "grounds": list(lines),
    }


def _errors(form: "ModelForm[Policy]") -> list[tuple[str, str]]:
    return [(name, str(text)) for name, texts in form.errors.items() for text in texts]


def _named(form: "ModelForm[Policy]", name: str, text: str) -> str:
    field = form.fields.get(name)
    return f"{field.label or name.replace('_', ' ').capitalize()}: {text}" if field else text
