"""What browsers may do with our pages: they load nothing from other origins."""

from collections.abc import Callable
from typing import Any

from csp.constants import NONCE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

STRICT: dict[str, Any] = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "frame-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
# The theme of the desk writes its colours into the page, and widths into attributes; those can't
# run anything. Its scripts come in files, and Alpine.js in the build that does without eval.
DESK = STRICT | {
    "style-src-elem": ["'self'", NONCE],
    "style-src-attr": ["'unsafe-inline'"],
}
# Swagger UI sets styles of elements, and has its icons in its style sheet.
DOCS = STRICT | {"style-src-attr": ["'unsafe-inline'"]}
BY_PATH = {"/admin/": DESK, "/api/docs/": DOCS}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": STRICT}

PERMISSIONS = ", ".join(
    [
        *(
            f"{feature}=()"
            for feature in (
                *("accelerometer", "autoplay", "camera", "display-capture"),
                *("encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid"),
                *("idle-detection", "local-fonts", "magnetometer", "microphone", "midi"),
                *("payment", "picture-in-picture", "screen-wake-lock", "serial", "usb"),
                *("xr-spatial-tracking", "browsing-topics"),
            )
        ),
        # Of the desk: passkeys, and copying a key.
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
        "clipboard-write=(self)",
    ]
)
# What other sites' pages load as a resource. All else is for pages of our own.
EMBEDDED = (
    "/embed.js",
    "/embed/",
    "/counts.js",
    "/avatars/",
    "/static/",
    "/sites/",
    "/status/",
    "/api/v1/sites/",
)


class ContentSecurity(CSPMiddleware):
    """Sends the content security policy of each page."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Return the parts of the policy, which differs where other people's scripts need more."""
        parts = super().get_policy_parts(request, response, report_only)
        own = [policy for path, policy in BY_PATH.items() if request.path_info.startswith(path)]
        if own and not report_only:
            parts.config = own[0]
        return parts


def isolation(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Return the middleware that says what a page may use, and who may load it as a resource."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_embedded = request.path_info.startswith(EMBEDDED)
        response.headers.setdefault(
            "Cross-Origin-Resource-Policy", "cross-origin" if is_embedded else "same-origin"
        )
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    return middleware
