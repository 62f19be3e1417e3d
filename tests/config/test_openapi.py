"""The OpenAPI description has an example of every request and response, and it fits its schema."""

from collections.abc import Iterator
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator, FormatChecker

from config.openapi_examples import json_contents, recorded

# The fields of a schema that are not on this side.
HIDDEN = {"request": "readOnly", "response": "writeOnly"}


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(description: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in description["paths"].values():
        yield from path.values()


def contents(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield name, content and hidden fields of every request and successful response in JSON."""
    for operation in operations(description):
        for side, content in json_contents(operation):
            yield f"{operation['operationId']} {side}", content, HIDDEN[side]


def test_every_request_and_response_has_an_example(description: dict[str, Any]) -> None:
    assert [name for name, content, _ in contents(description) if "example" not in content] == []


def test_every_example_belongs_to_an_operation(description: dict[str, Any]) -> None:
    assert set(recorded()) <= {operation["operationId"] for operation in operations(description)}


def test_every_example_is_what_its_schema_allows(description: dict[str, Any]) -> None:
    faults = []
    for name, content, hidden in contents(description):
        schema = {**content["schema"], "components": without(description["components"], hidden)}
        check = Draft202012Validator(schema, format_checker=FormatChecker())
        errors = check.iter_errors(content["example"])
        faults += [f"{name} {error.json_path}: {error.message}" for error in errors]
    assert faults == []


def test_no_example_has_a_field_that_its_schema_lacks(description: dict[str, Any]) -> None:
    for name, content, hidden in contents(description):
        component = content["schema"].get("$ref", "").rpartition("/")[2]
        fields = description["components"]["schemas"].get(component, {}).get("properties", {})
        visible = {field for field, inner in fields.items() if not inner.get(hidden)}
        assert not component or set(content["example"]) <= visible, name


def test_every_operation_may_answer_with_a_problem(description: dict[str, Any]) -> None:
    for operation in operations(description):
        assert "application/problem+json" in operation["responses"]["4XX"]["content"]


def test_pages_of_a_list_are_described_as_the_paginator_makes_them(
    description: dict[str, Any],
) -> None:
    page = description["components"]["schemas"]["ReviewablePage"]
    assert page["required"] == ["next", "previous", "results"]
    assert page["properties"]["next"]["type"] == ["string", "null"]


def without(node: Any, hidden: str) -> Any:
    """Return a schema that does not require the fields that are not on this side."""
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
