"""The dry run on the policy page: the template context of a simulation."""

from collections.abc import Mapping
from typing import Any

from django.forms import ModelForm
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from moderation.models import DecisionSource, Policy
from moderation.rules.verdicts import Verdict
from moderation.screening.policy.simulation import (
    SimulatedChange,
    SimulatedOutcome,
    Simulation,
    simulate,
)
from moderation.screening.policy.time_budget import AlreadyRunning
from moderation.web.desk.base.wording import ground_in_words

MOST_SHOWN = 100
LIMITS = {"200": 200, "1000": 1000, "5000": 5000}
WOULD_BE = {
    Verdict.APPROVE: _("Would be published"),
    Verdict.HOLD: _("Would be held"),
    Verdict.REJECT: _("Would be rejected"),
    Verdict.SPAM: _("Would be spam"),
}
OUTCOMES = {
    Verdict.APPROVE: _("published"),
    Verdict.HOLD: _("held"),
    Verdict.REJECT: _("rejected"),
    Verdict.SPAM: _("spam"),
}


def simulation_context(form: "ModelForm[Policy]", *, limit: str) -> dict[str, Any]:
    """Simulate the policy in a form, and return the template context: the result, or errors."""
    if not form.is_valid():
        return {"errors": [_named(form, name, text) for name, text in _errors(form)]}
    return policy_context(form.instance, limit=LIMITS.get(limit, 1000))


def policy_context(policy: Policy, *, limit: int = 1000) -> dict[str, Any]:
    """Simulate a policy, and return the template context: the result, or errors."""
    try:
        result = simulate(policy, site=policy.site, limit=limit)
    except AlreadyRunning as error:
        return {"errors": [str(error)]}
    return _context(result)


def _context(result: Simulation) -> dict[str, Any]:
    return {
        "simulation": result,
        "tiles": [
            {
                "label": words,
                "after": result.after[v],
                "before": result.before[v],
            }
            for v, words in WOULD_BE.items()
        ],
        "columns": list(WOULD_BE.values()),
        "rows": _rows(result.table),
        "changes": [_change(change) for change in result.changes[:MOST_SHOWN]],
        "more": len(result.changes) > MOST_SHOWN,
    }


def _rows(table: Mapping[SimulatedOutcome, int]) -> list[dict[str, Any]]:
    decided = sorted(
        {(outcome.source, outcome.decided) for outcome in table},
        key=lambda key: (key[0] != DecisionSource.MODERATOR, key),
    )
    return [
        {
            "decided": capfirst(_in_words(verdict)),
            "source": DecisionSource(source).label,
            "cells": [
                {"n": table.get(outcome), "kind": _kind(outcome)}
                for outcome in (SimulatedOutcome(source, verdict, other) for other in OUTCOMES)
            ],
        }
        for source, verdict in decided
    ]


def _kind(outcome: SimulatedOutcome) -> str:
    if outcome.is_same:
        return "same"
    return "against" if outcome.contradicts else ""


def _in_words(verdict: Verdict) -> str:
    return str(OUTCOMES.get(verdict, verdict.lower()))


def _change(change: SimulatedChange) -> dict[str, Any]:
    outcome = change.outcome
    lines = dict.fromkeys(ground_in_words(ground._asdict()) for ground in change.grounds)
    return {
        "comment": change.comment,
        "decided": _in_words(outcome.decided),
        "source": DecisionSource(outcome.source).label,
        "would_be": _in_words(outcome.would_be),
        "contradicts": outcome.contradicts,
        "grounds": list(lines),
    }


def _errors(form: "ModelForm[Policy]") -> list[tuple[str, str]]:
    return [(name, str(text)) for name, texts in form.errors.items() for text in texts]


def _named(form: "ModelForm[Policy]", name: str, text: str) -> str:
    field = form.fields.get(name)
    return f"{field.label or name.replace('_', ' ').capitalize()}: {text}" if field else text
