"""Responses of the Akismet protocol: plain text that clients compare letter by letter."""

from uuid import UUID, uuid4

from django.http import HttpResponse

from comments.http import rate_limits
from moderation.intake.akismet.request import CheckResult

TEXT = "text/plain; charset=utf-8"
THANKS = "Thanks for making the web a better place."


def text(body: str) -> HttpResponse:
    """Return a plain-text response."""
    return HttpResponse(body, content_type=TEXT)


def error(body: str, why: str, *, guid: bool = False) -> HttpResponse:
    """Return an error, with status 200: clients take any other status for an outage.

    With a `guid` WordPress keeps the comment pending; without one it would publish it.
    """
    response = text(body)
    response["X-akismet-debug-help"] = why
    if guid:
        response["X-akismet-guid"] = uuid4().hex
    return response


def rate_limited(*, guid: bool) -> HttpResponse:
    """Return 429, the only status other than 200, as Akismet does."""
    response = error("Too many requests.", "Too many requests: wait a minute.", guid=guid)
    response.status_code = 429
    response["Retry-After"] = str(rate_limits.WINDOW)
    return response


def verdict(result: CheckResult) -> HttpResponse:
    """Return the response to a check: `true` for spam, with the protocol's headers."""
    response = text("true" if result.is_spam else "false")
    response["X-akismet-guid"] = _hex(result.guid)
    if result.discard:
        response["X-akismet-pro-tip"] = "discard"
    if result.recheck_after is not None:
        response["X-akismet-recheck-after"] = str(result.recheck_after)
    return response


def _hex(guid: UUID) -> str:
    return guid.hex
