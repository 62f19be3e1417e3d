"""Reasons of a refusal, worded for authors: kind, and of no help to spammers."""

from collections.abc import Mapping

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.models import Decision, DecisionSource
from moderation.rules.causes import HARMS, Cause
from moderation.rules.verdicts import Category, Reason, Verdict

# The message for each category of harm; of several, the first one here is given.
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
    """Return why a comment was refused, in the active language.

    A moderator's reasoning is given as it is, which has the text of the site's reason; else what
    the chosen reason is about. Of what the rules found, harms are named; how spam is detected is
    not.
    """
    if decision.source != DecisionSource.AUTOMATION and decision.reasoning:
        return decision.reasoning
    if decision.is_illegal:
        return gettext("It seems to be against the law.")
    if decision.verdict == Verdict.SPAM or decision.cause == Cause.SPAM:
        return gettext("It was taken for advertising.")
    if decision.cause == Cause.OFF_TOPIC:
        return gettext("It has little to do with the page.")
    categories = {ground.get("category") for ground in decision.grounds}
    categories |= HARMS.get(decision.cause, frozenset())
    if message := next(
        (text for category, text in MESSAGES.items() if category in categories), None
    ):
        return str(message)
    return gettext("It goes against the house rules of this site.")


# Evaluated later, in the language that is active then.
for_author_lazily = lazy(for_author, str)


def awaits_confirmation(decision: Decision) -> bool:
    """Tell whether a comment is held because its author has not confirmed the address."""
    return any(g.get("reason") == Reason.ADDRESS_UNCONFIRMED for g in decision.grounds)
