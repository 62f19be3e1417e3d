"""The Perspective API, as its clients rely on it."""

import contextlib
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from comments.accounts import api_keys
from comments.models import Site
from moderation.models import Label
from moderation.rules.verdicts import Category
from moderation.web.dialects.perspective import views

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(site: Site) -> str:
    issued = api_keys.issue(site, scopes=["checks", "feedback"], name="x", now=timezone.now())
    return issued.secret


def call(method: str, key: str, body: Any, **options: Any) -> Any:
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    options = {"content_type": "application/json", **options}
    return Client().post(f"/v1alpha1/comments:{method}?key={key}", data, **options)


def analyze(key: str, text: str = "You idiot", **changes: Any) -> Any:
    body = {"comment": {"text": text}, "requestedAttributes": {"TOXICITY": {}}, **changes}
    return call("analyze", key, body)


def error(answer: Any, status: int = 400) -> dict:
    assert answer.status_code == status, answer.content
    error = answer.json()["error"]
    assert error["code"] == status
    return error


def error_type(answer: Any) -> str:
    return error(answer)["details"][0]["errorType"]


def test_a_text_is_scored(key: str) -> None:
    assert analyze(key, languages=["en"], doNotStore=True).json() == {
        "attributeScores": {
            "TOXICITY": {
                "spanScores": [
                    {"begin": 0, "end": 9, "score": {"value": 0.7, "type": "PROBABILITY"}}
                ],
                "summaryScore": {"value": 0.7, "type": "PROBABILITY"},
            }
        },
        "languages": ["en"],
        "detectedLanguages": ["en"],
    }


def test_nothing_is_stored(key: str, caplog: pytest.LogCaptureFixture) -> None:
    analyze(key, "A vile secret", doNotStore=True)
    assert not Label.objects.exists()
    assert "secret" not in caplog.text


def test_each_sentence_has_its_score(key: str) -> None:
    answer = analyze(key, "Hello 👋 there. You idiot! Bye", spanAnnotations=True).json()
    spans = answer["attributeScores"]["TOXICITY"]["spanScores"]
    assert [(span["begin"], span["end"]) for span in spans] == [(0, 16), (16, 27), (27, 30)]
    assert [span["score"]["value"] for span in spans] == [0.03, 0.7, 0.03]


@given(text=st.text(min_size=1, max_size=200))
def test_sentences_cover_the_text_without_overlap(text: str) -> None:
    spans = [match.span() for match in views.SENTENCE.finditer(text)]
    assert "".join(text[begin:end] for begin, end in spans) == text


def test_a_score_below_the_threshold_is_left_out(key: str) -> None:
    wanted = {"TOXICITY": {"scoreThreshold": 0.9}, "SPAM": {}}
    scores = analyze(key, requestedAttributes=wanted).json()["attributeScores"]
    assert list(scores) == ["SPAM"]


def test_where_no_score_is_left_the_key_is_missing(key: str) -> None:
    answer = analyze(key, requestedAttributes={"TOXICITY": {"scoreThreshold": 0.9}}).json()
    assert "attributeScores" not in answer


def test_the_callers_mark_goes_back(key: str) -> None:
    assert analyze(key, clientToken="comment:7").json()["clientToken"] == "comment:7"
    assert "clientToken" not in analyze(key).json()


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/json"]
)
def test_the_body_is_json_whatever_it_is_said_to_be(key: str, content_type: str) -> None:
    body = {"comment": {"text": "You idiot"}, "requestedAttributes": {"TOXICITY": {}}}
    assert call("analyze", key, body, content_type=content_type).status_code == 200


def test_the_names_of_fields_need_no_quotes(key: str) -> None:
    body = """{comment: {text: "say: \\"you idiot\\""}, languages: ["en"],
               requestedAttributes: {TOXICITY:{}} }"""
    scores = call("analyze", key, body).json()["attributeScores"]
    assert scores["TOXICITY"]["summaryScore"]["value"] == 0.7


def test_the_language_is_told(key: str) -> None:
    text = "Das ist ein schöner Garten, und ich komme gerne wieder."
    answer = analyze(key, text).json()
    assert answer["languages"] == answer["detectedLanguages"] == ["de"]


def test_a_language_that_was_not_learned_is_refused(key: str) -> None:
    answer = analyze(key, "Это очень хороший сад, и я с удовольствием приду снова.")
    detail = error(answer)["details"][0]
    assert detail["errorType"] == "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"
    assert detail["languageNotSupportedByAttributeError"]["detectedLanguages"] == ["ru"]


def test_reading_an_address_scores_nothing(key: str) -> None:
    assert error(Client().get(f"/v1alpha1/comments:analyze?key={key}"), 405)


def test_the_colon_may_be_escaped(key: str) -> None:
    body = json.dumps({"comment": {"text": "x"}, "requestedAttributes": {"TOXICITY": {}}})
    path = f"/v1alpha1/comments%3Aanalyze?key={key}"
    assert Client().post(path, body, content_type="application/json").status_code == 200


