"""Streams that count, limit and transcode what is read from the file of a stranger."""

import codecs
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

# A file that decompresses to more than 200 times its size, and to more than 32 MiB, is a
# decompression bomb; so is one that decompresses to more than 16 GiB.
MAX_COMPRESSION_RATIO, MIN_BOMB_BYTES = 200, 32 * 1024 * 1024
MAX_DECOMPRESSED_BYTES = 16 * 1024**3
CHUNK_BYTES = 64 * 1024
GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
# What archives hold beside the file that was meant.
CLUTTER = re.compile(r"(?:^|/)(?:__MACOSX/|\.|Thumbs\.db$|readme|license)", re.IGNORECASE)
WESTERN = "cp1252"


class UnreadableFile(ValueError):
    """The file can't be imported at all; the message says why, in one line."""

    def __init__(self, message: str) -> None:
        # Messages of parsers may go on with a drawing of the position.
        super().__init__(message.partition("\n")[0][:400])


@contextmanager
def unpacked(stream: IO[bytes], size: int) -> Iterator[IO[bytes]]:
    """Open what a file of `size` bytes holds, plain, gzipped or alone in a zip archive.

    Raises UnreadableFile.
    """
    start = stream.read(4)
    stream.seek(0)
    limit = min(max(MIN_BOMB_BYTES, size * MAX_COMPRESSION_RATIO), MAX_DECOMPRESSED_BYTES)
    if start.startswith(GZIP):
        with gzip.GzipFile(fileobj=stream) as member:
            yield io.BufferedReader(LimitedStream(member, limit))
    elif start == ZIP:
        with _only_member(stream) as member:
            yield io.BufferedReader(LimitedStream(member, limit))
    else:
        yield stream


@contextmanager
def _only_member(stream: IO[bytes]) -> Iterator[IO[bytes]]:
    try:
        archive = zipfile.ZipFile(stream)
        entries = archive.infolist()
        members = [m for m in entries if not m.is_dir() and not CLUTTER.search(m.filename)]
        if len(members) != 1:
            names = ", ".join(member.filename for member in members[:3])
            raise UnreadableFile(
                f"The archive holds {len(members)} files ({names}): unpack it, and bring in one "
                "after the other."
            )
        member = archive.open(members[0])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile(f"The archive can't be unpacked: {error}") from None
    with archive, member:
        yield member


def _as_western(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are not in the encoding of their file as those of old western systems."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    odd = error.object[error.start : error.end]
    # Both begin files in UTF-16, and hardly ever a letter: þ and ÿ.
    if b"\xff" in odd or b"\xfe" in odd:
        raise error
    return odd.decode(WESTERN), error.end


codecs.register_error("western", _as_western)


class TranscodedStream(io.RawIOBase):
    """A stream of UTF-8, of a stream in another encoding."""

    def __init__(self, stream: IO[bytes], encoding: str) -> None:
        errors = "replace" if encoding.startswith("utf-16") else "western"
        self.stream, self.decoder = stream, codecs.getincrementaldecoder(encoding)(errors)
        self.rest, self.line = b"", 1

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Read into a buffer and return the number of bytes. Raises UnreadableFile."""
        chunk = b"x"
        while chunk and not self.rest:
            chunk = self.stream.read(CHUNK_BYTES)
            self.rest = self._transcoded(chunk)
            self.line += self.rest.count(b"\n")
        count = min(len(buffer), len(self.rest))
        buffer[:count], self.rest = self.rest[:count], self.rest[count:]
        return count

    def _transcoded(self, chunk: bytes) -> bytes:
        try:
            # Half of a surrogate pair, which UTF-16 may hold, is no character.
            return self.decoder.decode(chunk, final=not chunk).encode("utf-8", "replace")
        except UnicodeDecodeError as error:
            line = self.line + error.object[: error.start].count(b"\n")
            raise UnreadableFile(
                f"This is no text that can be imported: line {line} has bytes that are neither "
                "UTF-8 nor Windows-1252. Save it as UTF-8."
            ) from None


class CountingStream(io.RawIOBase):
    """A stream that adds the number of bytes read to `bytes_read` of its owner."""

    def __init__(self, stream: io.RawIOBase, owner: Any) -> None:
        self.stream, self.owner = stream, owner

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True: archives are read from their end."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position and return it."""
        return self.stream.seek(offset, whence)

    def tell(self) -> int:
        """Return the position."""
        return self.stream.tell()

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Read into a buffer and return the number of bytes."""
        count = self.stream.readinto(buffer) or 0
        self.owner.bytes_read += count
        return count


class LimitedStream(io.RawIOBase):
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
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
            raise UnreadableFile(f"The file can't be unpacked: {error}") from None
        self.remaining -= len(chunk)
        if self.remaining < 0:
            raise UnreadableFile("The file unpacks to far more than its size: it is refused.")
        buffer[: len(chunk)] = chunk
        return len(chunk)
