"""Error responses outside of views: problem details (RFC 9457) for the API, pages for people."""

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views import defaults

from comments.http import languages, problems, query_limits


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Respond 400 to a malformed request."""
    if _is_api_request(request):
        is_ours = isinstance(exception, query_limits.TooManyValues)
        detail = str(exception) if is_ours else "This request can't be read."
        return problems.answer(request, "malformed", status_code=400, detail=detail)
    with translation.override(languages.preferred(request)):
        return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Respond 404 to an unknown URL."""
    if _is_api_request(request):
        return problems.answer(
            request, "not-found", status_code=404, detail="There is nothing here."
        )
    with translation.override(languages.preferred(request)):
        return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Respond 500 after an unhandled exception; the log has the details."""
    if _is_api_request(request):
        detail = "Something went wrong on our side. Nothing that was accepted is lost."
        return problems.answer(request, "fault", status_code=500, detail=detail)
    with translation.override(languages.preferred(request)):
        return defaults.server_error(request)


def _is_api_request(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
