"""Drifts in words, for mails and messengers."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from moderation.insight.drift import RECENT, Drift
from moderation.notifications.mail.languages import in_their_language
from moderation.rules.verdicts import Category

KINDS = {"published": _("published"), "held": _("held"), "refused": _("refused")}
HARMS = {
    Category.SPAM: pgettext_lazy("category", "Spam"),
    Category.TOXICITY: pgettext_lazy("category", "Toxicity"),
    Category.SEVERE_TOXICITY: pgettext_lazy("category", "Severe toxicity"),
    Category.INSULT: pgettext_lazy("category", "Insult"),
    Category.THREAT: pgettext_lazy("category", "Threat"),
    Category.IDENTITY_ATTACK: pgettext_lazy("category", "Identity attack"),
    Category.PROFANITY: pgettext_lazy("category", "Profanity"),
    Category.SEXUAL: pgettext_lazy("category", "Sexual"),
}


def sentences(drifts: Sequence[Drift]) -> list[str | Promise]:
    """Return a sentence for each: "Of the newest 200 comments the rules held 31 %, before 6 %."."""
    return [_verdicts(drift) if not drift.category else _scores(drift) for drift in drifts]


@in_their_language
def _verdicts(drift: Drift) -> str:
    shares = [
        gettext("%(kind)s %(now)s %% (before %(before)s %%)")
        % {
            "kind": KINDS[kind],
            "now": f"{100 * share:.0f}",
            "before": f"{100 * drift.before[kind]:.0f}",
        }
        for kind, share in drift.now.items()
    ]
    line = gettext("Of the newest %(number)s comments the rules have: %(shares)s.")
    return line % {"number": RECENT, "shares": ", ".join(shares)}


@in_their_language
def _scores(drift: Drift) -> str:
    ends = list(drift.now)
    # Of the bins the one whose share has changed most.
    low = max(ends, key=lambda end: abs(drift.now[end] - drift.before[end]))
    high = ends[ends.index(low) + 1] if low != ends[-1] else "1"
    line = gettext(
        "Scores for %(harm)s have changed: of the newest %(number)s comments %(now)s %% are "
        "between %(low)s %% and %(high)s %%, before %(before)s %%."
    )
    return line % {
        "harm": HARMS[Category(drift.category)],
        "number": RECENT,
        "now": f"{100 * drift.now[low]:.0f}",
        "low": f"{100 * float(low):.0f}",
        "high": f"{100 * float(high):.0f}",
        "before": f"{100 * drift.before[low]:.0f}",
    }
