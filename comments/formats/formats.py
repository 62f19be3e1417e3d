"""The registry of import formats, by name; `export_formats` has those of exports."""

from collections.abc import Callable, Iterator, Mapping
from typing import IO, NamedTuple

from comments.formats import (
    artalk,
    comentario,
    commento,
    coral,
    cusdis,
    discussions,
    disqus,
    fastcomments,
    hyvor,
    isso,
    native,
    remark42,
    table,
    waline,
    wordpress,
)
from comments.formats.files import ImportFile, UnreadableFile, head_of, is_archive
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
    "discussions": ImportFormat(discussions.matches, discussions.read, passes=2),
    "isso": ImportFormat(isso.matches, isso.read),
    "comentario": ImportFormat(comentario.matches, comentario.read, passes=3),
    "coral": ImportFormat(coral.matches, coral.read, passes=2),
    "cusdis": ImportFormat(cusdis.matches, cusdis.read),
    "waline": ImportFormat(waline.matches, waline.read),
    "artalk": ImportFormat(artalk.matches, artalk.read),
    "fastcomments": ImportFormat(fastcomments.matches, fastcomments.read),
    "hyvor": ImportFormat(hyvor.matches, hyvor.read, passes=2),
    "disqus": ImportFormat(disqus.matches, disqus.read, passes=2),
    "wordpress": ImportFormat(wordpress.matches, wordpress.read),
    "csv": ImportFormat(table.matches, table.read),
}
AUTO = "auto"


def detect_format(source: ImportFile, name: str = AUTO) -> tuple[str, ImportFormat]:
    """Return the name and the format of a file; detect it from the first bytes if `name` is "auto".

    Raises UnreadableFile when no format matches.
    """
    if name != AUTO:
        return name, IMPORT_FORMATS[name]
    name = recognise(source.head(), has_columns=bool(source.options.columns))
    return name, IMPORT_FORMATS[name]


def require_known(upload: IO[bytes], size: int, *, has_columns: bool = False) -> None:
    """Raise UnreadableFile for an upload of `size` bytes that is of no known format.

    With `has_columns` its owner named columns of a table. An archive is opened only where the
    limits for files of strangers hold.
    """
    if not is_archive(upload):
        recognise(head_of(upload, size), has_columns=has_columns)


def recognise(head: bytes, *, has_columns: bool = False) -> str:
    """Return the name of the format of a file that begins like this. Raises UnreadableFile."""
    if not head.strip():
        raise UnreadableFile("The file is empty.")
    for name, candidate in IMPORT_FORMATS.items():
        if candidate.matches(head):
            return name
    if has_columns:
        return "csv"
    raise UnreadableFile(f"This is no file of any known format: {', '.join(IMPORT_FORMATS)}.")
