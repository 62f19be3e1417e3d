"""Start a process that parses a file, and read what it finds as it goes on.

Whatever the file does to that process, it ends: the operating system limits its memory and
computing time, and here the time is limited for which it is waited.
"""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from comments.formats import formats
from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.items import Item
from comments.formats.sandbox import limits, messages
from comments.formats.sandbox.messages import End, Found, InvalidMessage, Message, Read, Refused

ROOT = Path(__file__).resolve().parents[3]
# Seconds between two calls of `while_waiting`.
WAIT = 10.0
# The process may be waited for by so many times its computing time: others compute, too.
PATIENCE = 3
# The most that it may write, in bytes.
MAX_OUTPUT = 32 * 1024**3
CHUNK = 64 * 1024


class ReaderDied(Exception):
    """Raised when the process was killed from outside: the file may be read another time."""


class Reading:
    """A file that is being read: its format, how much of it is read, and its items."""

    def __init__(self, stream: Iterator[Message]) -> None:
        self.fraction = 0.0
        self._stream = stream
        first = next(stream)
        if isinstance(first, Refused):
            raise UnreadableFile(first.reason)
        if not isinstance(first, Found) or first.format not in formats.IMPORT_FORMATS:
            raise _nonsense()
        self.format = first.format

    def items(self) -> Iterator[Item]:
        """Yield the items. Raises UnreadableFile and ReaderDied."""
        for message in self._stream:
            if isinstance(message, Item):
                yield message
            elif isinstance(message, Read):
                self.fraction = message.fraction
            elif isinstance(message, Refused):
                raise UnreadableFile(message.reason)
            elif isinstance(message, End):
                return
            else:
                raise _nonsense()


@contextmanager
def opened(
    source: ImportFile,
    name: str = formats.AUTO,
    *,
    while_waiting: Callable[[], None] = lambda: None,
) -> Iterator[Reading]:
    """Read a file of a format, or of the one that is recognised, in a process of its own.

    `while_waiting` is called every ten seconds while nothing comes; an exception of it ends the
    reading. Raises UnreadableFile and ReaderDied.
    """
    if not source.path.is_file():
        raise UnreadableFile(f"There is no file {source.path}.")
    if name == formats.AUTO and not source.is_archive:
        # What is no export at all is refused without starting anything.
        formats.detect_format(source)
    seconds = limits.cpu_seconds(source.size, is_compressed=source.is_compressed)
    process = _start(source, name, cpu_seconds=seconds)
    try:
        yield Reading(_received(process, seconds * PATIENCE, while_waiting))
    finally:
        process.kill()
        process.wait()
        _pipe(process.stdout).close()


def _start(source: ImportFile, name: str, *, cpu_seconds: int) -> subprocess.Popen[bytes]:
    options = {
        "path": str(source.path.resolve()),
        "base_url": source.base_url,
        "options": source.options.to_json(),
        "format": name,
        "cpu_seconds": cpu_seconds,
        "parent": os.getpid(),
    }
    # Isolated from this process: none of its settings, secrets, files and signals.
    process = subprocess.Popen(
        [sys.executable, "-E", "-s", "-B", "-m", "comments.formats.sandbox"],
        cwd=ROOT,
        env={"LC_ALL": "C.UTF-8", "PATH": os.defpath},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    # A process that is dead already is noticed by what it does not write.
    with suppress(BrokenPipeError), _pipe(process.stdin) as stdin:
        stdin.write(json.dumps(options).encode())
    return process


def _received(
    process: subprocess.Popen[bytes], seconds: float, while_waiting: Callable[[], None]
) -> Iterator[Message]:
    """Yield the messages until the last one. Raises UnreadableFile and ReaderDied."""
    try:
        for line in _lines(_pipe(process.stdout), seconds, while_waiting):
            message = messages.decode(line)
            yield message
            if isinstance(message, End | Refused):
                return
    except InvalidMessage:
        raise _nonsense() from None
    raise _death(process.wait())


def _lines(out: IO[bytes], seconds: float, while_waiting: Callable[[], None]) -> Iterator[bytes]:
    buffer = b""
    for chunk in _chunks(out, seconds, while_waiting):
        *complete, buffer = (buffer + chunk).split(b"\n")
        yield from complete
        if len(buffer) > messages.MAX_LINE:
            raise _nonsense()


def _chunks(out: IO[bytes], seconds: float, while_waiting: Callable[[], None]) -> Iterator[bytes]:
    """Yield what is written; the time that the receiver takes for it does not count."""
    written, waited = 0, 0.0
    readable = select.poll()
    readable.register(out, select.POLLIN)
    while True:
        started = time.monotonic()
        is_ready = readable.poll(1000 * WAIT)
        waited += time.monotonic() - started
        if waited > seconds:
            raise UnreadableFile("The file takes more time to be read than an import may use.")
        if not is_ready:
            while_waiting()
            continue
        if not (chunk := os.read(out.fileno(), CHUNK)):
            return
        written += len(chunk)
        if written > MAX_OUTPUT:
            raise UnreadableFile("The file holds more than an import may bring: split it.")
        yield chunk


def _death(code: int) -> Exception:
    """Return what it means that the process ended without a last message."""
    if code == -signal.SIGXCPU:
        return UnreadableFile("The file takes more computing time than an import may use.")
    if code == -signal.SIGKILL:
        return ReaderDied("The process that reads the file was killed.")
    return UnreadableFile("The file makes its reader crash: it can't be imported.")


def _nonsense() -> UnreadableFile:
    return UnreadableFile("The reader of the file gave an answer that makes no sense.")


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise RuntimeError("the process has no such pipe")
    return stream
