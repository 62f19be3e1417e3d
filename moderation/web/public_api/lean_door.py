"""Middleware that leads readers' requests to the public API past what only people's pages need.

The public API has no cookies, sessions, messages or accounts. To set them up for each request takes
as long as some of the views.
"""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.common import CommonMiddleware
from django.template.response import SimpleTemplateResponse
from django.urls import Resolver404, resolve

BEGINNING = "/api/v1/sites/"
Handler = Callable[[HttpRequest], HttpResponseBase]


def lean_door(get_response: Handler) -> Handler:
    """Return the middleware: it stands behind what guards every request, before sessions."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        try:
            match = request.resolver_match = resolve(request.path_info)
        except Resolver404:
            return get_response(request)
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        # As Django's handler does.
        return response.render() if isinstance(response, SimpleTemplateResponse) else response

    # Its types allow for handlers that are awaited.
    lean = cast("Handler", XFrameOptionsMiddleware(CommonMiddleware(respond)))

    def middleware(request: HttpRequest) -> HttpResponseBase:
        is_public = request.path_info.startswith(BEGINNING)
        return lean(request) if is_public else get_response(request)

    return middleware
