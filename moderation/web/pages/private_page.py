"""Base of pages behind a signed link: not cached, not indexed, and sending no referrer."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from comments.http import languages
from comments.privacy import signed_links

HEADERS = {
    "Cache-Control": "private, no-store",
    # The URL is the credential, so linked sites must not see it.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


# No cookie is read: the URL is the credential, and no other page knows it.
@method_decorator(csrf_exempt, name="dispatch")
class PrivatePage(View):
    """A page behind a signed link. GET changes nothing, since mail programs prefetch links."""

    purpose: ClassVar[signed_links.Purpose]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Load what the link names, and respond in the reader's language; 404 if it is invalid."""
        with translation.override(languages.preferred(request)):
            try:
                self.load(signed_links.read_token(self.purpose, kwargs["token"]))
                response = super().dispatch(request, *args, **kwargs)
            except Http404:
                response = render(request, "pages/gone.html", status=404)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    def load(self, ids: list[UUID]) -> None:
        """Load the objects with these ids; raise Http404 if there are none, or no ids."""
        raise NotImplementedError

    def render(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Render a template for this request."""
        return render(self.request, template, context, status=status)
