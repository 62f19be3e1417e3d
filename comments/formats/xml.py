"""XML, read piece by piece without entities or DTDs, and written piece by piece."""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from comments.formats.files import ImportFile, UnreadableFile, WithoutControls


def elements(source: ImportFile, *names: str) -> Iterator[Element]:
    """Yield each element of one of these local names, and free what was read.

    Raises UnreadableFile.

    Names are compared without their namespace: exports of different years have different ones.
    """
    with source.open() as stream:
        try:
            yield from _elements(WithoutControls(stream), names)
        except UnreadableFile:
            raise
        # Expat looks for the decoder of the declared encoding among Python's: there may be none
        # (LookupError), or one that can't be used or fails (ValueError).
        except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
            raise UnreadableFile(f"This is no XML that can be imported: {error}") from None


def _elements(stream: Any, names: tuple[str, ...]) -> Iterator[Element]:
    path: list[Element] = []
    within = 0  # So many of the elements that are open are wanted.
    for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
        is_wanted = local(element) in names
        if event == "start":
            path.append(element)
            within += is_wanted
            continue
        path.pop()
        within -= is_wanted
        if is_wanted:
            yield element
        # Whatever is no part of something wanted goes, or the file would be in memory at its end.
        if path and not within:
            path[-1].remove(element)


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def child(element: Element, name: str) -> Element | None:
    """Return the first child of that local name."""
    return next((inner for inner in element if local(inner) == name), None)


def text(element: Element | None, name: str) -> str:
    """Return the text of the first child of that local name, or ""."""
    inner = child(element, name) if element is not None else None
    return (inner.text or "") if inner is not None else ""


def attribute(element: Element | None, name: str) -> str:
    """Return an attribute, whatever its namespace, or ""."""
    if element is None:
        return ""
    return next((v for key, v in element.attrib.items() if key.rpartition("}")[2] == name), "")
