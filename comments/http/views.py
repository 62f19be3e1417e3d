"""The base of every JSON endpoint: validation, lookups and idempotency, each in one place."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.db.models import Model, QuerySet
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.metadata import SimpleMetadata
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http import idempotency
from comments.http.filters import QueryFilterBackend
from comments.http.pagination import CursorPaginator
from comments.http.requests import validate

Row = TypeVar("Row", bound=Model)


def get_or_not_found(rows: QuerySet[Row], detail: str, **lookup: Any) -> Row:
    """Return the row that matches; raise NotFound with this detail where there is none."""
    row = rows.filter(**lookup).first()
    if row is None:
        raise NotFound(detail)
    return row


class EndpointMetadata(SimpleMetadata):
    """The answer to OPTIONS; what may be sent is in the OpenAPI description, and not here."""

    def determine_actions(self, request: Request, view: Any) -> dict[str, Any]:
        """Return nothing: commands have no serializer of their own to describe."""
        return {}


class ApiView(GenericAPIView[Any]):
    """A generic view whose lists are filtered and paginated, and whose input is validated here.

    `not_found` is the `detail` of the 404 problem for an object outside of `get_queryset`.
    """

    metadata_class = EndpointMetadata
    filter_backends = (QueryFilterBackend,)
    pagination_class: Any = CursorPaginator
    not_found: ClassVar[str] = ""

    @property
    def caller(self) -> str:
        """Name who calls, as the scope of idempotency keys; subclasses say how."""
        raise NotImplementedError

    def get_object(self) -> Any:
        """Return the object of `get_queryset` that the path names; raise NotFound without one."""
        key = self.kwargs[self.lookup_url_kwarg or self.lookup_field]
        return get_or_not_found(self.get_queryset(), self.not_found, pk=key)

    def validated_body(
        self, serializer: type[serializers.Serializer[Any]], **context: Any
    ) -> dict[str, Any]:
        """Return the validated request body; raise ValidationError with a pointer to each fault."""
        return validate(serializer(data=self.request.data, context=context))

    def validated_query(self, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """Return the validated query parameters of an endpoint that lists no rows of a table."""
        return validate(serializer(data=self.request.query_params))

    def idempotent(self, create: Callable[[], Response], *, content: Any = None) -> Response:
        """Answer a POST once for each Idempotency-Key.

        `content` identifies the request where its data does not.
        """
        header = self.request.headers.get("Idempotency-Key", "")
        scope = f"{self.caller} POST {self.request.path}"
        content = self.request.data if content is None else content
        return idempotency.once(idempotency.IdempotentRequest(header, scope, content), create)
