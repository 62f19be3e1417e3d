"""Render the model card: intended use, training data and metrics."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from ml import peer

# Calm rows as they are, those of blogs, those with links put in; and two kinds of templates.
CALM_SETS = ("calm", "blogs", "linked", "swearing", "contrasts")
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
    "jigsaw_wiki_stripped": "CC0 annotations, text CC BY-SA 3.0 (Wikipedia)",
    "hatexplain": "MIT (authors)",
    "implicit_hate": "CC BY 4.0",
    "gab_hate": "CC BY 4.0 (authors)",
    "hatemoji_build": "CC BY 4.0",
    "germeval2019": "CC BY 4.0 (authors)",
    "youtube_crypto_scam": "Apache-2.0 (readme)",
}

INTRODUCTION = """# Card of the classifier

A linear classifier of comments over hashed words, parts of words, pairs of neighbours, and words
paired with the marks of whom they are about (“you”, “I”, a group), of negation and of quotation.
Only SPAM also reads links and what the author signs with; in the other categories a name counts by
itself, when it is an insult. A score is the probability of a category, calibrated for a site where
nobody moderates.

**Use it** to order a moderators' queue, to hold what is doubtful, and to set aside plain spam.
**Do not use it** to judge people, to decide without a person whether somebody may speak, or on
texts that are not comments. It knows words, not meaning: irony and hostility in plain words
mislead it. It learned English most, German, French and Spanish less, Chinese, Korean and Portuguese
from one source each, Italian and Russian from templates, Arabic and Japanese from a few sentences.

