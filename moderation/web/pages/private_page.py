"""Pages that only who has their link can open: never cached, never indexed, never told of."""

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
    # Where the page links to does not learn its address.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


# No cookie is read: the address itself shows who asks, and no other page knows it.
@method_decorator(csrf_exempt, name="dispatch")
class PrivatePage(View):
    """A page behind a signed link. Opening it changes nothing: mail programs open links, too."""

    purpose: ClassVar[signed_links.Purpose]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find what the link names, and answer in the reader's language."""
        with translation.override(languages.asked(request)):
            try:
                self.find(signed_links.read_token(self.purpose, kwargs["token"]))
                response = super().dispatch(request, *args, **kwargs)
            except Http404:
                response = render(request, "pages/gone.html", status=404)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    def find(self, ids: list[UUID]) -> None:
        """Fetch what these ids name; raise Http404 when it is not there, as for no ids at all."""
        raise NotImplementedError

    def show(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Return the page."""
        return render(self.request, template, context, status=status)
