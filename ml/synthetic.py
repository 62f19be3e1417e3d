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

FLATTERY_SOURCE, ADVERT_SOURCE = "templates_flattery", "templates_adverts"
HONEST_SOURCE = "templates_honest"
# Lists of templates, by their kind; a {slot} stands for any of its fillings.
PHRASES = json.loads(Path(__file__).with_name("phrases.json").read_text(encoding="utf-8"))
_SLOT = re.compile(r"\{(\w+)\}")


def rows(*, each: int, seed: int) -> Iterator[Row]:
    """Yield `each` rows of polite spam, of adverts and of honest comments."""
    chance = random.Random(seed)  # noqa: S311 (nothing secret)
    for _ in range(each):
        text = " ".join(chance.sample(PHRASES["flattery"], chance.choice((1, 2, 2, 3, 4))))
        yield _row(text, spam=True, source=FLATTERY_SOURCE, chance=chance)
    for _ in range(each):
        text = " ".join(chance.sample(PHRASES["adverts"], chance.choice((1, 1, 2, 3))))
        yield _row(text, spam=True, source=ADVERT_SOURCE, chance=chance)
    for _ in range(each):
        text = " ".join(chance.sample(PHRASES["honest"], chance.choice((1, 1, 2, 2, 3))))
        yield _row(text, spam=False, source=HONEST_SOURCE, chance=chance)


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


def _row(template: str, *, spam: bool, source: str, chance: random.Random) -> Row:
    text = filled_in(template, chance)
    text = _careless(text, chance) if spam and chance.random() < 0.3 else text
    labels = {"SPAM": spam, "TOXICITY": False}
    row = Row(text, labels if not spam else {"SPAM": True}, source)
    return signed(row, chance) if chance.random() < 0.5 else row


def _careless(text: str, chance: random.Random) -> str:
    """Return a text as careless writers leave it: other case, no full stops."""
    ways: Sequence[str] = (text.lower(), text.upper(), text.replace(".", ""), text.title())
    return chance.choice(ways)
