"""Pagination by an opaque cursor, which stays valid while rows are added and removed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from comments.http.requests import validate
from comments.threads import cursors
from comments.threads.cursors import Sort
from comments.threads.reading import TreeQuery

PAGE_SIZE, LARGEST_PAGE = 20, 100


class CursorPaginator(CursorPagination):
    """Paginate as `{"next": URL or null, "previous": …, "results": […]}`; `limit` up to 100."""

    page_size = PAGE_SIZE
    page_size_query_param = "limit"
    max_page_size = LARGEST_PAGE
    ordering: str | tuple[str, ...] = "-id"
    cursor_query_description = "From `next` or `previous`."
    page_size_query_description = f"Results per page, 1 to {LARGEST_PAGE}."

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """Return a page of rows; raise NotFound for an invalid cursor."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValidationError, ValueError):
            raise NotFound(self.invalid_cursor_message) from None

    def page_for_html(self, queryset: QuerySet[Any], request: HttpRequest) -> list[Any]:
        """Return a page of rows for a page of HTML; raise Http404 for an invalid cursor."""
        try:
            return self.paginate_queryset(queryset, Request(request)) or []
        except NotFound as error:
            raise Http404(str(error)) from None

    def get_paginated_response(self, data: Any) -> Response:
        """Return a page as every list of the API answers it."""
        return Response(
            {"next": self.get_next_link(), "previous": self.get_previous_link(), "results": data}
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the JSON Schema of a page whose `results` have this schema (OpenAPI 3.1)."""
        link = {"type": ["string", "null"], "format": "uri"}
        properties = {"next": link, "previous": link, "results": schema}
        return {"type": "object", "required": list(properties), "properties": properties}


class ThreadQuery(serializers.Serializer[Any]):
    """The query parameters that select a part of a thread."""

    sort = serializers.ChoiceField(choices=list(Sort), default=Sort.NEWEST)
    limit = serializers.IntegerField(min_value=1, max_value=LARGEST_PAGE, default=PAGE_SIZE)
    cursor = serializers.CharField(required=False, allow_blank=True)
    around = serializers.UUIDField(required=False)
    # On the page for people: the rest of a branch.
    branch = serializers.UUIDField(required=False)
    after = serializers.UUIDField(required=False)

    def to_tree_query(self) -> TreeQuery:
        """Return the validated query; raise ValidationError, or NotFound for an invalid cursor."""
        query = validate(self)
        try:
            cursor = cursors.decode(query["cursor"]) if query.get("cursor") else None
        except cursors.InvalidCursor as error:
            raise NotFound(str(error)) from None
        around = query.get("around")
        return TreeQuery(
            sort=Sort(query["sort"]), limit=query["limit"], cursor=cursor, around=around
        )
