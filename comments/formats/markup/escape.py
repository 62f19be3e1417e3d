"""Write text in Markdown so that it is shown as it is."""

import re
from collections.abc import Iterator

from markdown_it.common.normalize_url import normalizeLinkText

from comments.text.markdown import NearbyLinks

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# A backslash counts before punctuation and at the end of a line; `*` not between spaces, `_` not
# within a word, `<` before what may be a tag, `&` before what may be an entity.
_MEANT = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|$)|`|\[|\]|~|(?<![ ])\*|\*(?![ ])"
    r"|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w+;)"
)
_AT_THE_START = re.compile(
    r"(?P<mark>>|[-+*](?=\s|$)|(?<![- ])-(?=[- ]*+$)|(?<!=)=(?==*+$)|#(?=#{0,5}(?:\s|$)))"
    r"|(?P<number>\d{1,9})(?P<end>[.)])(?=\s|$)"
)
_ADDRESS = re.compile(r"(?<![A-Za-z0-9.+-])(?:https?|ftp)://[^\s<>]+", re.IGNORECASE)
# What an address may have in it to be written bare.
_BARE = re.compile(r"[\w\-.~:/?#@!$&'()+,;=%*]+")
_PLAIN_DESTINATION = re.compile(r"[\w\-.~:/?#@!$'+,;=%]+")
_MEANT_IN_DESTINATION = re.compile(r"[<>&\\]")
_BACKSLASH_BEFORE = r"\\\g<0>"
# What browsers take out of addresses.
_INVISIBLE = re.compile(r"[\t\n\r\f]")
_links = NearbyLinks()


def escape(text: str) -> str:
    """Return text with a backslash before what Markdown would take for markup."""
    return _MEANT.sub(_BACKSLASH_BEFORE, text)


def escape_all(text: str) -> str:
    """Return text with a backslash before all punctuation, which makes nothing of it but text."""
    return _PUNCTUATION.sub(r"\\\1", text)


def escape_start(line: str) -> str:
    """Return a line with a backslash before what would begin a list or quotation."""
    found = _AT_THE_START.match(line)
    if found is None:
        return line
    if found["mark"]:
        return f"\\{line}"
    return f"{found['number']}\\{found['end']}{line[found.end() :]}"


def split_addresses(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a text, and of each whether it is a web address, as far as it goes."""
    position = 0
    for found in _ADDRESS.finditer(text):
        link = _links.match_at_start(found.group())
        if link is None:
            continue
        if found.start() > position:
            yield text[position : found.start()], False
        position = found.start() + len(link.raw.rstrip("*"))
        yield text[found.start() : position], True
    if position < len(text):
        yield text[position:], False


def is_bare(address: str) -> bool:
    """Return whether an address becomes a link by itself, and is shown as it is."""
    if not _ADDRESS.match(address) or not _BARE.fullmatch(address):
        return False
    link = _links.match_at_start(address)
    return bool(link) and link.raw == address and normalizeLinkText(address) == address


def destination(address: str) -> str:
    """Return an address as the destination of a link."""
    address = _INVISIBLE.sub("", address).replace(" ", "%20")
    if _PLAIN_DESTINATION.fullmatch(address):
        return address
    return f"<{_MEANT_IN_DESTINATION.sub(_BACKSLASH_BEFORE, address)}>"
