"""A client of the API of an installation, with nothing of ours in it."""

import json
import urllib.error
import urllib.request
from typing import Any


def call(
    server: str,
    path: str,
    data: Any = None,
    *,
    method: str = "",
    seconds: float = 30,
    **headers: str,
) -> tuple[int, Any]:
    """Return the status of an answer, and its body: parsed where it is JSON, else its text.

    Raises OSError where there is no answer, or none in so many seconds.
    """
    request = urllib.request.Request(
        f"{server}/api/v1/{path}",
        data=None if data is None else json.dumps(data).encode(),
        headers={"Content-Type": "application/json", **headers},
        method=method or None,
    )
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return answer.status, _parsed(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, _parsed(error.read())


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body.decode(errors="replace")
