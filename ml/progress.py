"""Progress bars for long work, on standard error and only where a person looks on."""

from collections.abc import Iterable
from typing import TypeVar

from rich.console import Console
from rich.progress import track

T = TypeVar("T")


def watched(items: Iterable[T], what: str, *, total: int | None = None) -> Iterable[T]:
    """Return the items, and show how far along their consumer is."""
    console = Console(stderr=True)
    hidden = not console.is_terminal
    return track(items, what, total=total, console=console, transient=True, disable=hidden)
