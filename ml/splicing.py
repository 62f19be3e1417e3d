"""Splice links into calm rows, as people give them: a link by itself is no sign of spam.

The sources have hardly any calm rows with links, and nearly all of their spam has some.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ml import recipe, synthetic
from ml.dataset import Row
from ml.links import LINK

# Rows of these sources get links: what people write to each other on sites.
SOURCES = recipe.CALM_SOURCES | {"jigsaw_wiki", "goemotions", "jigsaw_multilingual_es_fr"}
SOURCE = "spliced_links"
MIN_WORDS, MAX_CHARACTERS = 4, 1500
HOSTS = (
    "github.com", "en.wikipedia.org", "stackoverflow.com", "www.youtube.com", "youtu.be",
    "docs.python.org", "developer.mozilla.org", "www.bbc.co.uk", "www.nytimes.com", "medium.com",
    "gist.github.com", "www.reddit.com", "twitter.com", "imgur.com", "archive.org", "jsfiddle.net",
    "learn.microsoft.com", "www.amazon.com", "arxiv.org", "de.wikipedia.org", "fr.wikipedia.org",
)  # fmt: skip
SUFFIXES = ("com",) * 6 + (
    "org", "net", "io", "dev", "de", "co.uk", "fr", "es", "blog", "me", "info", "ru", "nl", "it",
)  # fmt: skip
LEADS = (
    "see", "e.g.", "", "", "", "Source:", "I wrote about it here:", "here:", "more at", "cf.",
    "This helped me:", "Have a look at", "as described in", "via", "check out", "You may find",
    "siehe", "voir", "ver", "my post:", "found it at", "The docs:", "Link:", "related:", "on",
)  # fmt: skip
_WORDS = re.compile(r"[a-z]{4,12}")


def rows(source_rows: Sequence[Row], *, share: float, seed: int) -> Iterator[Row]:
    """Yield copies with one to three links of a share of the calm rows."""
    rng = random.Random(seed)  # noqa: S311 (nothing secret)
    calm = [row for row in source_rows if row.source in SOURCES and not any(row.labels.values())]
    pool = [word for row in calm[:: max(1, len(calm) // 3000)] for word in _words(row.text)]
    for row in calm:
        size = len(row.text.split())
        is_drawn = size >= MIN_WORDS and len(row.text) < MAX_CHARACTERS and rng.random() < share
        if is_drawn and pool and not LINK.search(row.text):
            labels = {**row.labels, "SPAM": False}
            yield replace(row, text=spliced(row.text, pool, rng), labels=labels, source=SOURCE)


def spliced(text: str, pool: Sequence[str], rng: random.Random) -> str:
    """Return a text with one to three links, whose words are of the text or of `pool`."""
    words = text.split(" ")
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3))):
        at = rng.choice((len(words), len(words), 0, rng.randrange(len(words) + 1)))
        lead = rng.choice(LEADS)
        words.insert(at, f"{lead} {_written(_address(words, pool, rng), rng)}".strip())
    return " ".join(words)


def _address(words: Sequence[str], pool: Sequence[str], rng: random.Random) -> str:
    own = _words(" ".join(words)) or list(pool)
    host = rng.choice(HOSTS)
    if rng.random() < 0.7:
        name = "".join(rng.choices(pool, k=rng.choice((1, 1, 2)))) + rng.choice(("", "", "blog"))
        host = f"{rng.choice(('', 'www.', 'blog.'))}{name}.{rng.choice(SUFFIXES)}"
    slug = "-".join(rng.choices([*own, *rng.choices(pool, k=3)], k=rng.randint(1, 4)))
    path = rng.choice((
        "", "/", f"/{slug}", f"/{slug}", f"/{rng.randint(2009, 2024)}/{slug}.html",
        f"/questions/{rng.randint(1000, 9**8)}/{slug}", f"/?p={rng.randint(1, 999)}",
    ))  # fmt: skip
    return rng.choice(("https://", "https://", "http://", "http://", "")) + host + path


def _written(address: str, rng: random.Random) -> str:
    form = rng.random()
    if form < 0.15:
        return f"[{synthetic.fill_template('{thing}', rng)}]({address})"
    if form < 0.25:
        return f'<a href="{address}">{synthetic.fill_template("{thing}", rng)}</a>'
    return f"({address})" if form < 0.3 else address


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.lower())
