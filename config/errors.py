"""What is answered outside of any view: problems to programs, pages to people."""

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views import defaults

from comments.http import languages, problems


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that can't be read."""
    if _from_program(request):
        return problems.answer(
            request, "malformed", status_code=400, detail="This request can't be read."
        )
    with translation.override(languages.asked(request)):
        return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for an address where there is nothing."""
    if _from_program(request):
        return problems.answer(
            request, "not-found", status_code=404, detail="There is nothing here."
        )
    with translation.override(languages.asked(request)):
        return defaults.page_not_found(request, exception)


def fault(request: HttpRequest) -> HttpResponse:
    """Answer when we have failed; the log knows more."""
    if _from_program(request):
        detail = "Something went wrong on our side. Nothing that was accepted is lost."
        return problems.answer(request, "fault", status_code=500, detail=detail)
    with translation.override(languages.asked(request)):
        return defaults.server_error(request)


def _from_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
