"""How the CPU time of a function grows with its input: a property, not an absolute time."""

import gc
from collections.abc import Callable
from time import process_time
from typing import Any

# A fourfold input may take so many times longer. A linear function takes four times as long, a
# quadratic one sixteen times; what a cache or an allocator does lies below.
MOST_GROWTH = 9.0
TRIES = 5


def growth(call: Callable[[Any], object], small: Any, large: Any) -> float:
    """Return how many times longer a call takes on `large`, which is four times as long as `small`.

    What other processes do only ever adds time, so the best of several runs counts; tried again
    while the result looks bad.
    """
    best_small = best_large = float("inf")
    for _ in range(TRIES):
        best_small = min(best_small, cpu_seconds(call, small))
        best_large = min(best_large, cpu_seconds(call, large))
        if best_large < MOST_GROWTH * best_small:
            break
    return best_large / best_small


def cpu_seconds(call: Callable[[Any], object], argument: Any) -> float:
    """Return the CPU time of a call, in seconds, without the garbage collector."""
    gc.disable()
    try:
        start = process_time()
        call(argument)
        return max(process_time() - start, 1e-6)
    finally:
        gc.enable()


def of_length(piece: str, length: int, *, end: str = "") -> str:
    """Return a piece repeated to a length, with an end that keeps patterns from matching."""
    return (piece * (length // len(piece) + 1))[:length] + end
