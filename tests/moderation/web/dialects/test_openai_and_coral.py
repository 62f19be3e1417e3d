"""OpenAI's moderation endpoint, and Coral's external moderation phase."""

import hashlib
import hmac
import io
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from comments.accounts import api_keys
from comments.models import Comment, Site
from moderation.models import ContentFingerprint
from moderation.web.dialects.openai import MAPPING
from tests.factories import PolicyFactory
from tests.moderation.management.test_commands import run_json

pytestmark = pytest.mark.django_db
SECRET = "coral's own secret"


@pytest.fixture
def key(site: Site) -> str:
    return api_keys.issue(site, scopes=["checks"], name="x", now=timezone.now()).secret


def moderate(key: str, body: Any) -> Any:
    data = body if isinstance(body, str) else json.dumps(body)
    client = Client(headers={"Authorization": f"Bearer {key}"})
    return client.post("/v1/moderations", data, content_type="application/json")


def test_a_text_has_one_result(key: str) -> None:
    answer = moderate(key, {"input": "How vile", "model": "omni-moderation-latest"}).json()
    (result,) = answer["results"]
    assert answer["model"] == "leave-a-reply-fake-1"
    assert result["flagged"] is True
    assert result["categories"]["harassment"] is True
    assert result["category_scores"]["harassment"] == 0.97
    assert result["category_applied_input_types"]["harassment"] == ["text"]


def test_every_category_has_a_number_and_a_boolean_for_typed_clients(key: str) -> None:
    (result,) = moderate(key, {"input": "Hello"}).json()["results"]
    for part in ("categories", "category_scores", "category_applied_input_types"):
        assert set(result[part]) == set(MAPPING)
    assert all(isinstance(score, float) for score in result["category_scores"].values())
    assert all(isinstance(flag, bool) for flag in result["categories"].values())


def test_categories_that_are_not_scored_are_named(key: str) -> None:
    answer = moderate(key, {"input": "Hello"})
    (result,) = answer.json()["results"]
    unscored = answer["X-Categories-Not-Scored"].split(", ")
    assert "self-harm" in unscored
    assert "harassment" not in unscored
    applied = result["category_applied_input_types"]
    assert unscored == [name for name in MAPPING if not applied[name]]


def test_the_version_in_the_path_may_be_missing(key: str) -> None:
    client = Client(headers={"Authorization": f"Bearer {key}"})
    answer = client.post("/moderations", '{"input": "Hello"}', content_type="application/json")
    assert answer.status_code == 200


def test_many_texts_have_many_results_and_parts_have_one(key: str) -> None:
    assert len(moderate(key, {"input": ["a", "b"]}).json()["results"]) == 2
    parts = [{"type": "text", "text": "Hello"}, {"type": "text", "text": "How vile"}]
    (result,) = moderate(key, {"input": parts}).json()["results"]
    assert result["flagged"] is True


def test_the_sites_thresholds_flag(key: str, site: Site) -> None:
    PolicyFactory(site=site, thresholds={"TOXICITY": {"hold_at": 0.99, "reject_at": 1.0}})
    assert moderate(key, {"input": "How vile"}).json()["results"][0]["flagged"] is False


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        {},
        {"input": []},
        {"input": 7},
        {"input": [7]},
        {"input": ["a"] * 1001},
        {"input": [{"type": "image_url", "image_url": {"url": "https://a.example/b.png"}}]},
        {"input": [{"type": "text"}]},
    ],
)
def test_what_makes_no_sense_is_refused(key: str, body: Any) -> None:
    answer = moderate(key, body)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_a_bad_key_is_refused(key: str) -> None:
    answer = moderate("x", {"input": "Hello"})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "invalid_api_key"


@pytest.mark.usefixtures("still_clock")
def test_too_many_calls_wait(key: str, settings: Any) -> None:
    settings.KEY_LIMIT = 1
    moderate(key, {"input": "Hello"})
    answer = moderate(key, {"input": "Hello"})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_without_a_classifier_it_is_unavailable(key: str, no_classifier: None) -> None:
    assert moderate(key, {"input": "Hello"}).status_code == 503


# Coral


