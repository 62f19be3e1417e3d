"""Requests that are sent twice with one `Idempotency-Key`."""

from collections.abc import Callable
from typing import Any

KEY = {"Idempotency-Key": '"a1"'}


def twice(post: Callable[[], Any]) -> Any:
    """Send a request twice, see that both have the same answer, and return the second one."""
    first, second = post(), post()
    assert first.status_code in {201, 202}
    assert (second.status_code, second.json()) == (first.status_code, first.json())
    assert second.headers["Idempotent-Replay"] == "true"
    return second
