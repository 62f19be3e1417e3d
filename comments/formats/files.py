"""Open import files, plain or gzipped, with limits on what they decompress to."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

# A file that decompresses to more than 200 times its size, and to more than 256 MiB, is a
# decompression bomb.
MAX_COMPRESSION_RATIO, MIN_BOMB_BYTES = 200, 256 * 1024 * 1024
HEAD_BYTES = CHUNK_BYTES = 64 * 1024
# XML 1.0 forbids them (section 2.2), and old exports contain them nevertheless.
XML_CONTROL_CHARACTERS = bytes({*range(32)} - {9, 10, 13})


class UnreadableFile(ValueError):
    """The file can't be imported at all; the message says why, in one line."""

    def __init__(self, message: str) -> None:
        # Messages of parsers may go on with a drawing of the position.
        super().__init__(message.partition("\n")[0])


@dataclass
class ImportFile:
    """A file to import; `base_url` completes page URLs that have no host.

    `bytes_read` counts the bytes read from disk, before decompression, over all passes.
    """

    path: Path
    base_url: str = ""
    bytes_read: int = 0

    @property
    def size(self) -> int:
        """The size on disk, in bytes."""
        return self.path.stat().st_size

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open the file for reading from the start, decompressed."""
        with self.path.open("rb", buffering=0) as raw:
            compressed = io.BufferedReader(_CountingStream(raw, self), CHUNK_BYTES)
            if compressed.peek(2)[:2] != b"\x1f\x8b":
                yield compressed
                return
            limit = max(MIN_BOMB_BYTES, self.size * MAX_COMPRESSION_RATIO)
            with gzip.GzipFile(fileobj=compressed) as decompressed:
                yield io.BufferedReader(_LimitedStream(decompressed, limit))

    def head(self) -> bytes:
        """Return the first 64 KiB, decompressed."""
        with self.open() as stream:
            return stream.read(HEAD_BYTES)

    def absolute_url(self, url: str) -> str:
        """Return a page's URL, with `base_url` before a path."""
        return self.base_url.rstrip("/") + url if url.startswith("/") else url


class _CountingStream(io.RawIOBase):
    """A stream that adds the number of bytes read to its source."""

    def __init__(self, stream: io.RawIOBase, source: ImportFile) -> None:
        self.stream, self.source = stream, source

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Read into a buffer and return the number of bytes."""
        count = self.stream.readinto(buffer) or 0
        self.source.bytes_read += count
        return count


class _LimitedStream(io.RawIOBase):
    """A stream that fails once more than a limit (bytes) was read from it."""

    def __init__(self, stream: IO[bytes] | gzip.GzipFile, limit: int) -> None:
        self.stream, self.remaining = stream, limit

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Read into a buffer and return the number of bytes.

        Raises UnreadableFile when the data is damaged or exceeds the limit.
        """
        try:
            chunk = self.stream.read(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableFile(f"The file can't be unpacked: {error}") from None
        self.remaining -= len(chunk)
        if self.remaining < 0:
            raise UnreadableFile("The file unpacks to far more than its size: it is refused.")
        buffer[: len(chunk)] = chunk
        return len(chunk)


class ControlCharacterFilter(io.RawIOBase):
    """A stream without the control characters that XML forbids."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream

    def readable(self) -> bool:
        """Return True."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; b"" at the end only."""
        while chunk := self.stream.read(size):
            if cleaned := chunk.translate(None, XML_CONTROL_CHARACTERS):
                return cleaned
        return b""
