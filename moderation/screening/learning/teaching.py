"""Rank what waits by how much a decision about it would teach the site's classifier."""

from collections import Counter
from uuid import UUID

from comments.models import Site
from moderation.models import Label, Policy, Reviewable
from moderation.rules.learning import LearningMode
from moderation.screening import classifier
from moderation.screening.learning import scores

# So many of the newest that wait are ranked, by the words of so many labelled texts.
MOST, MOST_LEARNED = 300, 2000


def due_sites() -> list[Site]:
    """Return the sites that learn, and where several comments wait."""
    waiting = Reviewable.objects.open().filter(is_blind=False).order_by()
    sites: list[UUID] = list(waiting.values_list("site", flat=True).distinct())
    return [
        site
        for site in Site.objects.filter(pk__in=sites)
        if Policy.objects.current(site).learning != LearningMode.OFF
    ]


def rank(site: Site) -> int:
    """Rank the newest that wait at a site, and return how many; raises ClassifierAway.

    What is shown blind keeps its place, since doubt would tell what the rules thought of it.
    """
    waiting = Reviewable.objects.open().filter(site=site, is_blind=False)
    entries = list(waiting.select_related("comment").order_by("-id")[:MOST])
    inputs = [classifier.classifier_input(entry.comment) for entry in entries]
    rows = scores.score(inputs, site=site).deciding.rows
    thresholds = Policy.objects.current(site).rules(classifier.recommended_thresholds()).thresholds
    hold_at = {str(category): limits.hold_at for category, limits in thresholds.items()}
    order = classifier.most_instructive(
        [list(classifier.words_of(given)) for given in inputs],
        [classifier.doubt(row, hold_at) for row in rows],
        _learned(site),
    )
    for place, number in enumerate(order):
        entries[number].teaches = 1 - place / len(order)
    Reviewable.objects.bulk_update(entries, ["teaches"])
    return len(entries)


def _learned(site: Site) -> Counter[str]:
    """Return in how many labelled texts each word was."""
    newest = Label.objects.filter(site=site).order_by("-created_at")
    texts = dict(newest.values_list("text_digest", "text")[:MOST_LEARNED])
    return Counter(
        word
        for text in texts.values()
        for word in classifier.words_of({"text": text, "author_name": "", "author_url": ""})
    )
