"""Base of pages behind a signed link: not cached, not indexed, and sending no referrer."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from comments.http import guesses, languages, origins
from comments.http.forwarding import visitor
from comments.models import Site
from comments.privacy import form_tokens, signed_links
from moderation.web.pages.foreign_form import refuse

HEADERS = {
    "Cache-Control": "private, no-store",
    # The URL is the credential, so linked sites must not see it.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


# No cookie is read: the URL is the credential, and each form has a token for its visitor.
@method_decorator(csrf_exempt, name="dispatch")
class PrivatePage(View):
    """A page behind a signed link. GET changes nothing, since mail programs prefetch links."""

    purpose: ClassVar[signed_links.Purpose]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Load what the link names, and respond in the reader's language.

        404 if the link is invalid, 410 if it has expired, 403 for another website's form; the page
        again where the form's token does not fit.
        """
        with translation.override(languages.preferred(request)):
            try:
                self.load(signed_links.read_token(self.purpose, kwargs["token"]))
                response = self._respond(request, *args, **kwargs)
            except Http404:
                guesses.mark(request)
                response = render(request, "pages/gone.html", status=404)
            except signed_links.LinkExpired:
                context = {"expired": self.purpose.name}
                response = render(request, "pages/gone.html", context, status=410)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    def load(self, ids: list[UUID]) -> None:
        """Load the objects with these ids; raise Http404 if there are none, or no ids."""
        raise NotImplementedError

    @property
    def site(self) -> Site:
        """The site that the page belongs to, once it is loaded."""
        raise NotImplementedError

    def needs_token(self) -> bool:
        """Return whether what was posted must come from a form of this page."""
        return True

    def show_again(self, error: str) -> HttpResponse:
        """Show the page with what was typed and an error, 400: the form's token does not fit."""
        raise NotImplementedError

    def render(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Render a template for this request, with a fresh form token."""
        token, _decoy = form_tokens.issue_form_token(
            self.site, visitor=visitor(self.request), now=timezone.now(), act=self._act
        )
        return render(self.request, template, {"form_token": token, **context}, status=status)

    def _respond(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if origins.is_foreign(request, no_referrer=True):
            return refuse(request)
        if request.method == "POST" and self.needs_token():
            form = form_tokens.read_form_token(
                request.POST.get("form_token", ""),
                self.site,
                visitor=visitor(request),
                now=timezone.now(),
                act=self._act,
            )
            if form.state != "valid":
                return self.show_again(_("This form is out of date. Please try again."))
        return super().dispatch(request, *args, **kwargs)

    @property
    def _act(self) -> str:
        """What the forms of this page are for: its purpose, and whom or what it is about."""
        return f"{self.purpose} {self.kwargs['token'].partition(':')[0]}"
