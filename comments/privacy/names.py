"""Decide what may be published as a name or website: nothing that shows an email address.

People disguise addresses in more ways than a list can hold, so a text is first folded: encodings
are undone, compatibility forms are normalised (Unicode NFKD), invisible characters and accents are
removed, and the words for @ and dot are replaced. The rest is one search for an address. RE2 keeps
it linear in the length of the text.
"""

import hashlib
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

import re2
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from comments.privacy.email_addresses import normalise_email

# Longer names are cut before they are stored; no more than this is looked at.
MAX_LENGTH = 3000
# Encodings in encodings: each round undoes one.
MAX_ROUNDS = 8
# Hexadecimal digits of MD5.
_SHORTEST_HASH = 32

# Letters that stand for @ in disguises; NFKD would turn them into plain letters.
_CIRCLED = dict.fromkeys(map(ord, "ⓐⒶ🅐🅰🄰⒜"), "@")
# Full-width ASCII, in which encodings can be written, too.
_FULLWIDTH = {0xFEE0 + code: code for code in range(0x21, 0x7F)}
# Dots that NFKD leaves alone, among them those of domain names (IDNA, RFC 3490 section 3.1).
_DOTS = dict.fromkeys(map(ord, "。‧·・•∙⋅۔܁܂।"), ".")
# Letters and symbols without a glyph (Default_Ignorable_Code_Point, but for categories below).
_BLANKS = dict.fromkeys([0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0])
_INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Me", "Mn"}
_BIDI = re2.compile(r"[\x{061C}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2066}-\x{2069}]")

_AT_WORDS = (
    r"at(?:[\s-]sign)?|aet|arobase|arroba|bei|chez|chiocciola|klammeraffe|snabel-?a|アット|собака"
)
_DOT_WORDS = "dot|punkt|point|punto|ponto|punt|ドット|точка"
_OPEN, _CLOSE = r"[(\[{<«|*_~-]+\s*", r"\s*[)\]}>»|*_~-]+"
# Quoted-printable, percent, C and Unicode notations of @ and of the dot; UTF-7.
_ENCODED_AT = re2.compile(r"(?i)(?:\\u0*|\\x|=|%|u\+0*|0x)40|\+AEA-")
_ENCODED_DOT = re2.compile(r"(?i)(?:\\u0*|\\x|=|%|u\+0*|0x)2e")
_CAPITAL_AT = re2.compile(r"([\p{Ll}\p{N}])AT([\p{Ll}\p{N}])")
_CAPITAL_DOT = re2.compile(r"([\p{Ll}\p{N}])DOT([\p{Ll}\p{N}])")
_FRAMED_AT = re2.compile(rf"\s*{_OPEN}(?:{_AT_WORDS}|@){_CLOSE}\s*|\s*\(\s*a\s*\)\s*")
_FRAMED_DOT = re2.compile(rf"\s*{_OPEN}(?:{_DOT_WORDS}|\.){_CLOSE}\s*")
_BARE_AT = re2.compile(rf"\s+(?:{_AT_WORDS})\s+")
_BARE_DOT = re2.compile(rf"\s+(?:{_DOT_WORDS})\s+")
_SPACED_AT = re2.compile(r"\s*@+\s*")
_SPACED_DOT = re2.compile(r"\s+\.\s*")
# What a bare "at" becomes: "Bob at Acme" is a name, "bob at acme.example" is an address.
_SPOKEN_AT = "\x01"

_LABEL = r"[\p{L}\p{N}_-]+"
_DOMAIN = rf"(?:{_LABEL}\.)+(?:[\p{{L}}-][\p{{L}}\p{{N}}-]+|[^\x00-\x7F]|\d+\.\d+\.\d+\.\d+)"
_LOOSE_DOMAIN = rf"(?:{_LABEL}\.\s*)+\p{{L}}[\p{{L}}\p{{N}}-]+"
_IPV4 = r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}"
_LOCAL_END = r"[^\s@/<>()\[\],;:]"
_ADDRESS = re2.compile(
    rf"{_LOCAL_END}\s*@+\s*(?:{_DOMAIN}|{_IPV4}|localhost|\[[0-9a-fipv:.]+\])"
    rf"|{_LOCAL_END}@+{_LOOSE_DOMAIN}"
    rf"|{_LOCAL_END}{_SPOKEN_AT}(?:{_LABEL}\.)+\p{{L}}[\p{{L}}\p{{N}}-]+"
)
_PLAIN_ADDRESS = re2.compile(r"[^\s@<>()\[\],;:\"]+@[^\s@<>()\[\],;:\"]+")
# Without any of these an ASCII text has no address, in whatever spelling.
_SUSPICIOUS = re2.compile(r"(?i)[.@%&=\\+\[]|dot|pun|point|pont|u\+|0x")


class ImportedName(NamedTuple):
    """A name to publish, and an email address that is kept encrypted; either may be ""."""

    name: str
    email: str


def reveals_address(text: str, *, email: str = "") -> bool:
    """Return whether a text shows an email address, above all `email`, in any spelling."""
    text = text[:MAX_LENGTH]
    return contains_address(text) or spells(text, email)


def spells(text: str, email: str) -> bool:
    """Return whether a text has the words of an address in their order, or a hash of it."""
    if not email or not text:
        return False
    address, whole = _spellings(email)
    if len(address) < 2:
        return False
    # What has no disguise is not longer once it is folded.
    if len(text) < min(sum(map(len, address)), _SHORTEST_HASH) and _is_plain(text):
        return False
    text = _fold(text[:MAX_LENGTH])
    words, width = _words(text), len(address)
    starts = range(len(words) - width + 1)
    return (
        "".join(words) in whole
        or any(words[n : n + width] == address for n in starts)
        or _has_hash(text, email)
    )


