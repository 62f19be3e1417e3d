"""The formats, by name."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from comments.formats import (
    commento,
    disqus,
    disqus_export,
    isso,
    native,
    remark42,
    wordpress,
    wordpress_export,
)
from comments.formats.files import BadFile, Source
from comments.formats.items import Item


class Reader(NamedTuple):
    """One format that can be imported; its files are read in so many `passes`."""

    recognises: Callable[[bytes], bool]
    read: Callable[[Source], Iterator[Item]]
    passes: int = 1

    def share(self, source: Source) -> float:
        """Return how much of a file is read, from 0 to 1."""
        return min(1.0, source.bytes_read / (self.passes * source.size or 1))


# Looked at in this order.
READERS: Mapping[str, Reader] = {
    "native": Reader(native.recognises, native.read),
    "remark42": Reader(remark42.recognises, remark42.read),
    "commento": Reader(commento.recognises, commento.read, passes=2),
    "isso": Reader(isso.recognises, isso.read),
    "disqus": Reader(disqus.recognises, disqus.read, passes=2),
    "wordpress": Reader(wordpress.recognises, wordpress.read),
}
WRITERS: Mapping[str, Callable[..., Iterator[str]]] = {
    "native": native.write,
    "wordpress": wordpress_export.write,
    "disqus": disqus_export.write,
}
AUTO = "auto"


def reader(source: Source, name: str = AUTO) -> tuple[str, Reader]:
    """Return the format of a file and what reads it; raise BadFile when it is of none."""
    if name != AUTO:
        return name, READERS[name]
    head = source.head()
    for found, candidate in READERS.items():
        if candidate.recognises(head):
            return found, candidate
    raise BadFile(f"This is no file of any known format: {', '.join(READERS)}.")


def write(site: Any, name: str, *, with_addresses: bool) -> Iterator[str]:
    """Yield the pieces of an export."""
    return WRITERS[name](site, with_addresses=with_addresses)
