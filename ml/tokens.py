"""What the classifier sees of a record: words, marks of links and of shape."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from ml.text import LINK, LONGEST, bare, chunks, double, is_stretched, undisguised, visible

Record = Mapping[str, Any] | str

# A mark begins so; no chunk of a text can look like one, since a chunk has no white space.
MARK = "\x01 "
LONGEST_FIELD = 300
LONGEST_WORD = 32

_WORD = re.compile(
    r"[^\W_]+(?:['’*]+[^\W_]+)*|[!?$€£%]+|[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2764]"
)
_INNER_SIGNS = re.compile(r"(?<=[^\W\d_])[.\-_*|/\\'’`~,;:+=^#]{1,3}(?=[^\W\d_])")
_AROUND = ".,;:()\"'"
_EVERYDAY = re.compile(r"([A-Za-z]{1,14}(?:'[A-Za-z]{1,14})?)([!?]*)")
_MARKUP = re.compile(r"<a\s|\[url|\[link", re.IGNORECASE)


def units(record: Record) -> list[str]:
    """Return the chunks and marks of a record in reading order: text, then author.

    Of each text the first 20,000 characters count, of each other field the first 300.
    """
    if isinstance(record, str):
        return [*chunks(record[:LONGEST]), *shape(record[:LONGEST])]
    text = str(record.get("text") or "")[:LONGEST]
    return [*chunks(text), *shape(text), *author(record)]


def shape(text: str) -> list[str]:
    """Return the marks of a text as a whole: its links, its markup, its capitals."""
    marks = []
    if "://" in text or "www." in text:
        marks.append(f"{MARK}links {min(len(LINK.findall(text)), 4)}")
    if "<" in text or "[" in text:
        marks += [f"{MARK}markup"] if _MARKUP.search(text) else []
    if text.isupper() and len(text) > 12:
        marks.append(f"{MARK}capitals")
    return marks


def author(record: Mapping[str, Any]) -> list[str]:
    """Return what the author's name, website and email show."""
    name, website, email = (
        str(record.get(f"author_{field}") or "")[:LONGEST_FIELD]
        for field in ("name", "url", "email")
    )
    found = [f"{MARK}name {chunk}" for chunk in name.split()]
    found += [f"{MARK}site {website}"] if website.strip() else []
    found += [f"{MARK}mail {email.rpartition('@')[2].lower()}"] if "@" in email else []
    return found


def tokens(unit: str) -> list[str]:
    """Return the words and marks of one unit, without repetition; it may have none."""
    everyday = _EVERYDAY.fullmatch(unit.strip(_AROUND))
    if everyday and not is_stretched(everyday[1].lower()):
        # Most units are so, and need none of the rest.
        return _of_everyday(*everyday.groups())
    found = _of_mark(unit) if unit.startswith(MARK) else _of_chunk(unit)
    return list(dict.fromkeys(found))


def _of_everyday(word: str, signs: str) -> list[str]:
    low = word.lower()
    found = [low]
    if signs:
        found.append(f"{MARK}{signs[:3]}")
    if "'" in low:
        found.append(low.replace("'", ""))
    return [*found, f"{MARK}shout"] if _is_shouted(word) else found


def _of_chunk(unit: str) -> list[str]:
    links = LINK.findall(unit)
    if links:
        unit = LINK.sub(" ", unit)
    found = [word for word in _words(unit) if word]
    for link in links:
        found += _of_link(link)
    if _is_shouted(unit):
        found.append(f"{MARK}shout")
    return found


def _is_shouted(unit: str) -> bool:
    return unit.isupper() and sum(map(str.isalpha, unit)) > 3


def _of_mark(unit: str) -> list[str]:
    kind, _, rest = unit.removeprefix(MARK).partition(" ")
    if kind == "site":
        return _of_link(rest, kind="site")
    if kind == "name":
        return [*_words(rest), *(f"{MARK}name {word}" for word in _words(rest))]
    return [unit]


def _words(chunk: str) -> Iterator[str]:
    """Yield the words of a chunk: read plainly, as they stand, joined, without accents."""
    seen = visible(chunk)
    undone = undisguised(seen)
    yield from _cut(undone)
    if undone != seen:
        yield from (word for word in _cut(seen) if len(word) > 2)
    if "1" in seen and undone != seen:
        # A 1 may stand for an l as well as for an i.
        yield from _cut(undisguised(seen.replace("1", "l")))
    joined = _INNER_SIGNS.sub("", undone)
    if joined != undone:
        yield from _cut(joined)
    if not seen.isascii():
        yield from (word for word in _cut("".join(map(bare, seen))) if word.isascii())
        yield from (word for word in _cut("".join(map(double, seen))) if word.isascii())


def _cut(chunk: str) -> Iterator[str]:
    for word in _WORD.findall(chunk):
        if word.isdigit():
            yield f"{MARK}digits {min(len(word), 8)}"
        elif word[0].isalnum():
            yield from (word[i : i + LONGEST_WORD] for i in range(0, len(word), LONGEST_WORD))
        else:
            yield f"{MARK}{word[:3]}"


def _of_link(link: str, *, kind: str = "link") -> list[str]:
    try:
        parts = urlsplit(link if "//" in link else f"//{link}")
        host, path = parts.hostname or "", parts.path
    except ValueError:
        host, path = "", ""
    labels = host.lower().removeprefix("www.").split(".")
    found = [f"{MARK}{kind} suffix {labels[-1][:12]}"]
    found += [f"{MARK}{kind} host {labels[-2][:40]}"] if len(labels) > 1 else []
    found += [f"{MARK}{kind} deep"] if path.count("/") > 1 else []
    words = re.findall(r"[a-z]{3,}", visible(link)[:LONGEST_FIELD])[:12]
    return [*found, *(f"{MARK}in link {word[:20]}" for word in words)]
