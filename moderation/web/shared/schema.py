"""How errors look in the published API description."""

from typing import Any

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
PROBLEMS: dict[Any, Any] = {(code, MEDIA_TYPE): PROBLEM for code in ("4XX",)}

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Any text of your own, up to 200 characters: a retry with it within a day gets the "
    "first answer again.",
)


class CountsAnswer(serializers.Serializer[Any]):
    """Numbers of public comments by the names that were asked for."""

    counts = serializers.DictField(child=serializers.IntegerField())
