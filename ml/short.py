"""Short sentences in seven languages, of templates: contempt of a group, insults, and calm ones.

The sources have few sentences of three words, none in Italian and hardly any in Russian. Of each
language nearly as many rows are calm as hostile, in the same forms and with the same words: denied,
said of oneself or of things, and quoted.
"""

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ml import synthetic
from ml.dataset import Row

LANGUAGES = json.loads(Path(__file__).with_name("short.json").read_text(encoding="utf-8"))
# Of English so many times the rows of another language: what is in no template there is more.
MOST_OF, MOST_TIMES = "en", 3
# For each kind its share of the rows, and its labels; half are hostile, and nearly half calm.
KINDS: Mapping[str, tuple[float, Mapping[str, bool]]] = {
    "exclusion": (0.25, {"SPAM": False, "TOXICITY": True, "IDENTITY_ATTACK": True}),
    "insulting": (0.25, {"SPAM": False, "TOXICITY": True, "INSULT": True}),
    "group_calm": (0.15, {**synthetic.CIVIL, "PROFANITY": False}),
    "denials": (0.2, synthetic.CIVIL),
    "compliments": (0.05, {**synthetic.CIVIL, "PROFANITY": False}),
    "everyday": (0.05, synthetic.CIVIL),
}
SOURCES = tuple(f"templates_short_{kind}" for kind in KINDS)
_SLOT = re.compile(r"\{(\w+)\}")
_ARTICLE = re.compile(r"\b([Aa])(?= [aeiouAEIOU])")


def rows(*, per_language: int, seed: int) -> Iterator[Row]:
    """Yield about so many rows of each language, of English more."""
    rng = random.Random(seed)  # noqa: S311 (nothing secret)
    for language, table in LANGUAGES.items():
        size = per_language * (MOST_TIMES if language == MOST_OF else 1)
        for kind, (share, labels) in KINDS.items():
            for _ in range(int(size * share)):
                text = filled(rng.choice(table[kind]), table["slots"], rng)
                text = _ARTICLE.sub(r"\1n", text) if language == "en" else text
                yield synthetic.typed(text, labels, source=f"templates_short_{kind}", rng=rng)


def filled(template: str, slots: Mapping[str, Sequence[str]], rng: random.Random) -> str:
    """Return a template with the words of its language; the first letter is a capital, or none."""
    text = _SLOT.sub(
        lambda slot: rng.choice(slots[slot[1]]) if slot[1] in slots else slot[0], template
    )
    text = synthetic.fill_template(text, rng)
    return text[0].upper() + text[1:] if template[0] == "{" and rng.random() < 0.7 else text