@pytest.fixture
def coral(site: Site, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{SECRET}\n"))
    url: str = run_json("set_coral", site.slug)["url"]
    return url.removeprefix("http://testserver")


def sign(body: str, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()


def ask(url: str, text: str, signature: str = "", **more: Any) -> Any:
    body = json.dumps({"action": "NEW", "comment": {"body": text, "parentID": None}, **more})
    headers = {"X-Coral-Signature": signature or sign(body)}
    return Client(headers=headers).post(url, body, content_type="application/json")


@pytest.mark.parametrize("body", [None, "", "<div></div>"])
def test_a_rating_without_words_is_no_concern(coral: str, body: str | None) -> None:
    comment = {"body": body, "parentID": None, "rating": 4}
    assert ask(coral, "", comment=comment).status_code == 204


@pytest.mark.parametrize(
    ("text", "status", "reason"),
    [
        ("How vile", "REJECTED", "COMMENT_DETECTED_TOXIC"),
        ("You <b>idiot</b>", "SYSTEM_WITHHELD", "COMMENT_DETECTED_TOXIC"),
        ("Buy viagra", "REJECTED", "COMMENT_DETECTED_SPAM"),
        ("spammy<br>thing", "SYSTEM_WITHHELD", "COMMENT_DETECTED_SPAM"),
    ],
)
def test_coral_is_told_a_status(coral: str, text: str, status: str, reason: str) -> None:
    assert ask(coral, text).json() == {
        "status": status,
        "actions": [{"actionType": "FLAG", "reason": reason}],
    }


def test_coral_hears_nothing_where_there_is_no_objection(coral: str) -> None:
    assert ask(coral, "Hello").status_code == 204
    assert not Comment.objects.exists()


LONG = "I have found a very good place to buy garden furniture at a discount."


def said(author: str, story: str) -> dict[str, Any]:
    return {"author": {"id": author, "role": "COMMENTER"}, "story": {"id": story}}


@pytest.mark.parametrize(("author", "story"), [("1", "B"), ("2", "A")])
def test_the_same_text_from_elsewhere_is_withheld(coral: str, author: str, story: str) -> None:
    assert ask(coral, LONG, **said("1", "A")).status_code == 204
    assert ask(coral, LONG, **said(author, story)).json() == {"status": "SYSTEM_WITHHELD"}


def test_coral_may_ask_again_about_the_same(coral: str) -> None:
    for _ in range(2):
        assert ask(coral, LONG, **said("1", "A")).status_code == 204


def test_no_text_of_corals_is_kept(coral: str) -> None:
    ask(coral, LONG, **said("1", "A"))
    assert "garden" not in str(ContentFingerprint.objects.values().get())


@pytest.mark.parametrize("role", ["STAFF", "MODERATOR", "ADMIN"])
def test_who_runs_the_site_is_not_judged(coral: str, role: str) -> None:
    assert ask(coral, "How vile", author={"id": "1", "role": role}).status_code == 204
    assert ask(coral, "How vile", author={"id": "1", "role": "COMMENTER"}).status_code == 200


def test_what_coral_has_no_flag_for_has_none(coral: str, site: Site) -> None:
    PolicyFactory(site=site, held_words=["gadgets"])
    assert ask(coral, "Gadgets!").json() == {"status": "SYSTEM_WITHHELD"}


def test_without_a_classifier_coral_withholds(coral: str, no_classifier: None) -> None:
    assert ask(coral, "Hello").json() == {"status": "SYSTEM_WITHHELD"}


def test_when_we_fail_coral_withholds(coral: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("moderation.web.dialects.coral.preview_drafts", fail)
    assert ask(coral, "Hello").json() == {"status": "SYSTEM_WITHHELD"}


def test_while_coral_rotates_one_of_two_signatures_is_enough(coral: str) -> None:
    body = json.dumps({"action": "NEW", "comment": {"body": "Hello", "parentID": None}})
    assert ask(coral, "Hello", f"{sign(body, 'new')},{sign(body)}").status_code == 204


@pytest.mark.parametrize("signature", ["x", "sha256=", "sha256=é", "sha256=" + "0" * 64])
def test_what_coral_did_not_sign_is_refused(coral: str, signature: str) -> None:
    assert ask(coral, "Hello", signature).status_code == 401


def test_a_site_without_coral_answers_nobody(site: Site) -> None:
    body = json.dumps({"action": "NEW", "comment": {"body": "Hello", "parentID": None}})
    assert ask(f"/coral/{site.slug}", "Hello", sign(body, "")).status_code == 401


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"comment": {"body": 7}}'])
def test_what_is_no_comment_is_refused(coral: str, body: str) -> None:
    headers = {"X-Coral-Signature": sign(body)}
    answer = Client(headers=headers).post(coral, body, content_type="application/json")
    assert answer.status_code == 400
