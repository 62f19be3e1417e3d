"""What is added to the rows to learn from: disguised, signed and spliced copies, and templates."""

import random
from collections.abc import Iterator, Sequence

from ml import identities, synthetic, tricks
from ml.dataset import Row

# Of this share of the rows there is one copy more, disguised or spliced; as many are signed.
DISGUISED, SPLICED, SIGNED = 0.12, 0.06, 0.5
LONGEST_SPLICED = 1500
TEMPLATES_EACH, IDENTITIES_EACH = 2500, 150
SPECIALS = ("TOXICITY", "SPAM")


def augmented(rows: Sequence[Row], *, seed: int) -> list[Row]:
    """Return rows to fit on: those given, some of them signed, with what is made from them."""
    chance = random.Random(seed)  # noqa: S311 (nothing secret)
    return [
        *signed(rows, seed=seed),
        *_disguised(rows, chance),
        *_spliced(rows, chance),
        *synthetic.rows(each=TEMPLATES_EACH, seed=seed),
        *identities.rows(each=IDENTITIES_EACH, seed=seed),
    ]


def signed(rows: Sequence[Row], *, seed: int) -> list[Row]:
    """Return the rows, half of those labelled for spam with a made-up author that befits them."""
    chance = random.Random(seed)  # noqa: S311 (nothing secret)
    return [_perhaps_signed(row, chance) for row in rows]


def _perhaps_signed(row: Row, chance: random.Random) -> Row:
    wanted = "SPAM" in row.labels and not row.author_name and chance.random() < SIGNED
    return synthetic.signed(row, chance) if wanted else row


def _disguised(rows: Sequence[Row], chance: random.Random) -> Iterator[Row]:
    """Yield copies with tricks played on them, of calm rows too: a trick alone is no harm."""
    names = list(tricks.TRICKS)
    for row in rows:
        share = DISGUISED * (3 if row.labels.get("TOXICITY") or row.labels.get("SPAM") else 1)
        if chance.random() < share and len(row.text) < LONGEST_SPLICED:
            trick = tricks.TRICKS[chance.choice(names)]
            part = chance.choice((0.3, 0.6, 1.0))
            text = tricks.apply(trick, row.text, share=part, chance=chance)
            if text != row.text:
                yield Row(text, row.labels, row.source)


def _spliced(rows: Sequence[Row], chance: random.Random) -> Iterator[Row]:
    """Yield two rows in one: what is harmful stays so among harmless words."""
    short = [row for row in rows if len(row.text) < LONGEST_SPLICED and _is_judged(row)]
    for row in chance.sample(short, int(len(short) * SPLICED)):
        other = chance.choice(short)
        labels = _either(row, other)
        if labels:
            yield Row(f"{row.text} {other.text}", labels, row.source)


def _is_judged(row: Row) -> bool:
    return any(category in row.labels for category in SPECIALS)


def _either(row: Row, other: Row) -> dict[str, bool]:
    """Return what holds of both together: true if of one, false if of both, else unknown."""
    labels = {}
    for category in row.labels.keys() | other.labels.keys():
        known = [r.labels[category] for r in (row, other) if category in r.labels]
        if any(known) or len(known) == 2:
            labels[category] = any(known)
    return dict(sorted(labels.items()))
