"""Comments from templates: polite spam without a link, adverts, and similar honest text.

The public sources have little of the spam that blogs get: praise that fits every article, posted
for the sake of the author's website. These templates supply it, together with honest praise, honest
links and honest names, so that praise, a link or a name alone is no sign of spam.
"""

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ml import names
from ml.dataset import Row

# Of templates without harm. Some quote obscene words, and say nothing of PROFANITY.
CIVIL = {
    "SPAM": False, "TOXICITY": False, "SEVERE_TOXICITY": False, "INSULT": False, "THREAT": False,
    "IDENTITY_ATTACK": False,
}  # fmt: skip
# For each kind of template: how many of them make a row at most, how many such rows there are (as
# a share), and what they are.
KINDS: dict[str, tuple[int, float, dict[str, bool]]] = {
    "flattery": (3, 1.0, {"SPAM": True}),
    "adverts": (2, 1.5, {"SPAM": True}),
    "honest": (3, 2.0, {**CIVIL, "PROFANITY": False}),
    "swearing": (1, 0.1, {**CIVIL, "PROFANITY": True}),
    "insults": (1, 0.6, {"SPAM": False, "TOXICITY": True, "INSULT": True}),
    "compliments": (1, 0.6, {**CIVIL, "PROFANITY": False}),
    "threats": (2, 0.2, {"SPAM": False, "TOXICITY": True, "THREAT": True}),
    # The same words at oneself, denied, quoted and in names; at things; and at others.
    "contrasts_calm": (1, 3.2, CIVIL),
    "contrasts_swearing": (1, 1.5, {**CIVIL, "PROFANITY": True}),
    "contrasts_toxic": (1, 1.6, {"SPAM": False, "TOXICITY": True, "INSULT": True}),
    "contrasts_threats": (1, 0.8, {"SPAM": False, "TOXICITY": True, "THREAT": True}),
    "exclusion": (1, 1.6, {"SPAM": False, "TOXICITY": True, "IDENTITY_ATTACK": True}),
    "group_threats": (
        1,
        0.4,
        {"SPAM": False, "TOXICITY": True, "THREAT": True, "IDENTITY_ATTACK": True},
    ),
    "names": (1, 3.0, {**CIVIL, "PROFANITY": False}),
    "rude_names": (1, 0.6, {"SPAM": False, "TOXICITY": True, "INSULT": True}),
    "honest_links": (1, 0.8, {**CIVIL, "PROFANITY": False}),
    "disguised_links": (1, 0.4, {"SPAM": True}),
    "typed_flattery": (2, 0.4, {"SPAM": True}),
}
CONTRASTS = (
    "contrasts_calm", "contrasts_swearing", "contrasts_toxic", "contrasts_threats", "exclusion",
    "group_threats", "names", "rude_names", "honest_links", "disguised_links", "typed_flattery",
)  # fmt: skip
# Lists of templates, by their kind; a {slot} stands for any of its fillings.
_FOLDER = Path(__file__).parent
PHRASES = json.loads((_FOLDER / "phrases.json").read_text(encoding="utf-8"))
_CONTRASTS = json.loads((_FOLDER / "contrasts.json").read_text(encoding="utf-8"))
PHRASES = {**PHRASES, **_CONTRASTS, "slots": PHRASES["slots"] | _CONTRASTS["slots"]}
for _slot, _kind in (("gname", "given"), ("sname", "surnames")):
    PHRASES["slots"][_slot] += names.of(_kind, "fit")
_SLOT = re.compile(r"\{(\w+)\}")


def rows(*, per_kind: int, seed: int) -> Iterator[Row]:
    """Yield rows of every kind of template, `per_kind` times the proportion in `KINDS`."""
    rng = random.Random(seed)  # noqa: S311 (nothing secret)
    for kind, (max_pieces, proportion, labels) in KINDS.items():
        for _ in range(int(per_kind * proportion)):
            pieces = rng.sample(PHRASES[kind], min(rng.choice((1, 1, 2, 2, 3)), max_pieces))
            text = fill_template(" ".join(pieces), rng)
            yield typed(text, labels, source=f"templates_{kind}", rng=rng)


def with_author(row: Row, rng: random.Random) -> Row:
    """Return a row with a made-up author that fits it: an advertiser or a person."""
    spam = row.labels.get("SPAM", False)
    if spam and rng.random() < 0.75:
        name, site = rng.choice(PHRASES["advert_names"]), rng.choice(PHRASES["advert_sites"])
    else:
        name, site = rng.choice(PHRASES["names"]), rng.choice(PHRASES["honest_sites"])
    site = site if rng.random() < (0.8 if spam else 0.4) else ""
    author = (fill_template(piece, rng) for piece in (name, site))
    return Row(row.text, row.labels, row.source, *author)


def fill_template(template: str, rng: random.Random) -> str:
    """Return a template with each {slot} replaced by one of its fillings, recursively."""
    while _SLOT.search(template):
        template = _SLOT.sub(lambda slot: rng.choice(PHRASES["slots"][slot[1]]), template)
    return template


def typed(text: str, labels: Mapping[str, bool], *, source: str, rng: random.Random) -> Row:
    """Return a row as somebody would type it, half of them signed."""
    # People are careless, too, when they write from a phone.
    share = 0.3 if labels["SPAM"] else 0.15
    text = _carelessly_typed(text, rng) if rng.random() < share else text
    row = Row(text, dict(labels), source)
    return with_author(row, rng) if rng.random() < 0.5 else row


def _carelessly_typed(text: str, rng: random.Random) -> str:
    """Return a text in another case, or without punctuation."""
    without_punctuation = text.replace(".", "").replace("'", "")
    variants: Sequence[str] = (
        text.lower(),
        text.upper(),
        without_punctuation,
        without_punctuation.lower(),
        text.title(),
        _with_typos(text, rng),
        _with_typos(text, rng),
    )
    return rng.choice(variants)


def _with_typos(text: str, rng: random.Random) -> str:
    """Return a text in which some longer words have a letter twice or too few."""
    words = text.split(" ")
    for number, word in enumerate(words):
        if len(word) > 3 and word.isalpha() and rng.random() < 0.2:
            at = rng.randrange(1, len(word) - 1)
            letters = rng.choice((word[at] * 2, word[at] * 2, ""))
            words[number] = word[:at] + letters + word[at + 1 :]
    return " ".join(words)
