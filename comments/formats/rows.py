"""Convert the rows of a file one by one, so that a bad row is a problem of that row alone."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from comments.formats.files import UnreadableFile
from comments.formats.items import ImportNote, ImportProblem

# Seconds of computing time for one row. No honest one takes a hundredth of it.
ROW_SECONDS = 2.0

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class RowTooSlow(Exception):
    """Raised when the conversion of a row takes longer than ROW_SECONDS."""


def guarded(
    where: str,
    convert: Callable[Parameters, Result],
    *args: Parameters.args,
    **options: Parameters.kwargs,
) -> Result | ImportProblem:
    """Return the converted row, or a problem, whatever exception the conversion raises.

    Raises UnreadableFile, which is about the whole file.
    """
    try:
        with _time_limit():
            return convert(*args, **options)
    except UnreadableFile:
        raise
    except Exception as error:
        return ImportProblem(where, f"it can't be read: {_reason(error)}")


def guarded_page(
    where: str,
    convert: Callable[Parameters, Result],
    *args: Parameters.args,
    **options: Parameters.kwargs,
) -> Result | ImportNote:
    """Do as `guarded` for what is no comment: a problem would be counted as one of them."""
    found = guarded(where, convert, *args, **options)
    if isinstance(found, ImportProblem):
        return ImportNote(found.location, found.message)
    return found


def limit_time() -> None:
    """Make `guarded` interrupt rows that take too long; for the main thread of a process."""
    signal.signal(signal.SIGVTALRM, _interrupt)


@contextmanager
def _time_limit() -> Iterator[None]:
    if signal.getsignal(signal.SIGVTALRM) is not _interrupt:
        yield
        return
    signal.setitimer(signal.ITIMER_VIRTUAL, ROW_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _interrupt(*_: object) -> None:
    raise RowTooSlow


def _reason(error: Exception) -> str:
    if isinstance(error, RowTooSlow):
        return "that would take too long"
    if isinstance(error, RecursionError):
        return "it nests too deep"
    if isinstance(error, MemoryError):
        return "it is too large"
    if isinstance(error, KeyError):
        return f"it has no {str(error)[:100]}"
    return str(error) if type(error) is ValueError else f"{type(error).__name__}: {error}"
