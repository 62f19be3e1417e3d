"""Normalise text for the classifier: the same function in training and in serving.

A text is split into chunks at white space. Obfuscation that hides words from filters is undone
chunk by chunk; ordinary text in any language is not changed.
"""

import re
import unicodedata
from collections.abc import Iterator

from ml.alphabets import folded_to_latin, has_latin_variants
from ml.links import DISGUISED_LINK, has_link, linked_chunks, links_in, maybe_disguised

# Bounds the time that one text can take; nobody reads further either.
MAX_CHARACTERS = 20_000
# Normalising is repeated until nothing changes; more passes than this have never been needed.
MAX_PASSES = 8
MAX_STACKED_MARKS = 30
# Letters that become marks in NFKD.
_MARKS_IN_DISGUISE = frozenset("\u0f73\u0f75\u0f81\uff9e\uff9f")
# All other marks are no letters, either.
_MAYBE_STACKED = re.compile(rf"[\W\uff9e\uff9f]{{{MAX_STACKED_MARKS + 1}}}")

# Marks of layout and placeholders of other platforms: read as if they were not there.
_TAGS = (
    "a|abbr|b|blockquote|br|code|dd|del|div|dl|dt|em|font|h[1-6]|hr|i|iframe|img|ins|li|ol|p|pre|q|s|"
    "small|span|strike|strong|sub|sup|table|tbody|td|th|tr|tt|u|ul"
)
# Each begins with a sign, which is found without trying every letter of a text.
_SIGNED_LAYOUT = re.compile(
    rf"[<\[\]@＠](?:(?<=<)/?(?:{_TAGS})(?=[\s/>])"
    r"|(?<=\[)/?(?:url|link|b|i|u|quote|code|img|email|size|color)(?:=|\])"
    r"|(?<=\])\((?=\S{1,300}\))"
    r"|(?<=[<\[])(?:url|user|number|name|removed|deleted|person|religion|mention|email)[>\]]"
    r"|(?<=[@＠])(?<![\w@./].)(?!ss)[\w.\-]{1,64})",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTES = re.compile(
    r"\b(?:href|src)[ \t]*=[ \t]*(?=[\"'h])|\b(?:rel|target|class)[ \t]*=[ \t]*[\"'][\w -]*[\"']",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"(?<![\w/])(?:USER|URL|HTTPURL|USERNAME|MENTION)(?![\w/])")

_INVISIBLE_CATEGORIES = {"Cf", "Cc", "Cs", "Co", "Cn"}
# Letters and marks without a glyph (Unicode's Default_Ignorable and the blank of Braille).
_BLANK_CHARACTERS = set("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(point) for point in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}
_COMBINING_MARKS = re.compile("[\u0300-\u036f\u0489\u20d0-\u20ff]+")
_SPACED_LETTERS = re.compile(r"(?<!\S)[^\W\d_](?:[ \t]{1,3}[^\W\d_]){2,}(?!\S)")
_CHUNK = re.compile(rf"{DISGUISED_LINK.pattern}|{_SPACED_LETTERS.pattern}|\S+", re.IGNORECASE)
_SEPARATED_LETTERS = re.compile(
    r"(?<![^\W_])[^\W\d_](?:[.\-_*|/\\·•+~,:;=]{1,3}[^\W\d_](?![^\W_])){2,}"
)
_NO_LETTERS = re.compile(r"[\W_]+")
_LEET = re.compile(
    r"(?<=[a-z])[013457$@!|]{1,3}(?=[a-z])"
    r"|(?<![^\W_])(?:[013457$](?=[a-z]{3})|@(?=ss))"
    r"|(?<=[a-z]{2})\$(?![^\W_])"
)
_MAYBE_LEET = re.compile(r"[013457$@!|]")
_LEET_LETTERS = str.maketrans("013457$@!|", "oieastsail")
_REPEATED_LETTERS = re.compile(r"([^\W\d_])\1{2,}")


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


def without_layout(text: str) -> str:
    """Return a text of the same length with spaces for markup, handles and placeholders.

    The addresses of links stay. `<a href="…">` and `[…](…)`, `@name`, `[URL]` and `<user>` say
    nothing of the writer, only of the platform that a text comes from.
    """
    if "<" in text or "[" in text or "@" in text or "＠" in text or "href" in text:
        text = _SIGNED_LAYOUT.sub(_blank, text)
        text = _ATTRIBUTES.sub(_blank, text) if "=" in text else text
    if "USER" in text or "URL" in text or "MENTION" in text:
        text = _PLACEHOLDER.sub(_blank, text)
    return text


def _blank(mark: re.Match[str]) -> str:
    return " " * len(mark[0])


def links(text: str) -> list[str]:
    """Return the links in a text as they are written, with a scheme or without, or in disguise."""
    return [link for chunk in linked_chunks(text, chunks(text)) for link in links_in(chunk)]


def chunks(text: str) -> list[str]:
    """Return the pieces between white space; spaced letters, or a spaced link, are one chunk."""
    pieces = text.split()
    if maybe_disguised(text, pieces) and DISGUISED_LINK.search(text):
        return _CHUNK.findall(text)
    # Spaced letters are rare, and the search is expensive: count the pieces of one letter first.
    sizes = list(map(len, pieces))
    spaced = sizes.count(1) > 2 and (1, 1, 1) in zip(sizes, sizes[1:], sizes[2:], strict=False)
    return _CHUNK.findall(text) if spaced and _SPACED_LETTERS.search(text) else pieces


def chunk_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the (start, end) of each of the `chunks`."""
    for match in _CHUNK.finditer(text):
        yield match.span()


def deobfuscate(chunk: str) -> str:
    """Return a chunk in lower case without obfuscation; links keep their characters."""
    return undo_substitutions(fold_characters(chunk))


def undo_substitutions(chunk: str) -> str:
    """Return a folded chunk with separated letters joined, and leetspeak and repetition undone."""
    if chunk.isalpha():
        return _without_repetition(chunk)
    if has_link(chunk):
        return chunk
    if " " in chunk or "\t" in chunk:
        chunk = "".join(chunk.split()) if _SPACED_LETTERS.fullmatch(chunk) else chunk
    chunk = _SEPARATED_LETTERS.sub(lambda letters: _NO_LETTERS.sub("", letters[0]), chunk)
    if _MAYBE_LEET.search(chunk):
        for _ in range(2):  # what the first time reveals is a neighbour the second time
            chunk = _LEET.sub(lambda sign: sign[0].translate(_LEET_LETTERS), chunk)
    return _without_repetition(chunk)


def fold_characters(chunk: str) -> str:
    """Return a chunk in lower case in one script, without invisible characters."""
    if not chunk.isascii():
        chunk = compatible(chunk)
        if not chunk.isprintable() or not _BLANK_CHARACTERS.isdisjoint(chunk):
            chunk = "".join(filter(_is_visible, chunk))
        if not has_latin_variants(chunk):
            return chunk.lower()
        chunk = folded_to_latin(_COMBINING_MARKS.sub("", chunk))
        return unicodedata.normalize("NFC", chunk.casefold())
    return (
        "".join(filter(_is_visible, chunk)).casefold() if not chunk.isprintable() else chunk.lower()
    )


def compatible(text: str) -> str:
    """Return a text in NFKC, without the marks that are stacked higher than 30.

    Unicode's Stream-Safe Text Format (UAX #15) has the same limit: marks are sorted by insertion,
    in time that grows with the square of their number.
    """
    if text.isascii() or unicodedata.is_normalized("NFKC", text):
        return text
    return unicodedata.normalize("NFKC", _without_stacks(text))


def _without_stacks(text: str) -> str:
    if not _MAYBE_STACKED.search(text):
        return text
    stacked, kept = 0, []
    for letter in text:
        is_mark = unicodedata.combining(letter) or letter in _MARKS_IN_DISGUISE
        stacked = stacked + 1 if is_mark else 0
        if stacked <= MAX_STACKED_MARKS:
            kept.append(letter)
    return "".join(kept)


def _is_visible(letter: str) -> bool:
    return letter in "\n\t " or (
        letter not in _BLANK_CHARACTERS
        and unicodedata.category(letter) not in _INVISIBLE_CATEGORIES
    )


def _without_repetition(chunk: str) -> str:
    if not _REPEATED_LETTERS.search(chunk):
        return chunk
    # “www”, “xxx” and “iii” are words of their own.
    most = 3 if len(set(chunk)) == 1 else 1
    return _REPEATED_LETTERS.sub(lambda run: run[1] * most, chunk)
