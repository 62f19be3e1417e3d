"""Find links in the chunks of a text: with a scheme, without, and in disguise."""

import re
from collections.abc import Sequence

# The endings of domains that are no words: “works.In fact” has none.
_SUFFIXES = (
    "com|net|org|info|biz|ru|de|fr|it|nl|pl|cz|br|cn|jp|kr|ua|uk|eu|ca|au|ch|at|se|dk|fi|gr|tr|ly|"
    "gl|gd|gg|io|co|me|tv|ws|cc|xyz|top|club|online|site|shop|store|app|dev|blog|live|life|pro|vip|"
    "win|bet|casino|link|click|space|tech|today|world|news|website|icu|fun|mobi|edu|gov|id|in"
)
_WORDLIKE = re.compile(r"\.(?:it|at|in|me|co|se|id|so|to|is|be|no|us|my|do)$")
_SCHEMELESS = (
    rf"(?<![\w@.\-/])(?:[a-z0-9][a-z0-9\-]{{1,62}}\.)+(?:{_SUFFIXES})(?![\w\-@])"
    r"(?:[:/\\?#][^\s<>\"')\]]*)?"
)
LINK = re.compile(rf"(?:https?:[/\\]{{2}}|www\.)[^\s<>\"')\]]+|{_SCHEMELESS}", re.IGNORECASE)
_DOT = r"[ \t]?[(\[{<][ \t]?(?:dot|punkt|punto|point|ponto|точка|\.)[ \t]?[)\]}>][ \t]?"
_SPELT_DOT = re.compile(_DOT + r"|[ \t](?:dot|punkt|punto|точка)[ \t]", re.IGNORECASE)
# A link in disguise: “shop (dot) com”, “shop dot com”, “w w w.shop.com”, “www . shop . com”.
DISGUISED_LINK = re.compile(
    rf"(?<![\w\-])[\w\-]{{2,63}}+(?:{_DOT}|[ \t](?:dot|punkt|punto|точка)[ \t])"
    rf"(?:{_SUFFIXES})(?!\w)\S*+"
    r"|(?<!\w)(?:w[ \t]w[ \t]?w|ww[ \t]w|www)[ \t]*[.,][ \t]*[\w\-]{2,}+"
    r"(?:[ \t]*\.[ \t]*[\w\-]{2,}+)++\S*+"
    r"|(?<!\S)[\w\-]{2,63}+[ \t]*+\.[ \t]+(?-i:com|net|org|ru|info)(?:[/\\]\S*|(?!\S))",
    re.IGNORECASE,
)
# Pieces that such a link has; to look for one in every text would cost ten times as much.
_SIGNS = frozenset({
    "dot", "DOT", "Dot", "punkt", "punto", "точка", "w", "W", "ww", "WW", "www", "WWW", "www.", ".",
    "com", "net", "org", "ru", "info",
})  # fmt: skip
# A closing bracket after it: that is found without trying every letter of a text.
_SPELT_IN_BRACKETS = re.compile(
    r"[)\]}>](?:"
    + "|".join(
        rf"(?<={word}{space}.)"
        for space in ("", r"[ \t]")
        for word in (
            "dot",
            "punkt",
            "punto",
            "point",
            "ponto",
            "точка",
            r"[(\[{<]\.",
            r"[(\[{<][ \t]\.",
        )
    )
    + ")",
    re.IGNORECASE | re.DOTALL,
)
# What every link has that is written as a link.
_MAYBE_LINK = re.compile(
    rf"\.(?=\S)(?:(?:{_SUFFIXES})(?![\w\-@])|(?<=www\.))|:[/\\]", re.IGNORECASE
)


def links_in(chunk: str) -> list[str]:
    """Return the links in one of the `chunks` of a text."""
    if _MAYBE_LINK.search(chunk):
        found = [link[0] for link in LINK.finditer(chunk) if not _is_sentence_end(link[0])]
        if found:
            return found
    return DISGUISED_LINK.findall(chunk) if _chunk_maybe_disguised(chunk) else []


def has_link(chunk: str) -> bool:
    """Return whether there is a link in a chunk, or what looks like one."""
    return _MAYBE_LINK.search(chunk) is not None and LINK.search(chunk) is not None


def linked_chunks(text: str, pieces: Sequence[str]) -> list[str]:
    """Return those of a text's chunks that may have a link."""
    if _MAYBE_LINK.search(text):
        return [p for p in pieces if "." in p or ":" in p or _chunk_maybe_disguised(p)]
    if " " in "".join(pieces) or _has_dot_in_brackets(text):
        return [p for p in pieces if _chunk_maybe_disguised(p)]
    return []


def _chunk_maybe_disguised(chunk: str) -> bool:
    """Return whether a chunk may have a link in disguise: it has a space, or a bracket in it."""
    return " " in chunk or "\t" in chunk or _has_dot_in_brackets(chunk)


def maybe_disguised(text: str, pieces: Sequence[str]) -> bool:
    """Return whether it is worth the while to look for a link in disguise."""
    return (
        not _SIGNS.isdisjoint(pieces)
        or " ." in text
        or ". com" in text
        or _has_dot_in_brackets(text)
    )


def _has_dot_in_brackets(text: str) -> bool:
    closed = ")" in text or "]" in text or "}" in text or ">" in text
    return closed and _SPELT_IN_BRACKETS.search(text) is not None


def plain_link(chunk: str) -> str:
    """Return a chunk with a link in disguise written as others are; else the chunk."""
    if not _chunk_maybe_disguised(chunk) or not DISGUISED_LINK.fullmatch(chunk):
        return chunk
    return "".join(_SPELT_DOT.sub(".", chunk).split()).replace(",", ".")


def _is_sentence_end(link: str) -> bool:
    """Return whether a link without a scheme is rather the gap between two sentences."""
    return _WORDLIKE.search(link.lower()) is not None and link.count(".") == 1
