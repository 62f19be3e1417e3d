"""Read requests: JSON bodies and validated data."""

from collections.abc import Mapping, Sequence
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework import serializers
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import JSONParser

from comments.http import json_reader


class BoundedJSONParser(JSONParser):
    """DRF's JSON parser with the limits of `json_reader`, whatever charset a client claims."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the parsed body; raise ParseError, ValidationError or RequestDataTooBig."""
        try:
            limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
            return json_reader.parse(json_reader.read_bounded(stream, limit))
        except json_reader.TooMuchJSON as error:
            raise RequestDataTooBig(str(error)) from None
        except json_reader.LoneSurrogate as error:
            raise ValidationError(_nested(error.path, str(error))) from None
        except json_reader.InvalidJSON as error:
            raise ParseError(str(error)) from None


def _nested(path: Sequence[str], message: str) -> Any:
    """Return a message under the path of its field, as DRF nests errors."""
    detail: Any = [message]
    for step in reversed(path):
        detail = {step: detail}
    return detail


def validate(serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    """Return the validated data; raise ValidationError, which is answered with 400.

    All input is validated here, whether it came as a body, a query or a form.
    """
    serializer.is_valid(raise_exception=True)
    data: dict[str, Any] = serializer.validated_data
    return data
