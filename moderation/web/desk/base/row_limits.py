"""What the desk answers where as many rows of a kind are there as there may be."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from comments.limits import LimitReached


class ShowLimits:
    """Middleware that answers LimitReached with 409 and a page; the API answers with a problem."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Respond."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page, from which the browser leads back to what was typed."""
        if not isinstance(error, LimitReached):
            return None
        return render(request, "desk/limit_reached.html", {"message": str(error)}, status=409)
