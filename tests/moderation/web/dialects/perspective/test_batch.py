"""Several calls in one request, as Google's API clients send them."""

import json
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from comments.accounts import api_keys
from comments.models import Site
from moderation.models import Label
from moderation.web.dialects.perspective.batch import MAX_CALLS

pytestmark = pytest.mark.django_db
BOUNDARY = "===============7330845974216740156=="
PATH = "/batch/commentanalyzer/v1alpha1"


@pytest.fixture
def key(site: Site) -> str:
    issued = api_keys.issue(site, scopes=["checks", "feedback"], name="x", now=timezone.now())
    return issued.secret


def call(key: str, body: Any, *, method: str = "analyze", number: int = 1) -> str:
    """Return a part as the Python client writes it: with bare line feeds, and two heads."""
    text = json.dumps(body)
    return (
        f"Content-Type: application/http\nContent-Transfer-Encoding: binary\n"
        f"Content-ID: <b29c5de2 + {number}>\n\n"
        f"POST /v1alpha1/comments:{method}?key={key}&alt=json HTTP/1.1\n"
        f"Content-Type: application/json\nMIME-Version: 1.0\nHost: testserver\n"
        f"content-length: {len(text)}\n\n{text}\n"
    )


def analysis(text: str) -> dict:
    return {"comment": {"text": text}, "requestedAttributes": {"TOXICITY": {}}}


def send(*parts: str, path: str = PATH, boundary: str = BOUNDARY) -> Any:
    body = "".join(f"--{boundary}\n{part}" for part in parts) + f"--{boundary}--\n"
    content_type = f'multipart/mixed; boundary="{boundary}"'
    return Client().post(path, body.encode(), content_type=content_type)


def answers(response: Any) -> list[tuple[str, int, dict]]:
    """Return the id, status and body of each part, read with Python's parser of mails."""
    assert response.status_code == 200, response.content
    head = f"Content-Type: {response['Content-Type']}\r\n\r\n".encode()
    read = []
    for part in BytesParser(policy=HTTP).parsebytes(head + response.content).iter_parts():
        assert part.get_content_type() == "application/http"
        line, _, rest = part.get_payload().partition("\r\n")
        body = json.loads(rest.split("\r\n\r\n", 1)[1])
        read.append((part["Content-ID"], int(line.split()[1]), body))
    return read


@pytest.mark.parametrize("path", [PATH, "/batch"])
def test_each_call_is_answered_under_its_id(key: str, path: str) -> None:
    parts = [call(key, analysis("You idiot"), number=1), call(key, analysis("Hello"), number=2)]
    first, second = answers(send(*parts, path=path))
    assert first[:2] == ("<response-b29c5de2 + 1>", 200)
    assert second[:2] == ("<response-b29c5de2 + 2>", 200)
    assert first[2]["attributeScores"]["TOXICITY"]["summaryScore"]["value"] == 0.7
    assert second[2]["attributeScores"]["TOXICITY"]["summaryScore"]["value"] == 0.03


def test_a_call_that_is_refused_leaves_the_others_alone(key: str) -> None:
    bad, good = answers(send(call(key, {}), call(key, analysis("Hello"))))
    assert bad[1] == bad[2]["error"]["code"] == 400
    assert good[1] == 200


def test_a_batch_may_have_suggestions_too(key: str, site: Site) -> None:
    body = {
        "comment": {"text": "x"},
        "attributeScores": {"TOXICITY": {"summaryScore": {"value": 1}}},
    }
    answers(send(call(key, body, method="suggestscore")))
    assert Label.objects.filter(site=site).count() == 1


def test_the_key_may_stand_in_a_header_of_the_call(key: str) -> None:
    part = call("", analysis("Hello")).replace("Host:", f"X-Goog-Api-Key: {key}\nHost:")
    assert answers(send(part))[0][1] == 200


def test_after_a_wrong_key_no_other_is_tried(key: str) -> None:
    wrong, unread = answers(send(call("wrong", analysis("x")), call(key, analysis("x"))))
    assert wrong[2]["error"]["details"][0]["reason"] == "API_KEY_INVALID"
    assert unread[1] == 400


@pytest.mark.usefixtures("still_clock")
def test_each_call_counts_against_the_limit(key: str, settings: Any) -> None:
    settings.KEY_LIMIT = 1
    statuses = [status for _, status, _ in answers(send(*[call(key, analysis("Hello"))] * 3))]
    assert statuses == [200, 429, 429]


def test_other_paths_are_not_reached(key: str) -> None:
    part = call(key, {}).replace("/v1alpha1/comments:analyze", "/admin/")
    assert answers(send(part))[0][1] == 404


@pytest.mark.parametrize("number", [0, MAX_CALLS + 1, 3 * MAX_CALLS])
def test_none_and_too_many_calls_are_refused(key: str, number: int) -> None:
    response = send(*[call(key, analysis("x"))] * number)
    assert response.status_code == 400
    assert f"1 to {MAX_CALLS} calls" in response.json()["error"]["message"]


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "multipart/mixed", f"multipart/mixed; boundary={'x' * 71}", ""],
)
def test_what_is_no_batch_is_refused(content_type: str) -> None:
    assert Client().post(PATH, b"{}", content_type=content_type).status_code == 400


def test_reading_the_address_is_refused() -> None:
    assert Client().get(PATH).status_code == 405


@given(body=st.binary(max_size=300) | st.text("-b\r\n: /?HTP1.", max_size=200).map(str.encode))
def test_no_batch_is_a_fault(body: bytes) -> None:
    client = Client()
    response = client.post(PATH, b"--b\r\n" + body, content_type="multipart/mixed; boundary=b")
    assert response.status_code in (200, 400)
