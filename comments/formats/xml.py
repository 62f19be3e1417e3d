"""Read XML element by element, in bounded memory, without entities or DTDs."""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from comments.formats.files import ControlCharacterFilter, ImportFile, UnreadableFile


def elements(source: ImportFile, *names: str) -> Iterator[Element]:
    """Yield each element with one of these local names, and free what was read.

    Namespaces are ignored, since exports of different years have different ones. Raises
    UnreadableFile.
    """
    with source.open() as stream:
        try:
            yield from _elements(ControlCharacterFilter(stream), names)
        except UnreadableFile:
            raise
        # Expat looks for the decoder of the declared encoding among Python's: there may be none
        # (LookupError), or one that can't be used or fails (ValueError).
        except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
            raise UnreadableFile(f"This is no XML that can be imported: {error}") from None


def _elements(stream: Any, names: tuple[str, ...]) -> Iterator[Element]:
    path: list[Element] = []
    open_matches = 0  # How many of the open elements match.
    for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
        is_match = local_name(element) in names
        if event == "start":
            path.append(element)
            open_matches += is_match
            continue
        path.pop()
        open_matches -= is_match
        if is_match:
            yield element
        # Free what is no part of a match, or the whole file would be in memory at the end.
        if path and not open_matches:
            path[-1].remove(element)


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def child(element: Element, name: str) -> Element | None:
    """Return the first child with that local name."""
    return next((inner for inner in element if local_name(inner) == name), None)


def text(element: Element | None, name: str) -> str:
    """Return the text of the first child with that local name, or ""."""
    inner = child(element, name) if element is not None else None
    return (inner.text or "") if inner is not None else ""


def attribute(element: Element | None, name: str) -> str:
    """Return an attribute, whatever its namespace, or ""."""
    if element is None:
        return ""
    return next((v for key, v in element.attrib.items() if key.rpartition("}")[2] == name), "")
