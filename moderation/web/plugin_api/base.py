"""What all endpoints of the plugin API share: the key, its site, its scope, its limit."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from comments.accounts import api_keys, single_sign_on
from comments.http import idempotency, problems, rate_limits
from comments.models import Scope, Site, SiteKey
from moderation.decisions import decide
from moderation.intake import receive


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer lar_…`: the key of a site."""

    def authenticate(self, request: Request) -> tuple[None, SiteKey] | None:
        """Return the key that came along; raise AuthenticationFailed for one that is no good."""
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


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the published description tells of keys."""

    target_class = KeyAuthentication
    name = "siteKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme, as OpenAPI has it."""
        return {"type": "http", "scheme": "bearer", "description": "A key from `create_key`."}


@method_decorator(conditional_page, name="dispatch")
class KeyView(APIView):
    """An endpoint for a site's servers. `scope` is what the key must be for.

    Reads have an `ETag`: what is known already is answered with 304.
    """

    authentication_classes = (KeyAuthentication,)
    scope: ClassVar[Scope]

    @property
    def key(self) -> SiteKey:
        """The key that the caller showed."""
        if not isinstance(self.request.auth, SiteKey):
            raise NotAuthenticated("Send the key of a site: `Authorization: Bearer lar_…`.")
        return self.request.auth

    @property
    def site(self) -> Site:
        """The site whose key it is; nothing of another site exists here."""
        return self.key.site

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Ask for the key, its limit and its scope before anything else."""
        super().initial(request, *args, **kwargs)
        self.usage = rate_limits.use(str(self.key.pk), now=timezone.now().timestamp())
        if not self.usage.allowed:
            detail = f"Use this key {self.usage.limit} times a minute at most."
            headers = {"Retry-After": str(self.usage.reset)}
            raise problems.Problem(429, "too-many-requests", detail, headers=headers)
        if not self.key.may(self.scope):
            raise problems.Problem(
                403, "scope-missing", f"This key does not have the scope “{self.scope}”."
            )

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a verb's refusal as a problem; leave all else to DRF."""
        if isinstance(exc, receive.SubmissionRefused):
            exc = problems.refusal(exc, code=exc.code, field=exc.field)
        elif isinstance(exc, decide.DecisionRefused | single_sign_on.InvalidSignOnToken):
            exc = problems.refusal(exc, code=exc.code)
        return super().handle_exception(exc)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Tell what the key may still do (draft-ietf-httpapi-ratelimit-headers)."""
        response = super().finalize_response(request, response, *args, **kwargs)
        if usage := getattr(self, "usage", None):
            response["RateLimit-Policy"] = f'"key";q={usage.limit};w={rate_limits.WINDOW}'
            response["RateLimit"] = f'"key";r={usage.remaining};t={usage.reset}'
        return response

    def idempotent(
        self,
        request: Request,
        create: Callable[[], Response],
        *,
        content: Any = None,
        secret: bool = False,
    ) -> Response:
        """Answer a POST once for each Idempotency-Key.

        `content` is what tells the request from another one where that is not its data; a `secret`
        answer is remembered encrypted.
        """
        header = request.headers.get("Idempotency-Key", "")
        scope = f"key {self.key.pk} POST {request.path}"
        content = request.data if content is None else content
        return idempotency.once(
            idempotency.IdempotentRequest(header, scope, content), create, secret=secret
        )
