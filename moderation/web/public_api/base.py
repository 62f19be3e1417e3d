"""The base of the public endpoints of a site: the site, edit tokens, rate limits and CORS."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from comments.accounts import single_sign_on
from comments.http import (
    connections,
    guesses,
    languages,
    origins,
    problems,
    rate_limits,
    refused_origins,
)
from comments.http.forwarding import client_address
from comments.http.views import ApiView
from comments.models import Comment, Site
from comments.models.site_lookup import find_site
from comments.privacy import email_addresses
from comments.threads import voting
from moderation.decisions import decide
from moderation.intake import refusals
from moderation.web.shared.submit import quota_headers, shown_edit_tokens

REQUEST_HEADERS = "Content-Type, Idempotency-Key, If-None-Match, X-Edit-Token"
# Of what tells the owner of a page why it is refused.
READABLE = {"Access-Control-Allow-Origin": "*"}
RESPONSE_HEADERS = "Date, ETag, Idempotent-Replay, RateLimit, RateLimit-Policy, Retry-After"


def allow_origin(
    response: HttpResponse, request: HttpRequest | Request, origins: Collection[str]
) -> HttpResponse:
    """Add the CORS headers that let pages of these origins alone read the response.

    Why a page is refused can be read by any, so that its owner finds it in the browser's console.
    """
    patch_vary_headers(response, ["Origin", "X-Edit-Token"])
    origin = request.headers.get("Origin")
    if origin and origin in origins:
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Expose-Headers"] = RESPONSE_HEADERS
    return response


class SiteView(ApiView):
    """An endpoint under `/api/v1/sites/{slug}/`: no cookies, no accounts, CORS to the site."""

    site: Site

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Respond in the reader's language: error messages are shown to people."""
        with translation.override(languages.preferred(request)):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Load the site that the path names; raise Problem for an unknown one.

        Raise Problem for what another website sends: its pages act for the reader's network.
        """
        super().initial(request, *args, **kwargs)
        if request.method == "OPTIONS":
            return
        self.load_site(kwargs["slug"])
        self._refuse_foreign(request)
        connections.note(self.site, request.headers.get("Origin", ""), now=timezone.now())

    def load_site(self, slug: str) -> None:
        """Look the site up; raise Problem where there is none."""
        site = find_site(slug)
        if site is None:
            detail = f"There is no site {slug!r} here: see the attribute site."
            raise problems.Problem(404, "site-unknown", detail, headers=READABLE)
        self.site = site

    def _refuse_foreign(self, request: Request) -> None:
        """Raise Problem for a page of another website, and remember it for the site's owner."""
        if origin := origins.foreign_origin(request._request, allowed=self.site.origins):
            refused_origins.note(self.site, origin, now=timezone.now())
        elif not origins.is_foreign(request._request, allowed=self.site.origins):
            return
        detail = (
            f"{origin or 'Another website'} is not among the origins of the site "
            f"{self.site.slug!r}. Its owner lists them at the desk."
        )
        raise problems.Problem(403, "foreign-origin", detail, headers=READABLE)

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """Answer a CORS preflight request: of any origin, which is then told why it is refused."""
        return Response(
            status=204,
            headers={
                "Access-Control-Allow-Origin": request.headers.get("Origin", "*"),
                "Access-Control-Allow-Methods": ", ".join(self.allowed_methods),
                "Access-Control-Allow-Headers": REQUEST_HEADERS,
                "Access-Control-Max-Age": "86400",
            },
        )

    def handle_exception(self, exc: Exception) -> Response:
        """Answer domain errors as problems; leave all else to DRF."""
        if isinstance(exc, refusals.TooManyPosts):
            headers = {"Retry-After": str(exc.retry_after), **quota_headers(exc.quotas)}
            exc = problems.refusal(exc, code=exc.code, headers=headers)
        elif isinstance(exc, refusals.TooManyThreads | refusals.TooSoon):
            headers = {"Retry-After": str(exc.retry_after)}
            exc = problems.refusal(exc, code=exc.code, headers=headers)
        elif isinstance(exc, refusals.SubmissionRefused):
            exc = problems.refusal(exc, code=exc.code, field=exc.field)
        elif isinstance(exc, decide.DecisionRefused | voting.VoteRefused):
            exc = problems.refusal(exc, code=exc.code)
        return super().handle_exception(exc)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Add the CORS headers for the site's own pages."""
        response = super().finalize_response(request, response, *args, **kwargs)
        allow_origin(response, request, self.site.origins if hasattr(self, "site") else ())
        return response

    def limit(self, action: str, most: int) -> None:
        """Count an action of the caller's address; raise Problem beyond `most` a minute."""
        address = email_addresses.address_digest(client_address(self.request))
        name = f"{action} {self.site.pk}"
        usage = rate_limits.use_for(address, name, now=timezone.now().timestamp(), limit=most)
        if not usage.allowed:
            detail = _("That was often. Try again in a minute.")
            raise problems.too_many_requests(detail, retry_after=usage.reset)

    def signed_on_as(self, reader_token: str) -> list[str]:
        """Return the digests of a signed-on reader's address, the newest first; none without token.

        Raises Problem for a token that is not valid.
        """
        if not reader_token:
            return []
        try:
            reader = single_sign_on.read_reader_token(
                reader_token, site=self.site, now=timezone.now()
            )
        except single_sign_on.InvalidSignOnToken as error:
            raise problems.refusal(error, code=error.code) from None
        return email_addresses.email_digests(reader.email)

    def own_comment(self, comment_id: UUID) -> Comment:
        """Return the caller's comment; raise NotFound unless its edit token came along."""
        comments = Comment.objects.select_related("site", "thread")
        comment = comments.filter(site=self.site, pk=comment_id).first()
        if comment is None or comment_id not in self.edit_tokens():
            guesses.mark(self.request._request)
            raise NotFound(
                "There is no such comment, or X-Edit-Token has no valid edit token for it."
            )
        return comment

    def edit_tokens(self) -> set[UUID]:
        """Return the ids of the comments whose edit tokens came, in the header alone."""
        return shown_edit_tokens(self.request)
