"""Pages of results: an opaque cursor that stays true while rows come and go."""

from typing import Any

from rest_framework.pagination import CursorPagination
from rest_framework.response import Response


class Pages(CursorPagination):
    """`{"next": address or null, "previous": …, "results": […]}`; `limit` up to 100 a page."""

    page_size = 20
    page_size_query_param = "limit"
    max_page_size = 100
    ordering = "-id"

    def get_paginated_response(self, data: Any) -> Response:
        """Return a page in the shape that every list of the API has."""
        return Response(
            {"next": self.get_next_link(), "previous": self.get_previous_link(), "results": data}
        )
