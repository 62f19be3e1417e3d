"""Middleware that serves cached pages of threads before sessions and users are loaded."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from moderation.web.public_api import response_cache

PAGES = re.compile(r"/api/v1/sites/([-\w]+)/comments")


def short_cut(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Return a middleware that serves cached responses, and leaves all else to the views.

    It stands before the middleware of sessions and users, on which the response does not depend:
    they take longer than the response itself.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        match = PAGES.fullmatch(request.path_info) if request.method == "GET" else None
        cached = response_cache.cached_response(request, match[1]) if match else None
        return cached or get_response(request)

    return middleware
