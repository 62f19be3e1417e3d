"""The desk, and the start page, in the language of who looks at them."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

# The desk, what leads into it, and what mails lead to.
PAGES = ("/admin/", "/sign-in/", "/desk/", "/try/")
START = "/"
Respond = Callable[[HttpRequest], HttpResponseBase]


def local_words(get_response: Respond) -> Respond:
    """Return middleware that has the desk speak the language that the browser asks for."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        if request.path_info != START and not request.path_info.startswith(PAGES):
            return get_response(request)
        language = translation.get_language_from_request(request)
        with translation.override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return respond
