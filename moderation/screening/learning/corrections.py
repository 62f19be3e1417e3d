"""Words that an owner calls wrong: the classifier forgets them, and learns them no more."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from comments.models import Site, User
from moderation.models import LearningState, Policy, SiteClassifier
from moderation.screening.classifier import name_of
from moderation.screening.learning import promotion, scores
from moderation.screening.policy.revisions import set_policy


class NoSuchWord(Exception):
    """Raised for a word that no classifier in use has learned."""


def ignored(policy: Policy) -> frozenset[str]:
    """Return the names of the words from which a site's classifier learns nothing."""
    return frozenset(word.casefold() for word in policy.ignored_words)


@transaction.atomic
def ignore(site: Site, word: str, *, by: User, now: datetime) -> None:
    """Add a word to the site's house rules, and have what it learned go on without it.

    A classifier never changes: the next one is the same without the word, in the same use. Raises
    NoSuchWord, LimitReached or CannotPromote.
    """
    in_use = [
        found
        for state in (LearningState.STANDING, LearningState.SHADOW)
        if (found := scores.in_use(site, state)) and _knows(found, word)
    ]
    if not in_use:
        raise NoSuchWord(gettext("Nothing was learned from “%(word)s”.") % {"word": word})
    policy = Policy.objects.current(site)
    policy.ignored_words = [*policy.ignored_words, word]
    set_policy(policy, by=by, now=now)
    for learned in in_use:
        _replace(learned, word, by=by, now=now)


def _knows(learned: SiteClassifier, word: str) -> bool:
    weights = scores.layer_of(learned).weights.values()
    return any(name_of(known) == word for words in weights for known in words)


def _replace(learned: SiteClassifier, word: str, *, by: User, now: datetime) -> None:
    state = learned.state
    layer = scores.layer_of(learned).without({word}).to_json()
    left_out = [*learned.gate.get("left_out", []), word]
    successor = SiteClassifier.objects.append(
        SiteClassifier(
            site=learned.site,
            state=LearningState.CANDIDATE,
            base_version=learned.base_version,
            layer=layer,
            texts=learned.texts,
            learned_until=learned.learned_until,
            gate=learned.gate | {"left_out": left_out},
            created_at=now,
        )
    )
    if state == LearningState.STANDING:
        promotion.promote(successor, by=by, now=now)
    else:
        promotion.shadow(successor)
