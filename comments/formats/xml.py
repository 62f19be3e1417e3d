"""Read XML element by element, in bounded memory, without entities, DTDs or network.

Exports are made by joining strings, and not all of them are XML. What can be told is repaired
before it is parsed; what else is wrong, the parser recovers from, and says where it was.
"""

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from html.entities import html5
from typing import IO, Any, cast

from lxml import etree
from lxml.etree import _Element as Element

from comments.formats.files import ImportFile, UnreadableFile

__all__ = ["Element", "attribute", "child", "elements", "flag", "local_name", "text"]

# XML 1.0, section 2.2.
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REFERENCE = re.compile(
    r"&(?:#(?P<decimal>\d{1,10});|#[xX](?P<hex>[0-9a-fA-F]{1,8});|(?P<name>\w{1,40});)?"
)
OWN_NAMES = {"amp", "lt", "gt", "quot", "apos"}
CDATA, CDATA_END = "<![CDATA[", "]]>"
# A reference, or the start of a CDATA section, may go on in the next piece of the file.
LONGEST_TOKEN = 64
DECLARATION = re.compile(r"(?<!\s)(\s*+)<\?xml\b[^>]{0,300}\?>")
DOCTYPE = re.compile(r"<!DOCTYPE(?P<rest>[^>\[]*)(?P<end>[>\[]?)", re.IGNORECASE)
# How many places of damage are named.
MAX_NAMED = 20
# What is parsed at once, in characters: the elements that end in it are in memory together.
PIECE = 2048


def elements(source: ImportFile, *names: str) -> Iterator[Element]:
    """Yield each element with one of these local names, and free what was read.

    Namespaces are ignored, since exports of different years have different ones. What was wrong and
    could be read nevertheless is noted in `source.damage`. Raises UnreadableFile.
    """
    parser = etree.XMLPullParser(
        events=("start", "end"), recover=True, resolve_entities=False, no_network=True,
        load_dtd=False, dtd_validation=False, huge_tree=False, remove_comments=True,
        remove_pis=True, encoding="utf-8",
    )  # fmt: skip
    try:
        with source.open() as stream:
            yield from _elements(parser, _repaired(stream), names)
    except etree.XMLSyntaxError as error:
        raise _refusal(str(error)) from None
    for entry in list(parser.feed_error_log)[:MAX_NAMED]:
        source.damage.setdefault(f"line {entry.line}", entry.message)


def _elements(parser: Any, pieces: Iterator[str], names: tuple[str, ...]) -> Iterator[Element]:
    opened = open_elements = open_matches = 0
    for piece in pieces:
        parser.feed(piece.encode())
        for event, element in parser.read_events():
            is_match = local_name(element) in names
            if event == "start":
                opened += 1
                open_elements += 1
                open_matches += is_match
                continue
            open_elements -= 1
            open_matches -= is_match
            if is_match:
                yield element
            if not open_matches:
                _free(element)
    if open_elements or not opened:
        with suppress(etree.XMLSyntaxError):
            parser.close()
        last = next(reversed(parser.feed_error_log), None)
        raise _refusal(f"line {last.line}: {last.message}" if last else "it has no element")


def _free(element: Element) -> None:
    """Free what was read, or the whole file would be in memory at the end."""
    element.clear(keep_tail=True)  # type: ignore[call-arg]  # The stubs don't know it.
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _refusal(reason: str) -> UnreadableFile:
    return UnreadableFile(f"This is no XML that can be imported: {reason}")


def _repaired(stream: IO[bytes]) -> Iterator[str]:
    """Yield a file as text that is XML so far as single characters and references go."""
    decoder = io.TextIOWrapper(cast(Any, stream), encoding="utf-8", newline="")
    repair = _Repair()
    yield repair.start(decoder.read(PIECE))
    while piece := decoder.read(PIECE):
        yield repair.feed(piece)
    yield repair.feed("", is_last=True)


class _Repair:
    """Repairs a text piece by piece; nothing in a CDATA section is a reference."""

    def __init__(self) -> None:
        self.rest, self.in_cdata = "", False

    def start(self, piece: str) -> str:
        """Repair the first piece. Raises UnreadableFile for a document type with declarations."""
        # It is UTF-8 by now, whatever the declaration says, and that may stand first alone.
        piece = DECLARATION.sub(r"\1", piece, count=1) if DECLARATION.match(piece) else piece
        if found := DOCTYPE.search(piece):
            line = piece[: found.start()].count("\n") + 1
            if found["end"] != ">" or len(found["rest"].split()) > 1:
                raise _refusal(f"line {line} declares a document type or entities")
            piece = piece.replace(found.group(), "", 1)
        return self.feed(piece)

    def feed(self, piece: str, *, is_last: bool = False) -> str:
        """Return what of the text so far is repaired."""
        text, self.rest = self.rest + ILLEGAL.sub("", piece), ""
        done: list[str] = []
        while True:
            mark = CDATA_END if self.in_cdata else CDATA
            before, found, after = text.partition(mark)
            if not found:
                break
            done.append((before if self.in_cdata else _repaired_references(before)) + found)
            self.in_cdata, text = not self.in_cdata, after
        whole = len(text) if is_last else self._whole(text)
        self.rest = text[whole:]
        text = text[:whole]
        return "".join([*done, text if self.in_cdata else _repaired_references(text)])

    def _whole(self, text: str) -> int:
        """Return how much of a text is sure not to end within a token."""
        if self.in_cdata:
            return max(0, len(text) - len(CDATA_END))
        tail = max(0, len(text) - LONGEST_TOKEN)
        starts = [at for at in (text.find("&", tail), text.find("<!", tail)) if at >= 0]
        ends_open = len(text) - 1 if text.endswith("<") else len(text)
        return min([*starts, ends_open])


def _repaired_references(text: str) -> str:
    return REFERENCE.sub(_reference, text) if "&" in text else text


def _reference(found: re.Match[str]) -> str:
    """Return a reference as XML has it: characters of HTML's names, nothing for illegal ones."""
    if found["decimal"] or found["hex"]:
        number = int(found["decimal"] or found["hex"], 10 if found["decimal"] else 16)
        is_legal = number < 0x110000 and not ILLEGAL.match(chr(number))
        return found.group() if is_legal else ""
    name = found["name"]
    if name in OWN_NAMES:
        return found.group()
    if name and f"{name};" in html5:
        return html5[f"{name};"].replace("&", "&amp;").replace("<", "&lt;")
    return f"&amp;{found.group()[1:]}"


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def child(element: Element, name: str) -> Element | None:
    """Return the first child with that local name."""
    return next((inner for inner in element if local_name(inner) == name), None)


def text(element: Element | None, name: str) -> str:
    """Return the text of the first child with that local name, or ""."""
    inner = child(element, name) if element is not None else None
    return (inner.text or "") if inner is not None else ""


def flag(element: Element | None, name: str) -> bool:
    """Return whether the first child with that local name says yes."""
    return text(element, name).strip().lower() in ("true", "1")


def attribute(element: Element | None, name: str) -> str:
    """Return an attribute, whatever its namespace, or ""."""
    if element is None:
        return ""
    found = (
        str(value)
        for key, value in element.attrib.items()
        if str(key).rpartition("}")[2].rpartition(":")[2] == name
    )
    return next(found, "")
