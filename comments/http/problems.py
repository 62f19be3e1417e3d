"""Errors as `application/problem+json` (RFC 9457)."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from comments.limits import LimitReached

MEDIA_TYPE = "application/problem+json"
BASE = "urn:problem-type:leave-a-reply:"
# A body with thousands of faults is answered with the first of them.
MAX_ERRORS = 100


INVALID, FIELDS_REFUSED = "invalid", "Some fields of the request are not acceptable."

# The status code of each error that a domain function may raise, by its code.
REFUSALS = {
    "page-foreign": 403,
    "thread-closed": 403,
    "paused": 403,
    "members-only": 403,
    "too-soon": 429,
    "challenge-unsolved": 403,
    "parent-unknown": 400,
    "too-deep": 400,
    "too-many-posts": 429,
    "too-late": 403,
    "comment-gone": 404,
    "votes-off": 403,
    "own-comment": 403,
    "revision-stale": 409,
    "already-decided": 409,
    "not-appealable": 409,
    "not-undoable": 409,
    "own-appeal": 409,
    "reasons-missing": 400,
    "reason-unknown": 400,
    "not-waiting": 409,
    "not-public": 409,
    "not-top-level": 409,
    "too-many-pinned": 409,
    "job-ended": 409,
    "too-many-edits": 409,
    "not-learned": 409,
    "cannot-promote": 409,
    "nothing-to-roll-back": 409,
    "too-many-subscriptions": 409,
    "too-many-new-threads": 429,
    "sign-on-refused": 401,
}


class Problem(exceptions.APIException):
    """An error with a stable `type`, its last segment being `code`.

    `extra` are members of the document beside the standard ones, `headers` go with the answer.
    """

    def __init__(
        self,
        status_code: int,
        code: str,
        detail: str,
        *,
        extra: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail, code)
        self.status_code = status_code
        self.code, self.text = code, detail
        self.extra, self.headers = extra or {}, headers or {}


def refusal(
    error: Exception, *, code: str, field: str = "", headers: dict[str, str] | None = None
) -> Problem:
    """Return the problem for a domain error: its message, and the field at fault, if any."""
    errors = [{"detail": str(error), "pointer": f"/{field}", "code": code}]
    extra = {"errors": errors} if field else None
    return Problem(REFUSALS[code], code, str(error), extra=extra, headers=headers)


def too_many_requests(detail: str, *, retry_after: int) -> Problem:
    """Return the problem for a rate limit that is used up; `retry_after` is in seconds."""
    headers = {"Retry-After": str(retry_after)}
    return Problem(429, "too-many-requests", detail, headers=headers)


def field_errors(error: exceptions.ValidationError) -> list[dict[str, str]]:
    """Return the first faults of a request, each with the JSON pointer of its field."""
    return list(islice(_field_errors(error.detail), MAX_ERRORS))


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the problem for an APIException; None for any other error, which DRF then raises."""
    if isinstance(error, RequestDataTooBig):
        limit = f"A request may have {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes at most."
        # Django's own message speaks of the setting.
        detail = limit if "settings." in str(error) else str(error)
        error = Problem(413, "too-large", detail)
    if isinstance(error, LimitReached):
        error = Problem(409, error.code, str(error))
    response = exception_handler(error, context)
    if response is None:
        return None
    body = {"instance": context["request"].path, **_document(error, response)}
    response.data = {"type": BASE + body.pop("code"), **body}
    response.content_type = MEDIA_TYPE
    for name, value in getattr(error, "headers", {}).items():
        response[name] = value
    return response


def answer(request: HttpRequest, code: str, *, status_code: int, detail: str) -> JsonResponse:
    """Return a problem from outside of an API view, such as the handler of unknown URLs."""
    body = {
        "type": BASE + code,
        "instance": request.path,
        "title": _title(code),
        "status": status_code,
        "detail": detail,
    }
    return JsonResponse(body, status=status_code, content_type=MEDIA_TYPE)


def _document(error: Exception, response: Response) -> dict[str, Any]:
    if isinstance(error, Problem):
        code, detail, extra = error.code, error.text, error.extra
    elif isinstance(error, exceptions.ValidationError):
        code, detail, extra = INVALID, FIELDS_REFUSED, {"errors": field_errors(error)}
    else:
        detail = str((response.data or {}).get("detail", error))
        code, extra = _code(response.status_code), {}
    title = _title(code)
    return {"code": code, "title": title, "status": response.status_code, "detail": detail, **extra}


def _code(status_code: int) -> str:
    return {
        status.HTTP_400_BAD_REQUEST: "malformed",
        status.HTTP_401_UNAUTHORIZED: "not-authenticated",
        status.HTTP_403_FORBIDDEN: "forbidden",
        status.HTTP_404_NOT_FOUND: "not-found",
        status.HTTP_405_METHOD_NOT_ALLOWED: "method-not-allowed",
        status.HTTP_413_REQUEST_ENTITY_TOO_LARGE: "too-large",
        status.HTTP_415_UNSUPPORTED_MEDIA_TYPE: "unsupported-media-type",
    }.get(status_code, "error")


def _title(code: str) -> str:
    return code.replace("-", " ").capitalize()


def _field_errors(detail: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    """Yield each message with the JSON pointer (RFC 6901) of the field it is about."""
    if isinstance(detail, dict):
        for field, inner in detail.items():
            step = "" if field == "non_field_errors" else f"/{field}"
            yield from _field_errors(inner, pointer + step)
    elif isinstance(detail, list):
        for inner in detail:
            yield from _field_errors(inner, pointer)
    else:
        yield {
            "detail": str(detail),
            "pointer": pointer,
            "code": getattr(detail, "code", "invalid"),
        }
