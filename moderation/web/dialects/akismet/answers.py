"""Answers as clients of the protocol want them: plain text that they compare letter by letter."""

from uuid import UUID, uuid4

from django.http import HttpResponse

from comments.http import rate_limits
from moderation.intake.akismet import CheckResult

TEXT = "text/plain; charset=utf-8"
THANKS = "Thanks for making the web a better place."


def text(body: str) -> HttpResponse:
    """Return a body without anything around it."""
    return HttpResponse(body, content_type=TEXT)


def trouble(body: str, why: str, *, guid: bool = False) -> HttpResponse:
    """Return what is wrong. It is 200: clients take any other status for an outage.

    With a `guid` WordPress keeps the comment pending; without one it would publish it.
    """
    response = text(body)
    response["X-akismet-debug-help"] = why
    if guid:
        response["X-akismet-guid"] = uuid4().hex
    return response


def too_many(*, guid: bool) -> HttpResponse:
    """Return that the key was used too often; the one answer that is not 200, as Akismet's is."""
    response = trouble("Too many requests.", "Too many requests: wait a minute.", guid=guid)
    response.status_code = 429
    response["Retry-After"] = str(rate_limits.WINDOW)
    return response


def verdict(answered: CheckResult) -> HttpResponse:
    """Return the answer to a check."""
    response = text("true" if answered.is_spam else "false")
    response["X-akismet-guid"] = _hex(answered.guid)
    if answered.discard:
        response["X-akismet-pro-tip"] = "discard"
    if answered.recheck_after is not None:
        response["X-akismet-recheck-after"] = str(answered.recheck_after)
    return response


def _hex(guid: UUID) -> str:
    return guid.hex
