"""Write the frequent words by which English is told: `python -m ml.context.common_words --out DIR`.

By wordfreq (Speer 2022, https://github.com/rspeer/wordfreq; its word lists are under CC BY-SA 4.0),
one of `ml/context/requirements-train.txt`. Words are without accents, as the encoder reads them.
"""

import argparse
import json
import math
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import wordfreq

from ml.context.english import COMMON_WORDS_FILE

OTHERS = (
    "ca", "cs", "da", "de", "es", "fi", "fil", "fr", "hu", "id", "it", "nb", "nl", "pl", "pt",
    "ro", "sh", "sv", "tr", "vi",
)  # fmt: skip
# How many of the most frequent words of another language are looked at, and of English.
SIZE, ENGLISH_SIZE, ENGLISH_KNOWN = 600, 2500, 60_000
# Frequencies are on Zipf's scale, the logarithm of how often a word is among 10^9. A word belongs
# to another language when it is more frequent there by so much, and rare in English; more frequent
# English ones, like “on” and “man”, belong to neither, unless they are far more frequent there.
LEAST, RARE, FAR, NEVER = 0.5, 4.2, 1.3, 5.3
# So much more frequent elsewhere, a word is no sign of English.
DOUBTFUL = 0.3
# Words of chats that the lists of English have few of, and one that is another elsewhere.
CHAT = frozenset((
    "ah", "die", "eh", "ha", "haha", "hey", "hi", "ho", "im", "ive", "mm", "nah", "oh", "ok",
    "omg", "tho", "u", "ur", "wat", "wtf", "ya", "yall", "yea", "yer", "yo",
))  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ml.context.common_words", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    text = json.dumps(common_words(), indent=1, ensure_ascii=False) + "\n"
    (options.out / COMMON_WORDS_FILE).write_text(text, encoding="utf-8")
    return 0


def common_words() -> dict[str, str]:
    """Return for each language its words, separated by blanks, the most frequent first."""
    english = {
        word: wordfreq.zipf_frequency(word, "en")
        for word in wordfreq.top_n_list("en", ENGLISH_KNOWN)
    }
    tables = {name: _frequencies(name) for name in OTHERS}
    found = {
        name: [w for w, frequency in table.items() if _belongs(w, frequency, english.get(w, 0.0))]
        for name, table in tables.items()
    }
    doubtful = {
        word
        for table in tables.values()
        for word, frequency in table.items()
        if frequency > english.get(word, 0.0) + DOUBTFUL
    }
    common = [w for w in wordfreq.top_n_list("en", ENGLISH_SIZE) if w.isalpha() and w.isascii()]
    found["en"] = [*(w for w in common if w not in doubtful), *sorted(CHAT - set(common))]
    return {name: " ".join(words) for name, words in sorted(found.items())}


def _belongs(word: str, frequency: float, in_english: float) -> bool:
    if len(word) == 1 or word in CHAT or frequency <= in_english + LEAST:
        return False
    return in_english < RARE or (in_english < NEVER and frequency > in_english + FAR)


def _frequencies(language: str) -> Mapping[str, float]:
    """Return the most frequent words of a language, without accents, on Zipf's scale."""
    sums: defaultdict[str, float] = defaultdict(float)
    for word in wordfreq.top_n_list(language, 2 * SIZE):
        if (plain := _without_accents(word)).isalpha():
            sums[plain] += 10 ** wordfreq.zipf_frequency(word, language)
    top = sorted(sums, key=lambda word: -sums[word])[:SIZE]
    return {word: math.log10(sums[word]) for word in top}


def _without_accents(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word) if unicodedata.category(c) != "Mn")


if __name__ == "__main__":
    sys.exit(main())
