"""Solve challenges, as a reader's browser does."""

import json
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from itertools import count
from typing import Any


def solved(challenge: Mapping[str, Any], **changes: Any) -> str:
    """Return what is sent back for a challenge; `changes` are of the solution."""
    parameters = challenge["parameters"]
    start = bytes.fromhex(parameters["salt"]) + bytes.fromhex(parameters["nonce"])
    for counter in count():
        derived = sha256(start + counter.to_bytes(4, "big")).hexdigest()
        if derived.startswith(parameters["keyPrefix"]):
            break
    return sent(challenge, {"counter": counter, "derivedKey": derived, **changes})


def sent(challenge: Any, solution: Any) -> str:
    """Return base64 of the JSON of challenge and solution."""
    return b64encode(json.dumps({"challenge": challenge, "solution": solution}).encode()).decode()
