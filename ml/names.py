"""Ordinary names of people, of many cultures, for signatures that are made up.

The names are those of about a hundred locales of Faker (MIT). A third of them is learned from, with
a third it is found out from which score a name counts, and with the last third that is measured:
these are the splits `fit`, `calibrate` and `test`.
"""

import json
import random
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

Part = Literal["fit", "calibrate", "test"]

PARTS: Sequence[Part] = ("fit", "calibrate", "test")
# Surnames somewhere that are insults elsewhere: to count is their right.
AMBIGUOUS = frozenset({"Shit", "Moron", "Idiota", "Fucks", "Fuks", "Looser", "Schmuck", "Putz"})
_FORMS = ("{given}", "{given} {surname}", "{given} {surname}", "{given}{number}", "{surname}")
_FILE = Path(__file__).with_name("names.json")


def ordinary(rng: random.Random, part: Part) -> str:
    """Return a name, made of those of a part."""
    given, surname = (rng.choice(of(kind, part)) for kind in ("given", "surnames"))
    return rng.choice(_FORMS).format(given=given, surname=surname, number=rng.randint(1, 2010))


@cache
def of(kind: Literal["given", "surnames"], part: Part) -> Sequence[str]:
    """Return the given names or the surnames of a part."""
    names = json.loads(_FILE.read_text(encoding="utf-8"))[kind].split()
    return [name for name in names if name not in AMBIGUOUS and _part_of(name) == part]


def _part_of(name: str) -> Part:
    return PARTS[zlib.crc32(name.encode()) % len(PARTS)]
