"""The registry of import and export formats, by name."""

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
    """An import format; `passes` is how many times `read` goes through the file."""

    matches: Callable[[bytes], bool]
    read: Callable[[ImportFile], Iterator[Item]]
    passes: int = 1

    def fraction_read(self, source: ImportFile) -> float:
        """Return the fraction of the file that is read, from 0 to 1."""
        return min(1.0, source.bytes_read / (self.passes * source.size or 1))


# Detection tries them in this order.
IMPORT_FORMATS: Mapping[str, ImportFormat] = {
    "native": ImportFormat(native.matches, native.read),
    "remark42": ImportFormat(remark42.matches, remark42.read),
    "commento": ImportFormat(commento.matches, commento.read, passes=2),
    "isso": ImportFormat(isso.matches, isso.read),
    "disqus": ImportFormat(disqus.matches, disqus.read, passes=2),
    "wordpress": ImportFormat(wordpress.matches, wordpress.read),
}
EXPORT_FORMATS: Mapping[str, Callable[..., Iterator[str]]] = {
    "native": native.write,
    "wordpress": wordpress_export.write,
    "disqus": disqus_export.write,
}
AUTO = "auto"


def detect_format(source: ImportFile, name: str = AUTO) -> tuple[str, ImportFormat]:
    """Return the name and the format of a file; detect it from the first bytes if `name` is "auto".

    Raises UnreadableFile when no format matches.
    """
    if name != AUTO:
        return name, IMPORT_FORMATS[name]
    head = source.head()
    for format_name, candidate in IMPORT_FORMATS.items():
        if candidate.matches(head):
            return format_name, candidate
    raise UnreadableFile(f"This is no file of any known format: {', '.join(IMPORT_FORMATS)}.")


def export(site: Any, name: str, *, with_addresses: bool) -> Iterator[str]:
    """Yield the chunks of an export; email addresses are included `with_addresses` only."""
    return EXPORT_FORMATS[name](site, with_addresses=with_addresses)
