"""Reasons, in words for those who wrote: kind, and of no help to those who try to slip through."""

from collections.abc import Mapping

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.models import Decision, DecisionSource
from moderation.rules.verdicts import Category, Reason, Verdict

# What is said of each harm; where there are several, of the first one here.
MESSAGES: Mapping[Category, Promise] = {
    Category.THREAT: _("Readers may take this as a threat."),
    Category.IDENTITY_ATTACK: _("Readers may take this as an attack on who people are."),
    Category.SEXUAL: _("Readers may find this indecent."),
    Category.INSULT: _("Readers may take this as an insult."),
    Category.SEVERE_TOXICITY: _("Readers may find this hateful."),
    Category.PROFANITY: _("Some readers may mind the strong language."),
    Category.TOXICITY: _("Readers may find this hurtful."),
}


def for_author(decision: Decision) -> str:
    """Return why a comment was refused, in the language that is active.

    What a person wrote is given as it is; of what the rules found, harms are named and the tricks
    by which spam is told are not.
    """
    if decision.source != DecisionSource.AUTOMATION and decision.reasoning:
        return decision.reasoning
    if decision.verdict == Verdict.SPAM:
        return gettext("It was taken for advertising.")
    blamed = {ground.get("category") for ground in decision.grounds}
    if harm := next((words for category, words in MESSAGES.items() if category in blamed), None):
        return str(harm)
    return gettext("It goes against the house rules of this site.")


# For what is read later, in the language that is active then.
for_author_lazily = lazy(for_author, str)


def awaits_confirmation(decision: Decision) -> bool:
    """Tell whether a comment is held because its writer has not confirmed the address."""
    return any(g.get("reason") == Reason.ADDRESS_UNCONFIRMED for g in decision.grounds)
