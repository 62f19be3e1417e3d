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

from comments.http import languages, problems, rate_limits
from comments.http.requests import client_address
from comments.http.views import ApiView, get_or_not_found
from comments.models import Comment, Site
from comments.privacy import email_addresses, tokens
from comments.threads import voting
from moderation.decisions import decide
from moderation.intake import receive
from moderation.web.shared.submit import quota_headers

REQUEST_HEADERS = "Content-Type, Idempotency-Key, If-None-Match, X-Edit-Token"
RESPONSE_HEADERS = "ETag, Idempotent-Replay, RateLimit, RateLimit-Policy, Retry-After"


def allow_origin(
    response: HttpResponse, request: HttpRequest | Request, origins: Collection[str]
) -> HttpResponse:
    """Add the CORS headers that let pages of these origins alone read the response."""
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
        """Load the site that the path names; raise NotFound for an unknown one."""
        super().initial(request, *args, **kwargs)
        self.site = get_or_not_found(
            Site.objects.all(), "There is no such site.", slug=kwargs["slug"]
        )

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """Answer a CORS preflight request."""
        return Response(
            status=204,
            headers={
                "Access-Control-Allow-Methods": ", ".join(self.allowed_methods),
                "Access-Control-Allow-Headers": REQUEST_HEADERS,
                "Access-Control-Max-Age": "86400",
            },
        )

    def handle_exception(self, exc: Exception) -> Response:
        """Answer domain errors as problems; leave all else to DRF."""
        if isinstance(exc, receive.TooManyPosts):
            headers = {"Retry-After": str(exc.retry_after), **quota_headers(exc.quotas)}
            exc = problems.refusal(exc, code=exc.code, headers=headers)
        elif isinstance(exc, receive.SubmissionRefused):
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
        name = f"{action} {self.site.pk} {address}"
        usage = rate_limits.use(name, now=timezone.now().timestamp(), limit=most)
        if not usage.allowed:
            detail = _("That was often. Try again in a minute.")
            raise problems.too_many_requests(detail, retry_after=usage.reset)

    def own_comment(self, comment_id: UUID) -> Comment:
        """Return the caller's comment; raise NotFound unless its edit token came along."""
        comments = Comment.objects.select_related("site", "thread")
        comment = comments.filter(site=self.site, pk=comment_id).first()
        if comment is None or comment_id not in self.edit_tokens():
            raise NotFound("There is no such comment, or the edit token is not the one for it.")
        return comment

    def edit_tokens(self) -> set[UUID]:
        """Return the ids of the comments whose edit tokens came: in header, query or body."""
        values = self.request.headers.get("X-Edit-Token", "").split(",")
        values += self.request.query_params.getlist("edit_token")
        if isinstance(self.request.data, dict):
            values.append(str(self.request.data.get("edit_token", "")))
        return tokens.read_edit_tokens(values)
