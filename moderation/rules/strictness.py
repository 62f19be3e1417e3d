"""Which of two values of a policy field is the stricter one. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from moderation.rules.presets import ScoreUse

_USES = (ScoreUse.SPAM_ALONE.value, ScoreUse.MEASURED.value, ScoreUse.SOONER.value)


def _sooner(one: str, other: str) -> str:
    return max(one, other, key=lambda use: _USES.index(use) if use in _USES else 1)


def _either(one: Any, other: Any) -> bool:
    return bool(one or other)


def _both(one: Any, other: Any) -> bool:
    return bool(one and other)


STRICTER: Mapping[str, Callable[[Any, Any], Any]] = {
    "hold_all": _either,
    "hold_guests": _either,
    "hold_first_comment": _either,
    "members_only": _either,
    "paused": _either,
    "publish_trusted": _both,
    "trust_after": max,
    "slow_seconds": max,
    "max_links": min,
    "reports_to_hold": min,
    "score_use": _sooner,
}
