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
from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.items import Item


class ImportFormat(NamedTuple):
    """One format that can be imported; its files are read in so many `passes`."""

    recognises: Callable[[bytes], bool]
    read: Callable[[ImportFile], Iterator[Item]]
    passes: int = 1

    def share(self, source: ImportFile) -> float:
        """Return how much of a file is read, from 0 to 1."""
        return min(1.0, source.bytes_read / (self.passes * source.size or 1))


# Looked at in this order.
READERS: Mapping[str, ImportFormat] = {
    "native": ImportFormat(native.recognises, native.read),
    "remark42": ImportFormat(remark42.recognises, remark42.read),
    "commento": ImportFormat(commento.recognises, commento.read, passes=2),
    "isso": ImportFormat(isso.recognises, isso.read),
    "disqus": ImportFormat(disqus.recognises, disqus.read, passes=2),
    "wordpress": ImportFormat(wordpress.recognises, wordpress.read),
}
WRITERS: Mapping[str, Callable[..., Iterator[str]]] = {
    "native": native.write,
    "wordpress": wordpress_export.write,
    "disqus": disqus_export.write,
}
AUTO = "auto"


def reader(source: ImportFile, name: str = AUTO) -> tuple[str, ImportFormat]:
    """Return the format of a file and what reads it; raise UnreadableFile when it is of none."""
    if name != AUTO:
        return name, READERS[name]
    head = source.head()
    for found, candidate in READERS.items():
        if candidate.recognises(head):
            return found, candidate
    raise UnreadableFile(f"This is no file of any known format: {', '.join(READERS)}.")


def write(site: Any, name: str, *, with_addresses: bool) -> Iterator[str]:
    """Yield the pieces of an export."""
    return WRITERS[name](site, with_addresses=with_addresses)
