"""Each request has an id: in its answer, in its log lines, and in those of its tasks."""

import json
import logging
import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from celery.signals import before_task_publish, task_postrun, task_prerun
from django.test import Client

from config.log_redaction import JsonFormatter, RedactedRecord
from config.request_ids import HEADER, MESSAGE_HEADER, AddRequestId, _current


@pytest.fixture(autouse=True)
def no_request() -> Iterator[None]:
    token = _current.set("")
    yield
    _current.reset(token)


def logged(message: str, *arguments: object) -> dict[str, str]:
    """Return a log line as JSON."""
    record = RedactedRecord("ours", logging.INFO, "f.py", 1, message, arguments, None)
    AddRequestId().filter(record)
    return json.loads(JsonFormatter().format(record))


def test_an_answer_has_an_id_of_its_own() -> None:
    first, second = (Client().get("/healthz").headers[HEADER] for _ in range(2))
    assert re.fullmatch("[0-9a-f]{32}", first)
    assert first != second


def test_that_of_a_proxy_is_kept() -> None:
    assert (
        Client(headers={HEADER: "from-the-proxy-1"}).get("/healthz")[HEADER] == "from-the-proxy-1"
    )


@pytest.mark.parametrize(
    "given", ["short", "a" * 65, "with space 12", 'quote"12345', "new\nline123"]
)
def test_one_that_would_forge_log_lines_is_not(given: str) -> None:
    assert Client(headers={HEADER: given}).get("/healthz")[HEADER] != given


def test_it_goes_to_the_worker_and_no_further() -> None:
    _current.set("of-the-request")
    headers: dict[str, str] = {}
    before_task_publish.send(sender="a.task", headers=headers)
    assert headers == {MESSAGE_HEADER: "of-the-request"}
    _current.set("")
    task_prerun.send(sender=None, task=SimpleNamespace(request=SimpleNamespace(**headers)))
    assert logged("in the task")["request_id"] == "of-the-request"
    task_postrun.send(sender=None)
    assert "request_id" not in logged("after it")


def test_a_line_of_json_is_redacted_and_one_line() -> None:
    line = logged("GET %s\nand more", "/status/abc123secret")
    assert "abc123secret" not in line["message"]
    assert line["message"].endswith("\nand more")
    assert line["level"] == "INFO"
    assert line["at"].endswith("+00:00")
