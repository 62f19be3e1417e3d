"""Progress bars for long work, on standard error and only in a terminal."""

from collections.abc import Iterable
from typing import TypeVar

from rich.console import Console
from rich.progress import track

T = TypeVar("T")


def with_progress(items: Iterable[T], description: str, *, total: int | None = None) -> Iterable[T]:
    """Return the items, showing a progress bar while they are consumed."""
    console = Console(stderr=True)
    hidden = not console.is_terminal
    return track(items, description, total=total, console=console, transient=True, disable=hidden)
