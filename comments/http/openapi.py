"""What all operations of the OpenAPI description share: the error, idempotency, page names."""

from copy import deepcopy
from typing import Any

from drf_spectacular.extensions import OpenApiFilterExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_parameter_type
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from comments.http.problems import MEDIA_TYPE


class ProblemSerializer(serializers.Serializer[Any]):
    """An error (RFC 9457)."""

    type = serializers.CharField(help_text="Stable; compare this.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="For people.")
    instance = serializers.CharField()
    errors = serializers.ListField(  # type: ignore[assignment]
        child=serializers.DictField(child=serializers.CharField()),
        required=False,
        help_text="Each with `detail`, a JSON `pointer` to the field, and `code`.",
    )


PROBLEM = OpenApiResponse(ProblemSerializer, description="What is wrong, and what to do.")

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Any text of your own, up to 200 characters: a retry with it within a day gets the "
    "first answer again.",
)


class QueryFilterExtension(OpenApiFilterExtension):  # type: ignore[no-untyped-call]
    """Describes the filters of a list with all constraints of their serializer fields."""

    target_class = "comments.http.filters.QueryFilterBackend"
    # Before drf-spectacular's own extension for django-filter, which leaves constraints out.
    priority = 1

    def get_schema_operation_parameters(
        self, auto_schema: AutoSchema, *args: Any, **kwargs: Any
    ) -> list[dict[str, Any]]:
        """Return the query parameters."""
        filterset = getattr(auto_schema.view, "filterset_class", None)
        if filterset is None:
            return []
        serializer: serializers.Serializer[Any] = serializers.Serializer()
        for name, query_filter in filterset.base_filters.items():
            serializer.fields[name] = deepcopy(query_filter.serializer_field)
        schema_of: Any = auto_schema._map_serializer
        schemas: dict[str, Any] = schema_of(serializer, "request")["properties"]
        return [
            build_parameter_type(
                name=name,
                schema=schema,
                description=schema.pop("description", None),
                location=OpenApiParameter.QUERY,
                allow_blank=getattr(serializer.fields[name], "allow_blank", True),
            )
            for name, schema in schemas.items()
        ]


class ApiSchema(AutoSchema):
    """Describes an operation; every one may answer with a problem."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Return the operation with the problem added to its responses."""
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            response_of: Any = self._get_response_for_code
            operation["responses"]["4XX"] = response_of(PROBLEM, "4XX", [MEDIA_TYPE])
        return operation

    def get_paginated_name(self, serializer_name: str) -> str:
        """Return the name of a page of such objects."""
        return f"{serializer_name}Page"
