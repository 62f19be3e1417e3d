"""Comments made from templates: polite spam without a link, adverts, and what resembles them.

The public sources have little of the spam that blogs get: praise that fits every article, posted
for the sake of the author's website. These templates supply it, together with honest praise,
honest links and honest names, so that praise, a link or a name alone says nothing.
"""

import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ml.dataset import Row

# Of templates without harm; those that swear at things say nothing of PROFANITY.
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
    "swearing": (1, 0.1, CIVIL),
    "insults": (1, 0.6, {"SPAM": False, "TOXICITY": True, "INSULT": True}),
    "compliments": (1, 0.6, {**CIVIL, "PROFANITY": False}),
    "threats": (2, 0.2, {"SPAM": False, "TOXICITY": True, "THREAT": True}),
}
# Lists of templates, by their kind; a {slot} stands for any of its fillings.
PHRASES = json.loads(Path(__file__).with_name("phrases.json").read_text(encoding="utf-8"))
_SLOT = re.compile(r"\{(\w+)\}")


def rows(*, each: int, seed: int) -> Iterator[Row]:
    """Yield rows of every kind of template, as many times `each` as `KINDS` says."""
    chance = random.Random(seed)  # noqa: S311 (nothing secret)
    for kind, (most, number, labels) in KINDS.items():
        for _ in range(int(each * number)):
            pieces = chance.sample(PHRASES[kind], min(chance.choice((1, 1, 2, 2, 3)), most))
            yield _row(" ".join(pieces), labels, source=f"templates_{kind}", chance=chance)


def signed(row: Row, chance: random.Random) -> Row:
    """Return a row with a made-up author that befits it: an advertiser's or a person's."""
    spam = row.labels.get("SPAM", False)
    if spam and chance.random() < 0.75:
        name, site = chance.choice(PHRASES["advert_names"]), chance.choice(PHRASES["advert_sites"])
    else:
        name, site = chance.choice(PHRASES["people"]), chance.choice(PHRASES["honest_sites"])
    site = site if chance.random() < (0.8 if spam else 0.4) else ""
    filled = (filled_in(piece, chance) for piece in (name, site))
    return Row(row.text, row.labels, row.source, *filled)


def filled_in(template: str, chance: random.Random) -> str:
    """Return a template with each {slot} replaced by one of its fillings, to any depth."""
    while _SLOT.search(template):
        template = _SLOT.sub(lambda slot: chance.choice(PHRASES["slots"][slot[1]]), template)
    return template


def _row(template: str, labels: dict[str, bool], *, source: str, chance: random.Random) -> Row:
    text = filled_in(template, chance)
    # People are careless, too, when they write from a phone.
    share = 0.3 if labels["SPAM"] else 0.15
    text = _careless(text, chance) if chance.random() < share else text
    row = Row(text, labels, source)
    return signed(row, chance) if chance.random() < 0.5 else row


def _careless(text: str, chance: random.Random) -> str:
    """Return a text as careless writers leave it: other case, no signs."""
    bare = text.replace(".", "").replace("'", "")
    ways: Sequence[str] = (text.lower(), text.upper(), bare, bare.lower(), text.title())
    return chance.choice(ways)
