"""The examples of the OpenAPI description, as the tests recorded them (`make examples`)."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_suffix(".json")
JSON = "application/json"


def add_examples(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add the recorded request and response to each operation (a drf-spectacular hook)."""
    for path in result["paths"].values():
        for operation in path.values():
            example = recorded().get(operation["operationId"], {})
            for side, content in json_contents(operation):
                if side in example:
                    content["example"] = example[side]
    return result


def json_contents(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the JSON contents of an operation: its `request` and its successful `response`."""
    sides = [("request", operation.get("requestBody", {}))]
    responses = operation["responses"].items()
    sides += [("response", body) for code, body in responses if code.startswith("2")]
    for side, body in sides:
        if content := body.get("content", {}).get(JSON):
            yield side, content


@cache
def recorded() -> dict[str, dict[str, Any]]:
    """Return the examples by operation id, each with `request`, `response` or both."""
    examples: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return examples