def test_nothing_is_redirected(key: str, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert analyze(key).status_code == 200


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"comment": {"text": ""}}, "COMMENT_EMPTY"),
        ({"comment": {"text": "  "}}, "COMMENT_EMPTY"),
        ({"comment": {}}, "COMMENT_EMPTY"),
        ({"comment": None}, "COMMENT_EMPTY"),
        ({"comment": {"text": 7}}, "COMMENT_EMPTY"),
        ({"comment": {"text": "ä" * 10_241}}, "COMMENT_TOO_LONG"),
        ({"comment": {"text": "x", "type": "HTML"}}, "INVALID_REQUEST"),
        ({"requestedAttributes": {}}, "NO_REQUESTED_ATTRIBUTES"),
        ({"requestedAttributes": None}, "NO_REQUESTED_ATTRIBUTES"),
        ({"requestedAttributes": {"FLIRTATION": {}}}, "INVALID_REQUEST"),
        ({"requestedAttributes": {"SEXUALLY_EXPLICIT": {}}}, "INVALID_REQUEST"),
        ({"requestedAttributes": {"TOXICITY": {"scoreType": "RAW"}}}, "INVALID_REQUEST"),
        ({"languages": ["xx"]}, "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"),
        ({"context": {"entries": [], "articleAndParentComment": {}}}, "INVALID_REQUEST"),
    ],
)
def test_what_can_not_be_scored_has_its_error(key: str, changes: dict, expected: str) -> None:
    assert error_type(analyze(key, **changes)) == expected


def test_the_words_that_clients_look_for(key: str) -> None:
    message = error(analyze(key, languages=["xx", "yy"]))["message"]
    assert message == "Attribute TOXICITY does not support request languages: xx,yy"
    message = error(analyze(key, requestedAttributes={"FLIRTATION": {}}))["message"]
    assert message == "Unknown requested attribute: FLIRTATION"


def test_unknown_attributes_may_be_dropped(key: str) -> None:
    wanted = {"TOXICITY": {}, "FLIRTATION": {}}
    answer = analyze(key, requestedAttributes=wanted, dropUnsupportedAttributes=True).json()
    assert list(answer["attributeScores"]) == ["TOXICITY"]


@pytest.mark.parametrize("body", ["", "[]", "{", "7", "null", "\x00", "[" * 100_000])
def test_what_is_no_json_object_is_refused(key: str, body: str) -> None:
    assert error(call("analyze", key, body))["status"] == "INVALID_ARGUMENT"


@given(
    body=st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["comment", "text", "requestedAttributes", "TOXICITY", "languages", "context"]
                ),
                inner,
                max_size=4,
            )
        ),
    )
)
def test_no_request_is_a_fault(body: Any) -> None:
    from moderation.web.dialects.perspective import requests
    from moderation.web.dialects.perspective.errors import AnalyzerError

    if not isinstance(body, dict):
        return
    with contextlib.suppress(AnalyzerError):
        requests.analysis_request(body)


def test_without_a_key_it_is_denied(key: str) -> None:
    assert error(analyze(""), 403)["status"] == "PERMISSION_DENIED"


def test_a_bad_key_is_told_apart(key: str) -> None:
    refused = error(analyze("nonsense"))
    assert refused["message"] == "API key not valid. Please pass a valid API key."
    assert refused["details"][0]["reason"] == "API_KEY_INVALID"


def test_a_key_may_come_in_a_header(key: str) -> None:
    body = json.dumps({"comment": {"text": "x"}, "requestedAttributes": {"TOXICITY": {}}})
    headers = {"X-Goog-Api-Key": key}
    answer = Client(headers=headers).post(
        "/v1alpha1/comments:analyze", body, content_type="application/json"
    )
    assert answer.status_code == 200


def test_a_key_needs_the_scope(site: Site) -> None:
    checks = api_keys.issue(site, scopes=["checks"], name="x", now=timezone.now()).secret
    body = {"comment": {"text": "x"}, "attributeScores": {"SPAM": {"summaryScore": {"value": 1}}}}
    assert error(call("suggestscore", checks, body), 403)


@pytest.mark.usefixtures("still_clock")
def test_too_many_calls_are_told_so(key: str, settings: Any) -> None:
    settings.KEY_LIMIT = 1
    analyze(key)
    assert error(analyze(key), 429)["status"] == "RESOURCE_EXHAUSTED"


def test_without_a_classifier_it_is_unavailable(key: str, no_classifier: None) -> None:
    assert error(analyze(key), 503)["status"] == "UNAVAILABLE"


# suggestscore


def suggest(key: str, scores: Any, **changes: Any) -> Any:
    return call(
        "suggestscore",
        key,
        {"comment": {"text": "You fool"}, "attributeScores": scores, **changes},
    )


def test_a_suggestion_becomes_a_label(key: str, site: Site) -> None:
    scores = {
        "TOXICITY": {"summaryScore": {"value": 1}},
        "SPAM": {"spanScores": [{"score": {"value": 0.0}}]},
        "FLIRTATION": {"summaryScore": {"value": 1}},
    }
    answer = suggest(key, scores, clientToken="c", languages=["en"])
    assert answer.json() == {
        "detectedLanguages": ["en"],
        "requestedLanguages": ["en"],
        "clientToken": "c",
    }
    kept = {label.category: label.value for label in Label.objects.filter(site=site)}
    assert kept == {Category.TOXICITY: True, Category.SPAM: False}


@pytest.mark.parametrize("scores", [None, {}, {"FLIRTATION": {}}, {"SPAM": {}}, {"SPAM": 1}])
def test_a_suggestion_without_a_score_is_refused(key: str, scores: Any) -> None:
    assert error_type(suggest(key, scores)) == "INVALID_REQUEST"
    assert not Label.objects.exists()


def test_clients_find_the_service_by_its_description(db: None) -> None:
    document = Client().get("/$discovery/rest?version=v1alpha1").json()
    assert document["rootUrl"] == "http://testserver/"
    methods = document["resources"]["comments"]["methods"]
    assert methods["analyze"]["path"] == "v1alpha1/comments:analyze"
