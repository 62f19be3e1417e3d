"""Render the card of the second reader: what it is, what it learned from, what it gives."""

from collections.abc import Iterator, Mapping
from typing import Any

INTRODUCTION = """# Card of the second reader

A sentence encoder of six layers (all-MiniLM-L6-v2) that was trained further on public labelled
comments, with its weights in eight bits. It reads the beginning of a comment, up to 96 word pieces,
when the [classifier of words](../released/card.md) leaves doubt; a logistic regression makes one
probability of both judgements, calibrated as that classifier is. It reads English: other languages,
SPAM, the author's name, the website and links are left to the words.

**Use it** as the classifier of words is used, and for nothing that the card of that one advises
against.

**Licence**: the base model is [all-MiniLM-L6-v2](https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2)
by the authors of sentence-transformers, under the Apache License 2.0. What was changed: further
training, a layer for our categories, rounding to eight bits. What it is now is under CC BY-SA 4.0,
as the classifier of words is, for the same reason (`LICENSE-artifact.md`).
"""
NAMES = {"words": "words alone", "encoder": "encoder alone", "both": "as served"}


def render(metadata: Mapping[str, Any]) -> str:
    """Return the card as Markdown, from the metadata of a manifest."""
    sections = (_outcomes, _categories, _sources, _training)
    lines = [INTRODUCTION, *(line for section in sections for line in section(metadata))]
    return "\n".join(lines) + "\n"


def _outcomes(metadata: Mapping[str, Any]) -> Iterator[str]:
    read = metadata["read_twice"]
    yield "## What happens to calm comments\n"
    yield f"{read['calm']:.1%} of them are read a second time ({read['all']:.1%} of all test rows)."
    yield "By the house rules that a new site has:\n"
    yield "| calm comments | number | held or set aside | set aside |\n|---|---|---|---|"
    for name, values in metadata["calm_outcomes"].items():
        yield f"| {name} | {values['rows']} | {values['held']:.2%} | {values['set_aside']:.2%} |"
    linked = metadata["calm_outcomes_with_links"].get("all")
    if linked:
        yield (
            f"| with links put in | {linked['rows']} | {linked['held']:.2%} | "
            f"{linked['set_aside']:.2%} |"
        )


def _categories(metadata: Mapping[str, Any]) -> Iterator[str]:
    yield "\n## On test rows\n\n| category | ROC AUC | hold from | precision | recall |"
    yield "|---|---|---|---|---|"
    for category, found in metadata["test"].items():
        held = found["hold_at"]
        yield (
            f"| {category} | {found['roc_auc']} | {held['threshold']} | {held['precision']} | "
            f"{held['recall']} |"
        )


def _sources(metadata: Mapping[str, Any]) -> Iterator[str]:
    for category, sources in metadata["by_source"].items():
        yield f"\n## {category} by source, ROC AUC on test rows\n"
        yield "| source | positives / rows | " + " | ".join(NAMES.values()) + " |"
        yield "|---|---|" + "---|" * len(NAMES)
        for source, found in sources.items():
            number = found["positives"] + found["negatives"]
            values = " | ".join(str(found[name]) for name in NAMES)
            yield f"| {source} | {found['positives']} / {number} | {values} |"


def _training(metadata: Mapping[str, Any]) -> Iterator[str]:
    training = metadata.get("training")
    if not training:
        return
    yield f"\n## What the encoder learned from\n\n{training['rows_drawn']:,} rows, drawn by weight"
    yield f"from {training['rows']:,} and from what was made of them, in {training['minutes']:g}"
    yield "minutes on one core. Licences stand in the card of the classifier of words.\n"
    yield "| source | share of what was drawn |\n|---|---|"
    for source, share in training["mix"].items():
        yield f"| {source} | {share:.1%} |"
