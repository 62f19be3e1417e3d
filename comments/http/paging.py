"""Pages of results: an opaque cursor that stays true while rows come and go."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class Pages(CursorPagination):
    """`{"next": address or null, "previous": …, "results": […]}`; `limit` up to 100 a page."""

    page_size = 20
    page_size_query_param = "limit"
    max_page_size = 100
    ordering: str | tuple[str, ...] = "-id"

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """Return a page of rows; raise NotFound for a cursor that is not one of ours."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValidationError, ValueError):
            raise NotFound(self.invalid_cursor_message) from None

    def for_people(self, queryset: QuerySet[Any], request: HttpRequest) -> list[Any]:
        """Return a page of rows for a page of HTML; raise Http404 for a cursor of nobody's."""
        try:
            return self.paginate_queryset(queryset, Request(request)) or []
        except NotFound as error:
            raise Http404(str(error)) from None

    def get_paginated_response(self, data: Any) -> Response:
        """Return a page in the shape that every list of the API has."""
        return Response(
            {"next": self.get_next_link(), "previous": self.get_previous_link(), "results": data}
        )
