"""Open import files, plain or compressed, as UTF-8 whatever their encoding."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, cast

from comments.formats import encodings, streams
from comments.formats.options import DEFAULT, ImportOptions
from comments.formats.streams import CHUNK_BYTES, UnreadableFile

__all__ = ["ImportFile", "UnreadableFile", "head_of", "is_archive"]

HEAD_BYTES = 64 * 1024
# The place of what is said of a file as a whole.
WHOLE_FILE = "the file"
SQLITE = b"SQLite format 3\x00"


@dataclass
class ImportFile:
    """A file to import; `base_url` completes page URLs that have no host.

    `bytes_read` counts the bytes read from disk, before decompression, over all passes. `damage`
    says what was wrong in the file and could be read nevertheless, with its place.
    """

    path: Path
    base_url: str = ""
    bytes_read: int = 0
    options: ImportOptions = DEFAULT
    damage: dict[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The size on disk, in bytes."""
        return self.path.stat().st_size

    @property
    def is_compressed(self) -> bool:
        """Whether it is gzipped or a zip archive."""
        with self.path.open("rb") as raw:
            return raw.read(4).startswith((streams.GZIP, streams.ZIP))

    @property
    def is_archive(self) -> bool:
        """Whether it is a zip archive."""
        with self.path.open("rb") as raw:
            return is_archive(raw)

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open the file for reading from the start, unpacked, as UTF-8. Raises UnreadableFile."""
        encoding = self.encoding
        with self.open_bytes() as stream:
            transcoded = streams.TranscodedStream(stream, encoding)
            yield io.BufferedReader(transcoded, CHUNK_BYTES)

    @contextmanager
    def open_bytes(self) -> Iterator[io.BufferedReader]:
        """Open the file for reading from the start, unpacked. Raises UnreadableFile."""
        with self.path.open("rb", buffering=0) as raw:
            counted = io.BufferedReader(streams.CountingStream(raw, self), CHUNK_BYTES)
            with streams.unpacked(counted, self.size) as stream:
                yield cast(io.BufferedReader, stream)

    @cached_property
    def encoding(self) -> str:
        """The encoding, as its first 64 KiB show it. Raises UnreadableFile."""
        with self.open_bytes() as stream:
            found = encodings.encoding_of(stream.read(HEAD_BYTES))
        if found in encodings.GUESSED:
            self.damage[WHOLE_FILE] = f"it is not in UTF-8, and was read as {found}"
        return found

    def head(self) -> bytes:
        """Return the first 64 KiB, unpacked and as UTF-8. Raises UnreadableFile."""
        with self.open_bytes() as stream:
            return _as_utf8(stream.read(HEAD_BYTES))

    def absolute_url(self, url: str) -> str:
        """Return a page's URL, with `base_url` before a path."""
        return self.base_url.rstrip("/") + url if url.startswith("/") else url


def is_archive(stream: IO[bytes]) -> bool:
    """Return whether a stream, which is read from its start, is a zip archive."""
    start = stream.read(4)
    stream.seek(0)
    return start == streams.ZIP


def head_of(upload: IO[bytes], size: int) -> bytes:
    """Return the first 64 KiB of an upload as `ImportFile.head` does, and go back to its start."""
    upload.seek(0)
    try:
        with streams.unpacked(upload, size) as stream:
            return _as_utf8(stream.read(HEAD_BYTES))
    finally:
        upload.seek(0)


def _as_utf8(head: bytes) -> bytes:
    if head.startswith(SQLITE):
        return head
    return streams.TranscodedStream(io.BytesIO(head), encodings.encoding_of(head)).read(HEAD_BYTES)
