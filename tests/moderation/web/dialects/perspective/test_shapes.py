"""The shapes in which clients write the same request, and what browsers need."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from comments.accounts import api_keys
from comments.models import Site

pytestmark = pytest.mark.django_db
ANALYZE = "/v1alpha1/comments:analyze"
PAGE = "https://blog.example"


@pytest.fixture
def key(site: Site) -> str:
    site.origins = [PAGE]
    site.save()
    issued = api_keys.issue(site, scopes=["checks", "feedback"], name="x", now=timezone.now())
    return issued.secret


def analyze(key: str, body: dict, **options: Any) -> Any:
    return Client(**options).post(f"{ANALYZE}?key={key}", json.dumps(body), "application/json")


def value(answer: Any, attribute: str = "TOXICITY") -> float:
    assert answer.status_code == 200, answer.content
    score: float = answer.json()["attributeScores"][attribute]["summaryScore"]["value"]
    return score


def test_fields_may_have_the_names_of_protocol_buffers(key: str) -> None:
    body = {
        "comment": {"text": "You idiot! Bye"},
        "requested_attributes": {"TOXICITY": {"score_type": "PROBABILITY"}},
        "span_annotations": True,
        "client_token": "7",
        "do_not_store": True,
        "drop_unsupported_attributes": True,
    }
    answer = analyze(key, body)
    assert value(answer) == 0.7
    assert answer.json()["clientToken"] == "7"
    assert len(answer.json()["attributeScores"]["TOXICITY"]["spanScores"]) == 2


def test_names_of_attributes_stay_as_they_are(key: str) -> None:
    body = {"comment": {"text": "x"}, "requested_attributes": {"IDENTITY_ATTACK": {}}}
    assert "IDENTITY_ATTACK" in str(analyze(key, body).content)


@pytest.mark.parametrize(("threshold", "is_returned"), [("0.5", True), ("0.9", False), (1, False)])
def test_a_threshold_may_be_a_string(key: str, threshold: Any, is_returned: bool) -> None:
    wanted = {"TOXICITY": {"scoreThreshold": threshold}}
    body = {"comment": {"text": "You idiot"}, "requestedAttributes": wanted}
    assert ("attributeScores" in analyze(key, body).json()) is is_returned


@pytest.mark.parametrize("threshold", ["high", "NaN", "Infinity", True, [0.5], {}, "1e999"])
def test_a_threshold_that_is_no_number_is_refused(key: str, threshold: Any) -> None:
    wanted = {"TOXICITY": {"scoreThreshold": threshold or "{}"}}
    answer = analyze(key, {"comment": {"text": "x"}, "requestedAttributes": wanted})
    assert answer.status_code == 400
    assert "score_threshold" in answer.json()["error"]["message"]


def test_a_suggested_score_may_be_a_string(key: str) -> None:
    body = {
        "comment": {"text": "x"},
        "attribute_scores": {"TOXICITY": {"summary_score": {"value": "0.9"}}},
    }
    path = f"/v1alpha1/comments:suggestscore?key={key}"
    assert Client().post(path, json.dumps(body), "application/json").status_code == 200


def test_n8n_writes_the_score_type_in_small_letters_and_one_language(key: str) -> None:
    body = {
        "comment": {"type": "PLAIN_TEXT", "text": "You idiot"},
        "requestedAttributes": {"TOXICITY": {"scoreType": "probability", "scoreThreshold": 0}},
        "languages": "en",
    }
    headers = {"Authorization": f"Bearer {key}"}
    answer = Client(headers=headers).post(ANALYZE, json.dumps(body), "application/json")
    assert value(answer) == 0.7
    assert answer.json()["languages"] == ["en"]


def test_r_asks_for_spans_and_unboxes_a_list_of_one(key: str) -> None:
    body = {
        "comment": {"text": "You idiot"},
        "spanAnnotations": True,
        "requestedAttributes": {"TOXICITY": {}, "INSULT": {}},
        "languages": "en",
    }
    assert value(analyze(key, body | {"requestedAttributes": {"TOXICITY": {}}})) == 0.7


def test_a_body_that_is_too_large_is_refused_in_googles_words(key: str) -> None:
    body = {"comment": {"text": "x" * 1_100_000}, "requestedAttributes": {"TOXICITY": {}}}
    error = analyze(key, body).json()["error"]
    assert error["message"].startswith("Request payload size exceeds the limit")
    assert error["status"] == "INVALID_ARGUMENT"


@pytest.mark.usefixtures("still_clock")
def test_too_many_calls_have_googles_reason(key: str, settings: Any) -> None:
    settings.KEY_LIMIT = 1
    body = {"comment": {"text": "x"}, "requestedAttributes": {"TOXICITY": {}}}
    analyze(key, body)
    answer = analyze(key, body)
    assert answer.status_code == 429
    assert answer.json()["error"]["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"
    assert int(answer["Retry-After"]) > 0


# Browsers


def preflight(path: str, origin: str) -> Any:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    return Client(headers=headers).options(path)


def test_the_sites_pages_may_call(key: str) -> None:
    answer = preflight(f"{ANALYZE}?key={key}", PAGE)
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == PAGE
    assert "POST" in answer["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer["Access-Control-Allow-Headers"]
    body = {"comment": {"text": "x"}, "requestedAttributes": {"TOXICITY": {}}}
    called = analyze(key, body, headers={"Origin": PAGE})
    assert called.status_code == 200
    assert called["Access-Control-Allow-Origin"] == PAGE


def test_other_pages_may_not_call_with_the_sites_key(key: str) -> None:
    answer = preflight(f"{ANALYZE}?key={key}", "https://other.example")
    assert "Access-Control-Allow-Origin" not in answer
    body = {"comment": {"text": "x"}, "requestedAttributes": {"TOXICITY": {}}}
    refused = analyze(key, body, headers={"Origin": "https://other.example"})
    assert refused.status_code == 403
    reason = refused.json()["error"]["details"][0]["reason"]
    assert reason == "API_KEY_HTTP_REFERRER_BLOCKED"


def test_a_preflight_for_a_key_in_a_header_leaves_it_to_the_call(key: str) -> None:
    assert preflight(ANALYZE, PAGE)["Access-Control-Allow-Origin"] == PAGE


def test_a_page_can_read_why_its_call_is_refused(key: str) -> None:
    answer = analyze(key, {}, headers={"Origin": PAGE})
    assert answer.status_code == 400
    assert answer["Access-Control-Allow-Origin"] == PAGE