**Licence**: the artifact is under CC BY-SA 4.0, since some of what it learned from is under
CC BY-SA (see below, and `LICENSE-artifact.md` beside the project's LICENSE). The code is under MIT.
"""


def render(metadata: Mapping[str, Any]) -> str:
    """Return the model card as Markdown, from the metadata of a manifest."""
    sections = (_outcomes, _metrics, _thresholds, _robustness, _fairness, _sources)
    return (
        "\n".join([INTRODUCTION, *(line for section in sections for line in section(metadata))])
        + "\n"
    )


def _outcomes(metadata: Mapping[str, Any]) -> Iterator[str]:
    yield "## What happens to calm comments\n\nTest comments as they are used: the text as it was"
    yield "typed, an ordinary name of one of many cultures, some with a website, and the house"
    yield "rules that a new site has. Held means that a person looks before it is published, set"
    yield "aside that it waits unseen among the spam.\n"
    yield from _table_header("calm comments", "number", "held or set aside", "set aside")
    for name, values in metadata["calm_outcomes"].items():
        yield _outcome_row(name, values)
    linked = metadata["calm_outcomes_with_links"]
    for name in ("one link", "two links or more"):
        if name in linked:
            yield _outcome_row(f"with links put in: {name}", linked[name])
    names = metadata["names"]
    yield (
        f"\n{names['rows']} names of many cultures, each with the same calm comment: the largest "
        f"move of a score other than SPAM is {names['largest_move']}; {names['held']:.2%} are held."
    )
    spam = metadata["test"].get("SPAM", {}).get("set_aside")
    if spam:
        yield (
            f"\nWhere {spam['spam_rate']:.0%} of what arrives is spam, {spam['precision']} of what "
            f"is set aside as spam is spam, and {spam['recall']} of the spam is set aside."
        )
    yield ""


def _outcome_row(name: str, values: Mapping[str, Any]) -> str:
    return _table_row(name, values["rows"], f"{values['held']:.2%}", f"{values['set_aside']:.2%}")


def _metrics(metadata: Mapping[str, Any]) -> Iterator[str]:
    yield f"## How well it does\n\nOn {metadata['rows']['test']} comments that it never saw, of the"
    yield "same sources as those it learned from, near copies of which are left out. On comments"
    yield "of other origin it does worse.\n"
    yield from _table_header(
        "category", "assumed share", "positives", "ROC AUC", "average precision",
        "calibration error", "hold at", "recall",
    )  # fmt: skip
    for category, values in metadata["test"].items():
        intervals = values["intervals"]
        hold = values["hold_at"]
        yield _table_row(
            category, metadata["prevalence"][category], values["positives"],
            _with_interval(values["roc_auc"], intervals["roc_auc"]),
            _with_interval(values["average_precision"], intervals["average_precision"]),
            values["calibration_error"], hold["threshold"],
            _with_interval(hold["recall"], intervals["hold_at_recall"]),
        )  # fmt: skip
    yield "\nIn brackets are 95 % bootstrap intervals. The calibration error is that of a"
    yield "population with the assumed share."
    for category, sources in metadata["by_source"].items():
        yield from _by_source(category, sources)


def _by_source(category: str, sources: Mapping[str, Any]) -> Iterator[str]:
    yield f"\n### {category} by source\n"
    has_peer = any("peer" in values for values in sources.values())
    peer_columns = (f"ROC AUC of {peer.NAME}", "its average precision") if has_peer else ()
    yield from _table_header(
        "source", "positives", "negatives", "ROC AUC", "average precision", *peer_columns
    )
    for source, values in sources.items():
        figures = [values[name].values() for name in ("ours", "peer") if name in values]
        yield _table_row(source, values["positives"], values["negatives"], *chain(*figures))


def _thresholds(metadata: Mapping[str, Any]) -> Iterator[str]:
    yield "\n## Thresholds\n\nA threshold is the lowest that reaches its goals, on rows kept apart"
    yield "for it and weighted to the assumed share: a precision, and shares of calm comments (all,"
    yield "those of blogs, those with links put in; of sentences from templates: those that swear"
    yield "at things, and those with rude words that are meant for nobody) caught at most. Beside"
    yield "it, what it gave on the test rows. Nothing is rejected on a score alone: `reject` is for"
    yield "SPAM, set aside.\n"
    yield from _table_header(
        "category", "act", "precision wanted", "calm caught at most", "threshold", "precision",
        "calm caught",
    )  # fmt: skip
    for category, goals in metadata["goals"].items():
        for act in ("hold", "reject"):
            if f"{act}_precision" not in goals:
                continue
            values = metadata["test"][category][f"{act}_at"]
            intervals = metadata["test"][category]["intervals"][f"{act}_at_precision"]
            limits = [goals["reject"]] if act == "reject" else [goals[n] for n in CALM_SETS]
            yield _table_row(
                category, act, goals[f"{act}_precision"], ", ".join(f"{x:.2%}" for x in limits),
                values["threshold"],
                _with_interval(values["precision"], intervals),
                f"{metadata['calm_caught'][category][f'{act}_at']:.2%}",
            )  # fmt: skip


def _robustness(metadata: Mapping[str, Any]) -> Iterator[str]:
    yield "\n## Tricks\n\nA trick is played on every word of toxic test comments that were held,"
    yield "and of civil ones that were not.\n"
    yield from _table_header("trick", "still held", "civil, now held")
    for trick, values in metadata["robustness"].items():
        yield _table_row(
            trick.replace("_", "-"), f"{values['recall_kept']:.1%}",
            f"{values['false_alarms_gained']:.1%}",
        )  # fmt: skip


def _fairness(metadata: Mapping[str, Any]) -> Iterator[str]:
    yield "\n## Groups of people\n\nNeutral and hostile sentences about each group, of templates"
    yield "that were not learned from (measures of Borkan et al. 2019).\n"
    yield from _table_header(
        "group", "subgroup AUC", "BPSN AUC", "BNSP AUC", "civil held", "hostile held"
    )
    for group, values in metadata["fairness"].items():
        yield _table_row(group, *values.values())


def _sources(metadata: Mapping[str, Any]) -> Iterator[str]:
    yield "\n## What it learned from\n"
    yield from _table_header("source", "rows", "licence")
    for source, rows in sorted(metadata["sources"].items()):
        yield _table_row(source, rows, LICENCES.get(source, "see its publisher"))
    yield (
        f"\nAdded to these: {metadata['rows']['augmented']} rows made from them (disguised, signed "
        "with made-up authors, spliced) or from templates (polite spam, adverts, honest comments, "
        "sentences about groups of people). Sources of everyday writing are presumed civil and not "
        "spam where nobody labelled them. No row of any source is part of this project."
    )


def _with_interval(value: object, interval: Sequence[float] | None) -> str:
    return str(value) if interval is None else "{} ({} to {})".format(value, *interval)


def _table_header(*names: str) -> Iterator[str]:
    yield _table_row(*names)
    yield "|" + "---|" * len(names)


def _table_row(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"
