"""An id for each request: in its answer, its log lines, and those of the tasks it enqueues."""

import logging
import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

from celery.signals import before_task_publish, task_postrun, task_prerun
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
# The name under which a message carries it to the worker.
MESSAGE_HEADER = "leave_a_reply_request_id"
GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
_current: ContextVar[str] = ContextVar("request_id", default="")


def identify(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Return middleware that names each request, as a proxy before us did where it did."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        name = given if GIVEN.fullmatch(given) else uuid4().hex
        token = _current.set(name)
        try:
            response = get_response(request)
        finally:
            _current.reset(token)
        response.headers[HEADER] = name
        return response

    return middleware


class AddRequestId(logging.Filter):
    """Gives each record the id of the request that it is about, or an empty one."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add `request_id`; keep every record."""
        record.request_id = _current.get()
        return True


@before_task_publish.connect
def _send(headers: dict[str, Any] | None = None, **_: Any) -> None:
    if headers is not None and _current.get():
        headers[MESSAGE_HEADER] = _current.get()


@task_prerun.connect
def _take(task: Any = None, **_: Any) -> None:
    given = getattr(task.request, MESSAGE_HEADER, None) if task else None
    _current.set(given if isinstance(given, str) and GIVEN.fullmatch(given) else "")


@task_postrun.connect
def _forget(**_: Any) -> None:
    _current.set("")
