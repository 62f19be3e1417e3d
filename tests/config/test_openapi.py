"""The published description of the API has an example of every request and answer, and it fits."""

from collections.abc import Iterator
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator, FormatChecker

# What is sent, or answered on success, in JSON: its name, the content, and what is not in it.
Told = tuple[str, dict[str, Any], str]


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


def told(description: dict[str, Any]) -> Iterator[Told]:
    for path in description["paths"].values():
        for operation in path.values():
            name, sides = operation["operationId"], []
            if body := operation.get("requestBody"):
                sides.append(("request", body, "readOnly"))
            for code, answer in operation["responses"].items():
                if code.startswith("2"):
                    sides.append((code, answer, "writeOnly"))
            for side, said, hidden in sides:
                if content := said.get("content", {}).get("application/json"):
                    yield f"{name} {side}", content, hidden


def examples(content: dict[str, Any]) -> list[Any]:
    named = [each["value"] for each in content.get("examples", {}).values()]
    return [*named, content["example"]] if "example" in content else named


def test_every_request_and_answer_has_an_example(description: dict[str, Any]) -> None:
    assert [name for name, content, _ in told(description) if not examples(content)] == []


def test_every_example_is_what_its_shape_allows(description: dict[str, Any]) -> None:
    faults = []
    for name, content, hidden in told(description):
        shape = {**content["schema"], "components": without(description["components"], hidden)}
        check = Draft202012Validator(shape, format_checker=FormatChecker())
        for value in examples(content):
            faults += [
                f"{name} {fault.json_path}: {fault.message}" for fault in check.iter_errors(value)
            ]
    assert faults == []


def test_no_example_has_a_field_that_its_shape_lacks(description: dict[str, Any]) -> None:
    for name, content, hidden in told(description):
        shape = content["schema"].get("$ref", "").rpartition("/")[2]
        fields = description["components"]["schemas"].get(shape, {}).get("properties", {})
        shown = {field for field, inner in fields.items() if not inner.get(hidden)}
        for value in examples(content):
            assert not shape or set(value) <= shown, name


def without(node: Any, hidden: str) -> Any:
    """Return a schema that does not ask for the fields that are not on this side."""
    if isinstance(node, list):
        return [without(each, hidden) for each in node]
    if not isinstance(node, dict):
        return node
    kept = {name: without(inner, hidden) for name, inner in node.items()}
    properties = node.get("properties")
    if isinstance(properties, dict) and isinstance(node.get("required"), list):
        kept["required"] = [
            name for name in node["required"] if not properties.get(name, {}).get(hidden)
        ]
    return kept
