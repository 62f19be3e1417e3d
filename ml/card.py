"""The card of a classifier: what it is for, what it learned from, and how well it does."""

from collections.abc import Iterator, Mapping
from typing import Any

LICENCES = {
    "youtube_spam_collection": "CC BY 4.0 (UCI)",
    "django_cast_blog": "BSD-3-Clause (repository)",
    "sms_spam": "free, no limitations (authors' readme); CC BY 4.0 (UCI)",
    "jigsaw_wiki": "CC0 annotations, text CC BY-SA 3.0 (Wikipedia)",
    "jigsaw_multilingual_es_fr": "CC0 annotations, text CC BY-SA 3.0 (Wikipedia)",
    "wiki_context_toxicity": "Apache-2.0 (repository); text CC BY-SA 3.0 (Wikipedia)",
    "civil_toxic_spans": "CC0 1.0",
    "paradetox": "CC0 1.0",
    "germeval2018": "CC BY 4.0",
    "tg_spam": "MIT (repository)",
    "spamassassin": "PDDL 1.0 / CC0 1.0",
    "mmistakes_blog": "MIT (repository)",
    "hendrixjoseph_blog": "MIT (repository)",
    "goemotions": "Apache-2.0",
    "stormfront_vicomtech": "CC BY-SA 3.0 ES",
    "edos": "CC0 1.0",
    "convabuse": "CC BY 4.0",
    "iwg_german": "CC BY-SA 3.0",
    "kocohub_korean": "CC BY-SA 4.0",
    "toldbr": "CC BY-SA 4.0",
    "cold_chinese": "Apache-2.0",
    "japanese_toxic": "Apache-2.0",
}

INTRODUCTION = """# Card of the classifier

A linear classifier of comments over hashed words, parts of words and pairs of words. It scores a
text in several categories at once; a score is the probability of the category, calibrated for a
site where nobody moderates.

**Use it** to order a moderators' queue, to hold what is doubtful, and to set aside plain spam.
**Do not use it** to judge people, to decide without a person whether somebody may speak, or on
texts that are not comments. It knows words, not meaning: quoted abuse, irony and reclaimed words
mislead it, and a threat in polite words passes.
"""


def write(facts: Mapping[str, Any]) -> str:
    """Return the card as Markdown, from the facts of a manifest."""
    return "\n".join([INTRODUCTION, *_figures(facts), "", *_sources(facts)]) + "\n"


def _figures(facts: Mapping[str, Any]) -> Iterator[str]:
    yield f"## How well it does\n\nOn {facts['rows']['test']} texts that it never saw, of the same"
    yield "sources as those it learned from. On comments of other origin it does worse.\n"
    yield (
        "| category | assumed share | positives | ROC AUC | hold at | recall | false alarms "
        "| reject at | recall | false alarms |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for category, figures in facts["test"].items():
        limits = facts["thresholds"][category]
        hold, reject = figures["hold_at"], figures["reject_at"]
        yield (
            f"| {category} | {facts['prevalence'][category]} | {figures['positives']} "
            f"| {figures['roc_auc']} | {limits['hold_at']} | {hold['recall']} "
            f"| {hold['false_alarms']} | {limits['reject_at']} | {reject['recall']} "
            f"| {reject['false_alarms']} |"
        )
    yield (
        "\nThresholds are goals, reached on texts kept apart for it, for the assumed share:\n\n"
        "| category | hold: precision | harmless held | reject: precision | harmless rejected |\n"
        "|---|---|---|---|---|"
    )
    for category, goals in facts["goals"].items():
        yield (
            f"| {category} | ≥ {goals['hold_precision']} | ≤ {goals['hold_false_alarms']:.2%} "
            f"| ≥ {goals['reject_precision']} | ≤ {goals['reject_false_alarms']:.2%} |"
        )
    yield "\nA threshold above 1 is a goal out of reach: nothing is caught by it."


def _sources(facts: Mapping[str, Any]) -> Iterator[str]:
    yield "## What it learned from\n\n| source | rows | licence |\n|---|---|---|"
    for source, rows in sorted(facts["sources"].items()):
        yield f"| {source} | {rows} | {LICENCES.get(source, 'see its publisher')} |"
    yield (
        "\nGoEmotions and the two blogs are presumed civil where nobody labelled them. "
        "No row of any source is part of this project."
    )
