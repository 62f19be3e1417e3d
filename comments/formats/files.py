"""Files as they come: plain or compressed, of a format that is told or recognised."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

# A file that unpacks to more than so many times its size, and to more than so much, is a bomb.
MOST_RATIO, HARMLESS = 200, 256 * 1024 * 1024
HEAD = PIECE = 64 * 1024
# What XML 1.0 forbids and old exports have in them nevertheless.
ILLEGAL = bytes({*range(32)} - {9, 10, 13})


class UnreadableFile(ValueError):
    """The file can't be imported at all; the message says why, in one line."""

    def __init__(self, message: str) -> None:
        # What parsers say may go on with a drawing of where it was.
        super().__init__(message.partition("\n")[0])


@dataclass
class ImportFile:
    """A file to import; `base_url` is put before addresses that lack a host.

    `bytes_read` counts what was read of it, as it lies on the disk, in all passes.
    """

    path: Path
    base_url: str = ""
    bytes_read: int = 0

    @property
    def size(self) -> int:
        """How many bytes it has on the disk."""
        return self.path.stat().st_size

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open it for reading from the start, unpacked."""
        with self.path.open("rb", buffering=0) as raw:
            packed = io.BufferedReader(_Counted(raw, self), PIECE)
            if packed.peek(2)[:2] != b"\x1f\x8b":
                yield packed
                return
            limit = max(HARMLESS, self.size * MOST_RATIO)
            with gzip.GzipFile(fileobj=packed) as unpacked:
                yield io.BufferedReader(_Bounded(unpacked, limit))

    def head(self) -> bytes:
        """Return the beginning of it, unpacked."""
        with self.open() as stream:
            return stream.read(HEAD)

    def absolute(self, url: str) -> str:
        """Return a page's address with the host that the format leaves out."""
        return self.base_url.rstrip("/") + url if url.startswith("/") else url


class _Counted(io.RawIOBase):
    """A stream that tells its source how far it is read."""

    def __init__(self, stream: io.RawIOBase, source: ImportFile) -> None:
        self.stream, self.source = stream, source

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Read into a buffer."""
        count = self.stream.readinto(buffer) or 0
        self.source.bytes_read += count
        return count


class _Bounded(io.RawIOBase):
    """A stream that refuses to give more than a limit (bytes)."""

    def __init__(self, stream: IO[bytes] | gzip.GzipFile, limit: int) -> None:
        self.stream, self.left = stream, limit

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Read into a buffer; raise UnreadableFile when it is damaged, or has become too much."""
        try:
            piece = self.stream.read(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableFile(f"The file can't be unpacked: {error}") from None
        self.left -= len(piece)
        if self.left < 0:
            raise UnreadableFile("The file unpacks to far more than its size: it is refused.")
        buffer[: len(piece)] = piece
        return len(piece)


class WithoutControls(io.RawIOBase):
    """A stream without the control characters that XML forbids."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; b"" at the end only."""
        while piece := self.stream.read(size):
            if clean := piece.translate(None, ILLEGAL):
                return clean
        return b""
