"""A short cut for the most frequent question: a thread that was answered before."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from moderation.web.public_api import response_cache

PAGES = re.compile(r"/api/v1/sites/([-\w]+)/comments")


def short_cut(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Return a middleware that answers at once what is known, and leaves all else to the views.

    It stands before all that looks for sessions and people, of whom the answer does not depend:
    that takes longer than the answer itself.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = PAGES.fullmatch(request.path_info) if request.method == "GET" else None
        known = response_cache.answer(request, asked[1]) if asked else None
        return known or get_response(request)

    return middleware
