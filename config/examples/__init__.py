"""Examples for every operation of the published description, put together of a few known values.

Answers are mostly made of the same things: each field has one value, told once, and the examples
of whole answers are built along the schema, so that they can't drift from it.
"""

from collections.abc import Mapping
from typing import Any

from config.examples.requests import REQUESTS
from config.examples.values import KINDS, VALUES
from config.examples.wholes import ANSWERS

JSON = "application/json"


class NoExampleError(LookupError):
    """A field has no value in the tables; its name says which."""


def add_examples(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add an example to each JSON request and answer that has none (drf-spectacular's hook).

    What has a field without a value gets none: the tests name it.
    """
    shapes = result["components"]["schemas"]
    for operation in (
        operation for path in result["paths"].values() for operation in path.values()
    ):
        name = operation["operationId"]
        _add(operation.get("requestBody", {}), shapes, REQUESTS, name, hidden="readOnly")
        for code, answer in operation["responses"].items():
            if code.startswith("2"):
                _add(answer, shapes, ANSWERS, name, hidden="writeOnly")
    return result


def _add(
    told: Mapping[str, Any],
    shapes: Mapping[str, Any],
    known: Mapping[str, Any],
    operation: str,
    *,
    hidden: str,
) -> None:
    content = told.get("content", {}).get(JSON)
    if content is None or "examples" in content:
        return
    shape = content["schema"].get("$ref", "").rpartition("/")[2]
    if (whole := known.get(operation, known.get(shape))) is not None:
        content["example"] = whole
        return
    try:
        content["example"] = example(content["schema"], shapes, hidden=hidden)
    except NoExampleError:
        return


def example(schema: Mapping[str, Any], shapes: Mapping[str, Any], *, hidden: str) -> Any:
    """Return what a schema describes, without fields that are `hidden`: readOnly or writeOnly.

    `shapes` are the components. Raises NoExampleError.
    """
    return _example(schema, shapes, hidden, owner="", field="")


def _example(
    schema: Mapping[str, Any], shapes: Mapping[str, Any], hidden: str, *, owner: str, field: str
) -> Any:
    for name in (f"{owner}.{field}", f"{KINDS.get(owner, '')}.{field}", field):
        if name in VALUES and not (isinstance(VALUES[name], str) and _is_nested(schema, shapes)):
            return VALUES[name]
    if "$ref" in schema:
        owner = schema["$ref"].rpartition("/")[2]
        return _example(shapes[owner], shapes, hidden, owner=owner, field="")
    for choice in ("allOf", "oneOf", "anyOf"):
        if choice in schema:
            return _example(schema[choice][0], shapes, hidden, owner=owner, field=field)
    if schema.get("type") == "array":
        return [_example(schema["items"], shapes, hidden, owner=owner, field="")]
    if "properties" in schema:
        return {
            name: _example(inner, shapes, hidden, owner=owner, field=name)
            for name, inner in schema["properties"].items()
            if not inner.get(hidden)
        }
    raise NoExampleError(f"{owner}.{field}")


def _is_nested(schema: Mapping[str, Any], shapes: Mapping[str, Any]) -> bool:
    """Tell whether a field holds a shape of its own, where another one of its name has an id."""
    inner = schema.get("allOf", [schema])[0].get("$ref", "").rpartition("/")[2]
    return "properties" in shapes.get(inner, {})
