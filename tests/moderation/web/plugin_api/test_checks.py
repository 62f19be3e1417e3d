"""`checks` looks at texts and stores nothing; `feedback` keeps what they really were."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import Author, Comment, Site, Thread
from moderation.models import Ban, Label, LabelSource
from moderation.models.ban import BanTarget
from tests.conftest import Api
from tests.factories import AuthorFactory, CommentFactory, PolicyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(connect: Callable[..., Api]) -> Api:
    return connect("checks", "feedback")


def check(server: Api, *items: dict) -> list[dict]:
    answer = server.post("checks", {"items": items})
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_each_text_is_answered_in_order(server: Api) -> None:
    results = check(server, {"text": "Buy viagra"}, {"text": "Hello"}, {"text": "spammy"})
    assert [result["verdict"] for result in results] == ["SPAM", "APPROVE", "HOLD"]
    assert results[0]["scores"]["SPAM"] == 0.95
    assert results[0]["grounds"] == ["SPAM 0.95, rejected from 0.90"]
    assert results[0]["classifier_version"] == "fake-1"


def test_nothing_is_stored(server: Api) -> None:
    check(server, {"text": "Buy viagra", "author_email": "bob@mail.example"})
    assert not Comment.objects.exists()
    assert not Author.objects.exists()
    assert not Thread.objects.exists()


def test_the_sites_own_rules_count(server: Api, site: Site) -> None:
    PolicyFactory(site=site, rejected_words=["turnip"])
    (result,) = check(server, {"text": "A turnip"})
    assert result["verdict"] == "REJECT"
    assert {"words": ["turnip"]} in [found["evidence"] for found in result["findings"]]


def test_a_banned_address_is_known(server: Api, site: Site) -> None:
    author = AuthorFactory(site=site, email="bob@mail.example")
    Ban.objects.create(site=site, target=BanTarget.EMAIL, value=author.email_digest)
    (result,) = check(server, {"text": "Hello", "author_email": "Bob@mail.example"})
    assert result["verdict"] == "REJECT"


def test_a_banned_address_need_not_have_written_before(server: Api, site: Site) -> None:
    digest = AuthorFactory.build(site=site, email="eve@mail.example").email_digest
    Ban.objects.create(site=site, target=BanTarget.EMAIL, value=digest)
    (result,) = check(server, {"text": "Hello", "author_email": "eve@mail.example"})
    assert result["verdict"] == "REJECT"


def test_without_a_classifier_it_says_so(server: Api, no_classifier: None) -> None:
    (result,) = check(server, {"text": "Hello"})
    assert (result["verdict"], result["scores"]) == ("HOLD", {})
    assert result["classifier_version"] == ""


def test_a_thousand_texts_cost_as_many_queries_as_one(server: Api) -> None:
    check(server, {"text": "Hello"})
    with CaptureQueriesContext(
        connection,
    ) as one:
        check(server, {"text": "Hello"})
    with CaptureQueriesContext(connection) as many:
        check(server, *({"text": f"Hello {n}"} for n in range(1000)))
    assert len(many) == len(one)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"items": []},
        {"items": [{}]},
        {"items": [{"text": "x", "author_ip": "nowhere"}]},
        {"items": [{"text": "x"}] * 1001},
    ],
)
def test_a_request_that_makes_no_sense_is_refused(server: Api, body: dict) -> None:
    answer = server.post("checks", body)
    assert answer.status_code == 400
    assert answer.json()["errors"]


# feedback


def tell(server: Api, **item: object) -> int:
    answer = server.post("feedback", {"items": [item]})
    assert answer.status_code == 201, answer.content
    return answer.json()["labels"]


def test_labels_of_a_text_are_kept(server: Api, site: Site) -> None:
    assert tell(server, text="Buy pills", labels={"SPAM": True, "INSULT": False}) == 2
    kept = {label.category: label.value for label in Label.objects.filter(site=site)}
    assert kept == {"SPAM": True, "INSULT": False}
    assert {label.source for label in Label.objects.all()} == {LabelSource.FEEDBACK}


def test_labels_of_a_comment_keep_its_text(server: Api, site: Site) -> None:
    comment = CommentFactory(thread__site=site)
    tell(server, comment_id=str(comment.pk), labels={"SPAM": False})
    label = Label.objects.get()
    assert (label.comment, label.text) == (comment, comment.body)


def test_the_last_word_counts(server: Api) -> None:
    tell(server, text="Buy pills", labels={"SPAM": True})
    tell(server, text="Buy pills", labels={"SPAM": False})
    assert Label.objects.get().value is False


def test_another_sites_comment_does_not_exist(server: Api) -> None:
    item = {"comment_id": str(CommentFactory().pk), "labels": {"SPAM": True}}
    assert server.post("feedback", {"items": [item]}).status_code == 404
    assert not Label.objects.exists()


@pytest.mark.parametrize(
    "item",
    [
        {"labels": {"SPAM": True}},
        {"text": "x"},
        {"text": "x", "labels": {}},
        {"text": "x", "labels": {"RUDE": True}},
        {"text": "x", "labels": {"SPAM": "perhaps"}},
    ],
)
def test_feedback_that_makes_no_sense_is_refused(server: Api, item: dict) -> None:
    assert server.post("feedback", {"items": [item]}).status_code == 400
