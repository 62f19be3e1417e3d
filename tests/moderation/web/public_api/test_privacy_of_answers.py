"""The promise: an address is in no answer and no log line, however a request goes wrong."""

import logging

import pytest

from tests.conftest import Api
from tests.submissions import EMAIL, post


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"body": ""},
        {"thread": {}},
        {"author_email": f"{EMAIL} and more"},
        {"author_name": EMAIL},
        {"parent": "x"},
    ],
)
def test_no_answer_and_no_log_line_repeats_an_address(
    reader: Api, caplog: pytest.LogCaptureFixture, changes: dict
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = post(reader, **changes)
    assert EMAIL not in answer.content.decode()
    assert EMAIL not in caplog.text


def test_a_fault_tells_nothing(reader: Api, monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("moderation.intake.receive.render", fail)
    reader.client.raise_request_exception = False
    answer = post(reader)
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert EMAIL not in answer.content.decode()
    assert EMAIL not in caplog.text
