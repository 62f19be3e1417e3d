"""What a request of the desk wants: JSON for its scripts, and where to go back to."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def wants_json(request: HttpRequest) -> bool:
    """Return whether the request is a script's, which accepts JSON and no HTML."""
    return request.accepts("application/json") and not request.accepts("text/html")


def return_url(request: HttpRequest, url: str) -> str:
    """Return a URL to redirect to if it is on this host, else the queue: no open redirects."""
    is_safe = url_has_allowed_host_and_scheme(
        url, {request.get_host()}, require_https=request.is_secure()
    )
    return url if is_safe else reverse("admin:moderation_reviewable_changelist")
