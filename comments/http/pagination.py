"""Pages of results: an opaque cursor that stays true while rows come and go."""

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

from comments.threads import cursors
from comments.threads.cursors import Sort
from comments.threads.reading import TreeQuery

PAGE_SIZE, LARGEST_PAGE = 20, 100


class Pages(CursorPagination):
    """`{"next": address or null, "previous": …, "results": […]}`; `limit` up to 100 a page."""

    page_size = PAGE_SIZE
    page_size_query_param = "limit"
    max_page_size = LARGEST_PAGE
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


class ThreadQuery(serializers.Serializer[Any]):
    """Which part of a thread is asked for."""

    sort = serializers.ChoiceField(choices=list(Sort), default=Sort.NEWEST)
    limit = serializers.IntegerField(min_value=1, max_value=LARGEST_PAGE, default=PAGE_SIZE)
    cursor = serializers.CharField(required=False, allow_blank=True)
    around = serializers.UUIDField(required=False)
    # On the page for people: the rest of a branch.
    branch = serializers.UUIDField(required=False)
    after = serializers.UUIDField(required=False)

    def wanted(self) -> TreeQuery:
        """Return it as `reading` takes it; raise NotFound for a cursor that is none of ours."""
        self.is_valid(raise_exception=True)
        asked = self.validated_data
        try:
            cursor = cursors.decode(asked["cursor"]) if asked.get("cursor") else None
        except cursors.InvalidCursor as error:
            raise NotFound(str(error)) from None
        around = asked.get("around")
        return TreeQuery(
            sort=Sort(asked["sort"]), limit=asked["limit"], cursor=cursor, around=around
        )
