"""Presets: house rules to choose from, each a set of values for policy fields.

Pure data. A site follows a preset as long as its policy has these values; what an owner sets beside
them (words, addresses to confirm, members only, pauses) a preset leaves alone.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from moderation.rules.verdicts import NEVER, Category

Thresholds = Mapping[str, Mapping[str, float]]


class ScoreUse(StrEnum):
    """What a site does with the thresholds that the classifier recommends."""

    MEASURED = "measured"
    SOONER = "sooner"
    SPAM_ALONE = "spam_alone"


# Under SOONER a comment is held from this share of the recommended threshold on.
SOONER = 0.6


def adjusted(recommended: Thresholds, use: str) -> Thresholds:
    """Return the recommended thresholds as a site uses them.

    Where something is refused is never changed: it was measured, and stands in the classifier's
    card. SPAM_ALONE holds nothing, and sets aside as spam what is so without doubt.
    """
    if use == ScoreUse.SOONER:
        return {
            category: {**limits, "hold_at": round(SOONER * limits["hold_at"], 6)}
            for category, limits in recommended.items()
        }
    if use == ScoreUse.SPAM_ALONE:
        return {
            category: {**limits, "hold_at": _refused_from(category, limits)}
            | ({} if category == Category.SPAM else {"reject_at": NEVER})
            for category, limits in recommended.items()
        }
    return recommended


def _refused_from(category: str, limits: Mapping[str, float]) -> float:
    return limits["reject_at"] if category == Category.SPAM else NEVER


def gettext_noop(text: str) -> str:
    """Mark words that the desk translates where it shows them."""
    return text


class Preset(NamedTuple):
    """House rules to choose from: a name, one sentence, and the values of policy fields."""

    name: str
    sentence: str
    values: Mapping[str, Any]


# Those of the policy by default.
BALANCED: Mapping[str, Any] = {
    "hold_all": False,
    "hold_guests": False,
    "hold_first_comment": False,
    "publish_trusted": True,
    "trust_after": 3,
    "max_links": 8,
    "score_use": ScoreUse.MEASURED.value,
    "thresholds": {},
    "reports_to_hold": 3,
}

PRESETS: Mapping[str, Preset] = {
    "balanced": Preset(
        gettext_noop("Balanced"),
        gettext_noop(
            "Comments are published at once; doubtful ones wait for a person, and only what is "
            "spam beyond doubt is set aside unseen."
        ),
        BALANCED,
    ),
    "strict": Preset(
        gettext_noop("Strict"),
        gettext_noop(
            "Every author's first comment waits for a person, and so does whatever is a little "
            "doubtful, has more than two links, or was reported once."
        ),
        {
            **BALANCED,
            "hold_first_comment": True,
            "trust_after": 5,
            "max_links": 2,
            "score_use": ScoreUse.SOONER.value,
            "reports_to_hold": 1,
        },
    ),
    "everything_waits": Preset(
        gettext_noop("Everything waits for a person"),
        gettext_noop(
            "Nothing is published before one of your moderators has read it, whoever wrote it."
        ),
        {**BALANCED, "hold_all": True},
    ),
    "only_reports": Preset(
        gettext_noop("Only reports"),
        gettext_noop(
            "Comments are published at once, whatever the classifier thinks of them, and a person "
            "looks at what a reader reports; spam beyond doubt and what looks like a bot's is kept "
            "back."
        ),
        {
            **BALANCED,
            "max_links": 100,
            "score_use": ScoreUse.SPAM_ALONE.value,
            "reports_to_hold": 1,
        },
    ),
}
PRESET_FIELDS = tuple(BALANCED)


def preset_of(values: Mapping[str, Any]) -> str:
    """Return the name of the preset that a policy's values follow; "" for rules of one's own."""
    for name, preset in PRESETS.items():
        if all(values[field] == value for field, value in preset.values.items()):
            return name
    return ""
