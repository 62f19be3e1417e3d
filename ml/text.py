"""Text as the classifier reads it: the same function in training and in serving.

A text is read in chunks, the pieces between white space. Tricks that hide a word from a filter are
undone chunk by chunk; ordinary text in any language stays what it is.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from confusable_homoglyphs import confusables  # type: ignore[import-untyped]

# Nobody reads further either (characters); it bounds the time that one text can take.
LONGEST = 20_000
# Normalising is repeated until nothing changes; more passes than this have never been needed.
MOST_PASSES = 8

LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]+", re.IGNORECASE)

_INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Cn"}
# Letters and marks drawn as nothing (Unicode's Default_Ignorable and the blank of Braille).
_FILLERS = set("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(point) for point in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}
_STACKED_MARKS = re.compile("[\u0300-\u036f\u0489\u20d0-\u20ff]+")
_LETTERS_APART = re.compile(r"(?<!\S)[^\W\d_](?:[ \t]{1,3}[^\W\d_]){2,}(?!\S)")
_CHUNK = re.compile(rf"{_LETTERS_APART.pattern}|\S+")
_SPELT_OUT = re.compile(r"(?<![^\W_])[^\W\d_](?:[.\-_*|/\\·•+~,:;=]{1,3}[^\W\d_](?![^\W_])){2,}")
_SIGN_FOR_LETTER = re.compile(
    r"(?<=[a-z])[013457$@!|]{1,3}(?=[a-z])"
    r"|(?<![^\W_])(?:[013457$](?=[a-z]{3})|@(?=ss))"
    r"|(?<=[a-z]{2})\$(?![^\W_])"
)
_MAY_BE_LETTER = re.compile(r"[013457$@!|]")
_LETTER = str.maketrans("013457$@!|", "oieastsail")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_NAMED_FOR = re.compile(r"(?:SMALL CAPITAL|CAPITAL LETTER|SMALL LETTER) ([A-Z])(?: WITH .*)?$")


def normalise(text: str) -> str:
    """Return a text in lower case with its disguises taken off, one space between its chunks.

    Undone are compatibility forms (full width, mathematical letters; NFKC), invisible characters,
    stacked marks, letters of other scripts inside Latin words (UTS #39), letters spelt out one by
    one, digits and signs that stand for letters, stretched letters. Never fails, whatever comes;
    takes time linear in the length, of which the first 20,000 characters count. Idempotent.
    """
    text = text[:LONGEST]
    for _ in range(MOST_PASSES):
        before, text = text, " ".join(filter(None, map(plain, chunks(text))))
        if text == before:
            break
    return text[:LONGEST].rstrip()


def chunks(text: str) -> list[str]:
    """Return the pieces between white space; letters that stand apart are one piece together."""
    pieces = text.split()
    # Letters apart are rare, and looking for them is dear: count the pieces of one letter first.
    apart = list(map(len, pieces)).count(1) > 2 and _LETTERS_APART.search(text)
    return _CHUNK.findall(text) if apart else pieces


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each of the `chunks` begins and ends."""
    for match in _CHUNK.finditer(text):
        yield match.span()


def plain(chunk: str) -> str:
    """Return a chunk in lower case with its disguises taken off; links keep their letters."""
    return undisguised(visible(chunk))


def undisguised(chunk: str) -> str:
    """Return a visible chunk with its letters put together and its signs read as letters."""
    if chunk.isalpha() and chunk.isascii():
        return _STRETCHED.sub(lambda run: _shortened(run, chunk), chunk)
    if LINK.search(chunk):
        return chunk
    chunk = "".join(chunk.split()) if _LETTERS_APART.fullmatch(chunk) else chunk
    chunk = _SPELT_OUT.sub(lambda letters: re.sub(r"[\W_]+", "", letters[0]), chunk)
    if _MAY_BE_LETTER.search(chunk):
        for _ in range(2):  # what the first time reveals is a neighbour the second time
            chunk = _SIGN_FOR_LETTER.sub(lambda sign: sign[0].translate(_LETTER), chunk)
    return _STRETCHED.sub(lambda run: _shortened(run, chunk), chunk)


def visible(chunk: str) -> str:
    """Return a chunk in lower case as an eye sees it: one script, nothing invisible."""
    if not chunk.isascii():
        chunk = unicodedata.normalize("NFKC", chunk)
        chunk = "".join(c for c in chunk if _is_seen(c))
        chunk = _one_script(_STACKED_MARKS.sub("", chunk))
        return unicodedata.normalize("NFC", chunk.casefold())
    return "".join(filter(_is_seen, chunk)).casefold() if not chunk.isprintable() else chunk.lower()


def is_stretched(word: str) -> bool:
    """Return whether a word has a letter three times running."""
    return _STRETCHED.search(word) is not None


@lru_cache(maxsize=20_000)
def bare(letter: str) -> str:
    """Return the Latin letter that another is a variant of, by its name in Unicode; or itself.

    So é gives e, ø gives o; letters of other scripts are returned unchanged.
    """
    name = unicodedata.name(letter, "")
    found = _NAMED_FOR.search(name) if name.startswith("LATIN") else None
    return found[1].lower() if found else letter


@lru_cache(maxsize=20_000)
def double(letter: str) -> str:
    """Return the Latin letter that another looks like (UTS #39); or itself."""
    return _doubles().get(letter, letter)


@lru_cache(maxsize=1)
def _doubles() -> dict[str, str]:
    table = {}
    for letter, others in confusables.confusables_data.items():
        latin = [o["c"] for o in others if len(o["c"]) == 1 and o["c"].isascii()]
        if len(letter) == 1 and not letter.isascii() and latin and latin[0].isalpha():
            table[letter] = latin[0]
    return table


@lru_cache(maxsize=20_000)
def _enclosed(letter: str) -> str:
    """Return the letter inside a square or circle that NFKC leaves, or a small capital's own."""
    name = unicodedata.name(letter, "")
    if "SMALL CAPITAL" in name or ("NEGATIVE" in name and "CAPITAL LETTER" in name):
        return name[-1].lower() if name[-2:-1] == " " else letter
    return letter


def _one_script(chunk: str) -> str:
    """Return a chunk that mixes Latin letters with their doubles in Latin letters alone."""
    chunk = "".join(map(_enclosed, chunk))
    if any("a" <= c <= "z" or "A" <= c <= "Z" for c in chunk):
        return "".join(map(double, chunk))
    return chunk


def _is_seen(letter: str) -> bool:
    return letter in "\n\t " or (
        letter not in _FILLERS and unicodedata.category(letter) not in _INVISIBLE
    )


def _shortened(run: re.Match[str], chunk: str) -> str:
    # “www”, “xxx” and “iii” are words of their own.
    return run[1] * 3 if set(chunk) == {run[1]} else run[1]
