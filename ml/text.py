"""Normalise text for the classifier: the same function in training and in serving.

A text is split into chunks at white space. Obfuscation that hides words from filters is undone
chunk by chunk; ordinary text in any language is not changed.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from confusable_homoglyphs import confusables  # type: ignore[import-untyped]

# Bounds the time that one text can take; nobody reads further either.
MAX_CHARACTERS = 20_000
# Normalising is repeated until nothing changes; more passes than this have never been needed.
MAX_PASSES = 8

LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]+", re.IGNORECASE)

_INVISIBLE_CATEGORIES = {"Cf", "Cc", "Cs", "Co", "Cn"}
# Letters and marks without a glyph (Unicode's Default_Ignorable and the blank of Braille).
_BLANK_CHARACTERS = set("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(point) for point in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}
_COMBINING_MARKS = re.compile("[\u0300-\u036f\u0489\u20d0-\u20ff]+")
_SPACED_LETTERS = re.compile(r"(?<!\S)[^\W\d_](?:[ \t]{1,3}[^\W\d_]){2,}(?!\S)")
_CHUNK = re.compile(rf"{_SPACED_LETTERS.pattern}|\S+")
_SEPARATED_LETTERS = re.compile(
    r"(?<![^\W_])[^\W\d_](?:[.\-_*|/\\·•+~,:;=]{1,3}[^\W\d_](?![^\W_])){2,}"
)
_LEET = re.compile(
    r"(?<=[a-z])[013457$@!|]{1,3}(?=[a-z])"
    r"|(?<![^\W_])(?:[013457$](?=[a-z]{3})|@(?=ss))"
    r"|(?<=[a-z]{2})\$(?![^\W_])"
)
_MAYBE_LEET = re.compile(r"[013457$@!|]")
_LEET_LETTERS = str.maketrans("013457$@!|", "oieastsail")
_REPEATED_LETTERS = re.compile(r"([^\W\d_])\1{2,}")
_LATIN_LETTER_NAME = re.compile(
    r"(?:SMALL CAPITAL|CAPITAL LETTER|SMALL LETTER) ([A-Z])(?: WITH .*)?$"
)


def normalise(text: str) -> str:
    """Return a text in lower case without obfuscation, with one space between its chunks.

    Undone are compatibility forms (full width, mathematical letters; NFKC), invisible characters,
    stacked combining marks, homoglyphs inside Latin words (UTS #39), letters separated by spaces or
    punctuation, leetspeak, and repeated letters. Never raises; takes time linear in the length, of
    which the first 20,000 characters are read. Idempotent.
    """
    text = text[:MAX_CHARACTERS]
    for _ in range(MAX_PASSES):
        before, text = text, " ".join(filter(None, map(deobfuscate, chunks(text))))
        if text == before:
            break
    return text[:MAX_CHARACTERS].rstrip()


def chunks(text: str) -> list[str]:
    """Return the pieces between white space; a sequence of single letters is one chunk."""
    pieces = text.split()
    # Spaced letters are rare, and the search is expensive: count the pieces of one letter first.
    spaced = list(map(len, pieces)).count(1) > 2 and _SPACED_LETTERS.search(text)
    return _CHUNK.findall(text) if spaced else pieces


def chunk_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the (start, end) of each of the `chunks`."""
    for match in _CHUNK.finditer(text):
        yield match.span()


def deobfuscate(chunk: str) -> str:
    """Return a chunk in lower case without obfuscation; links keep their characters."""
    return undo_substitutions(fold_characters(chunk))


def undo_substitutions(chunk: str) -> str:
    """Return a folded chunk with separated letters joined, and leetspeak and repetition undone."""
    if chunk.isalpha() and chunk.isascii():
        return _REPEATED_LETTERS.sub(lambda run: _collapsed(run, chunk), chunk)
    if LINK.search(chunk):
        return chunk
    chunk = "".join(chunk.split()) if _SPACED_LETTERS.fullmatch(chunk) else chunk
    chunk = _SEPARATED_LETTERS.sub(lambda letters: re.sub(r"[\W_]+", "", letters[0]), chunk)
    if _MAYBE_LEET.search(chunk):
        for _ in range(2):  # what the first time reveals is a neighbour the second time
            chunk = _LEET.sub(lambda sign: sign[0].translate(_LEET_LETTERS), chunk)
    return _REPEATED_LETTERS.sub(lambda run: _collapsed(run, chunk), chunk)


def fold_characters(chunk: str) -> str:
    """Return a chunk in lower case in one script, without invisible characters."""
    if not chunk.isascii():
        chunk = unicodedata.normalize("NFKC", chunk)
        chunk = "".join(c for c in chunk if _is_visible(c))
        chunk = _fold_to_latin(_COMBINING_MARKS.sub("", chunk))
        return unicodedata.normalize("NFC", chunk.casefold())
    return (
        "".join(filter(_is_visible, chunk)).casefold() if not chunk.isprintable() else chunk.lower()
    )


def has_repeated_letters(word: str) -> bool:
    """Return whether a word has the same letter three times in a row."""
    return _REPEATED_LETTERS.search(word) is not None


@lru_cache(maxsize=20_000)
def base_letter(letter: str) -> str:
    """Return the Latin letter that a letter is a variant of, by its Unicode name; else itself.

    So é gives e, ø gives o; letters of other scripts are unchanged.
    """
    name = unicodedata.name(letter, "")
    match = _LATIN_LETTER_NAME.search(name) if name.startswith("LATIN") else None
    return match[1].lower() if match else letter


@lru_cache(maxsize=20_000)
def latin_lookalike(letter: str) -> str:
    """Return the Latin letter that a letter looks like (UTS #39); else itself."""
    return _latin_lookalikes().get(letter, letter)


@lru_cache(maxsize=1)
def _latin_lookalikes() -> dict[str, str]:
    table = {}
    for letter, others in confusables.confusables_data.items():
        latin = [o["c"] for o in others if len(o["c"]) == 1 and o["c"].isascii()]
        if len(letter) == 1 and not letter.isascii() and latin and latin[0].isalpha():
            table[letter] = latin[0]
    return table


@lru_cache(maxsize=20_000)
def _enclosed(letter: str) -> str:
    """Return the letter inside a square or circle that NFKC leaves, or of a small capital."""
    name = unicodedata.name(letter, "")
    if "SMALL CAPITAL" in name or ("NEGATIVE" in name and "CAPITAL LETTER" in name):
        return name[-1].lower() if name[-2:-1] == " " else letter
    return letter


def _fold_to_latin(chunk: str) -> str:
    """Return a chunk with homoglyphs replaced if it has Latin letters."""
    chunk = "".join(map(_enclosed, chunk))
    if any("a" <= c <= "z" or "A" <= c <= "Z" for c in chunk):
        return "".join(map(latin_lookalike, chunk))
    return chunk


def _is_visible(letter: str) -> bool:
    return letter in "\n\t " or (
        letter not in _BLANK_CHARACTERS
        and unicodedata.category(letter) not in _INVISIBLE_CATEGORIES
    )


def _collapsed(run: re.Match[str], chunk: str) -> str:
    # “www”, “xxx” and “iii” are words of their own.
    return run[1] * 3 if set(chunk) == {run[1]} else run[1]