# A comment has several texts that are compared with one address. No more is kept in memory.
@lru_cache(maxsize=1)
def _spellings(email: str) -> tuple[list[str], set[str]]:
    """Return the words of an address, and what they are without spaces, spoken or not."""
    local, _, domain = _fold(email).partition("@")
    labels = _words(domain)
    spoken = {sep.join(labels) for sep in ("", "dot", "punkt")}
    whole = {"".join(_words(local)) + at + rest for at in ("", "at") for rest in spoken}
    return _words(f"{local} {domain}"), whole


@lru_cache(maxsize=4096)
def contains_address(text: str) -> bool:
    """Return whether a text contains an email address, in any spelling."""
    text = text[:MAX_LENGTH]
    if _is_plain(text):
        return False
    folded = _fold(text)
    if _has_address(folded):
        return True
    # Direction controls show text backwards.
    return bool(_BIDI.search(text)) and _has_address(folded[::-1])


@lru_cache(maxsize=4096)
def url_contains_address(url: str) -> bool:
    """Return whether a URL contains an email address: as its user, in the path or the query.

    Words in it are no disguise: `/look-at-this.html` is a page.
    """
    decoded = _decode(url[:MAX_LENGTH])
    return bool(_ADDRESS.search(_visible(decoded).casefold()))


def public_name(name: str, *, email: str = "") -> str:
    """Return a name as it may be published: "" (anonymous) for one that shows an address.

    `email` is the address of its bearer, which must not stand in it in any spelling; the name may
    equal its local part.
    """
    return "" if reveals_address(name, email=email) else name


def public_url(url: str, *, email: str = "") -> str:
    """Return a website as it may be published: "" for one that shows an email address."""
    decoded = _decode(url[:MAX_LENGTH]).casefold()
    is_own = bool(email) and (normalise_email(email) in decoded or _has_hash(decoded, email))
    return "" if is_own or url_contains_address(url) else url


def imported_name(name: str, *, email: str) -> ImportedName:
    """Return the name and the address of an imported author.

    An address in the name becomes the email address where there is none. The name before it, as in
    `Jane <jane@mail.example>`, is kept.
    """
    if not reveals_address(name, email=email):
        return ImportedName(name, email)
    before = name.partition("<")[0].strip(' "') if "<" in name else ""
    return ImportedName(public_name(before, email=email), email or _address_in(name))


def addresses_in(text: str) -> Iterator[str]:
    """Yield the email addresses in a longer text, in lower case, of those written plainly."""
    if "@" in (visible := _visible(text).casefold()):
        yield from (found.rstrip(".'*_!?") for found in _PLAIN_ADDRESS.findall(visible))


def _address_in(name: str) -> str:
    """Return the first valid email address in a name; "" where its spelling leaves doubts."""
    folded = _fold(name[:MAX_LENGTH]).replace(_SPOKEN_AT, "@")
    found = _PLAIN_ADDRESS.search(_SPACED_AT.sub("@", folded))
    address = found.group() if found else ""
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address if len(address) <= 254 else ""


def _has_address(folded: str) -> bool:
    if _ADDRESS.search(folded):
        return True
    # "j a n e @ m a i l . e x a m p l e"
    parts = folded.split()
    letters = sum(len(part) == 1 for part in parts)
    return letters > 4 and letters * 2 > len(parts) and bool(_ADDRESS.search("".join(parts)))


def _has_hash(text: str, email: str) -> bool:
    """Return whether a text has a hash of an address, as Gravatar's have, which can be guessed."""
    known = normalise_email(email).encode()
    hashes = (hashlib.md5, hashlib.sha1, hashlib.sha256)
    return any(hash_of(known, usedforsecurity=False).hexdigest() in text for hash_of in hashes)


def _is_plain(text: str) -> bool:
    """Return whether a text has no disguise of an address."""
    return text.isascii() and not _SUSPICIOUS.search(text)


def _words(folded: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in folded).split()


def _fold(text: str) -> str:
    """Return a text in lower case, with every disguise of @ and dot replaced."""
    text = _decode(text)
    text = _CAPITAL_AT.sub(r"\1@\2", _CAPITAL_DOT.sub(r"\1.\2", _visible(text)))
    text = _FRAMED_DOT.sub(".", _FRAMED_AT.sub("@", text.casefold()))
    text = _BARE_DOT.sub(".", _BARE_AT.sub(_SPOKEN_AT, text))
    return str(_SPACED_DOT.sub(".", text))


def _decode(text: str) -> str:
    """Undo HTML entities and percent-encoding until nothing changes."""
    text = text.translate(_FULLWIDTH)
    for _ in range(MAX_ROUNDS):
        decoded = unquote(unescape(text))
        if decoded == text:
            break
        text = decoded
    return str(_ENCODED_DOT.sub(".", _ENCODED_AT.sub("@", text)))


def _visible(text: str) -> str:
    """Return a text in compatibility form, without accents and what has no glyph."""
    text = unicodedata.normalize("NFKD", text.translate(_CIRCLED)).translate(_DOTS)
    letters = (" " if c.isspace() else c for c in text.translate(_BLANKS))
    return "".join(c for c in letters if c == " " or unicodedata.category(c) not in _INVISIBLE)
