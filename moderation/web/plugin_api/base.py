"""The base of the plugin API's endpoints: API keys, their scopes and their rate limits."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from comments.accounts import api_keys, key_limits, single_sign_on
from comments.http import problems, rate_limits
from comments.http.rate_limits import RateLimit
from comments.http.views import ApiView
from comments.models import Scope, Site, SiteKey
from moderation.decisions import decide
from moderation.intake import refusals


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer lar_…`: an API key of a site."""

    def authenticate(self, request: Request) -> tuple[None, SiteKey] | None:
        """Return the key; raise AuthenticationFailed for one that is unknown or expired."""
        kind, _, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if kind.lower() != "bearer":
            return None
        key = api_keys.authenticate(secret.strip(), now=timezone.now())
        if key is None:
            raise AuthenticationFailed("This key is unknown, revoked or expired.")
        return None, key

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge that goes with 401 (RFC 6750)."""
        return 'Bearer realm="plugin API"'


class KeyAuthenticationScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The OpenAPI security scheme of API keys."""

    target_class = KeyAuthentication
    name = "siteKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the security scheme object."""
        return {"type": "http", "scheme": "bearer", "description": "A key from `create_key`."}


@method_decorator(conditional_page, name="dispatch")
class KeyView(ApiView):
    """An endpoint for a site's servers; the key needs `scope`, and sees rows of its site only.

    GET responses have an `ETag`; a request with a matching `If-None-Match` is answered with 304.
    """

    authentication_classes = (KeyAuthentication,)
    scope: ClassVar[Scope]
    limits: Mapping[str, RateLimit] = MappingProxyType({})

    @property
    def key(self) -> SiteKey:
        """The key of the request."""
        if not isinstance(self.request.auth, SiteKey):
            raise NotAuthenticated("Send the key of a site: `Authorization: Bearer lar_…`.")
        return self.request.auth

    @property
    def site(self) -> Site:
        """The site that the key belongs to; nothing of another site exists here."""
        return self.key.site

    @property
    def caller(self) -> str:
        """The key, as the scope of idempotency keys."""
        return f"key {self.key.pk}"

    def get_queryset(self) -> QuerySet[Any]:
        """Return the rows of the key's site."""
        return super().get_queryset().filter(site=self.site)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Require the key, then count the request, then require the scope."""
        super().initial(request, *args, **kwargs)
        self.limits = key_limits.count_call(self.key, now=timezone.now())
        if usage := key_limits.exceeded(self.limits):
            whose = "this key" if usage is self.limits["key"] else "the keys of a site"
            detail = f"Use {whose} {usage.limit} times a minute at most."
            raise problems.too_many_requests(detail, retry_after=usage.reset)
        if not self.key.may(self.scope):
            raise problems.Problem(
                403, "scope-missing", f"This key does not have the scope “{self.scope}”."
            )

    def handle_exception(self, exc: Exception) -> Response:
        """Answer domain errors as problems; leave all else to DRF."""
        if isinstance(exc, refusals.SubmissionRefused):
            exc = problems.refusal(exc, code=exc.code, field=exc.field)
        elif isinstance(exc, decide.DecisionRefused | single_sign_on.InvalidSignOnToken):
            exc = problems.refusal(exc, code=exc.code)
        return super().handle_exception(exc)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Add the `RateLimit` headers of the key and its site."""
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in rate_limits.headers(self.limits).items():
            response[name] = value
        return response
