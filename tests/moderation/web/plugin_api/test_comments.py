"""`/api/v1/comments`: what a site's own server does with comments."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from comments.models import Comment, Site, Status
from moderation.decisions import decide
from moderation.decisions.proposals import DecisionSource, Proposal
from moderation.models import Decision, Screening
from moderation.rules.verdicts import Verdict
from moderation.screening import screen
from tests.conftest import Api
from tests.factories import NOW, CommentFactory, DecisionFactory, ThreadFactory, UserFactory

pytestmark = pytest.mark.django_db
EMAIL = "ann.reader@mail.example"


@pytest.fixture
def server(connect: Callable[..., Api]) -> Api:
    return connect("comments")


@pytest.fixture
def comment(site: Site) -> Comment:
    return CommentFactory(thread__site=site)


def posted(**changes: object) -> dict:
    return {
        "thread": {"url": "https://gazette.example/a", "title": "A"},
        "author_name": "Ann",
        "author_email": EMAIL,
        "author_ip": "198.51.100.7",
        "user_agent": "Mozilla/5.0",
        "body": "Thank you for *this*.",
        **changes,
    }


def test_a_comment_is_taken_for_a_reader(server: Api, site: Site) -> None:
    answer = server.post("comments", posted())
    comment = Comment.objects.get()
    assert answer.status_code == 201
    assert answer.json()["id"] == str(comment.pk)
    assert answer.json()["status"] == "pending"
    assert answer.json()["edit_token"]
    assert (comment.site, comment.user_agent) == (site, "Mozilla/5.0")
    assert comment.network_digest
    assert Screening.objects.filter(comment=comment).exists()


def test_a_comment_that_a_server_sends_needs_no_form(server: Api) -> None:
    server.post("comments", posted())
    screen.screen(now=NOW)
    assert Comment.objects.get().status == Status.APPROVED


def test_readers_of_one_address_do_not_use_up_each_others_posts(server: Api) -> None:
    answers = [server.post("comments", posted(body=f"Comment {n}")) for n in range(12)]
    assert {answer.status_code for answer in answers} == {201}


def test_a_retry_with_the_same_key_posts_once(server: Api) -> None:
    for _ in range(2):
        answer = server.post("comments", posted(), headers={"Idempotency-Key": '"a1"'})
        assert answer.status_code == 201
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"body": ""}, "/body"),
        ({"author_email": "ann"}, "/author_email"),
        ({"author_ip": "300.1.1.1"}, "/author_ip"),
        ({"thread": {}}, "/thread"),
        ({"parent": "x"}, "/parent"),
    ],
)
def test_a_field_that_makes_no_sense_is_named(server: Api, changes: dict, pointer: str) -> None:
    answer = server.post("comments", posted(**changes))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert not Comment.objects.exists()


def test_comments_in_any_status_are_listed(server: Api, site: Site) -> None:
    for status in Status:
        CommentFactory(thread__site=site, status=status)
    statuses = [row["status"] for row in server.get("comments").json()["results"]]
    assert sorted(statuses) == sorted(Status.values)


def test_no_answer_has_an_address_in_it(server: Api) -> None:
    created = server.post("comments", posted())
    listed = server.get("comments")
    one = server.get(f"comments/{created.json()['id']}")
    assert all(EMAIL not in answer.content.decode() for answer in (created, listed, one))


def test_the_list_is_filtered(server: Api, site: Site, comment: Comment) -> None:
    CommentFactory(thread__site=site, status=Status.HELD)
    listed = server.get("comments", {"status": "approved", "thread": comment.thread.url}).json()
    assert [row["id"] for row in listed["results"]] == [str(comment.pk)]


def test_the_list_begins_where_the_caller_left_off(server: Api, comment: Comment) -> None:
    made = _made_at(comment)
    before = (made - timedelta(seconds=1)).isoformat()
    after = (made + timedelta(seconds=1)).isoformat()
    assert len(server.get("comments", {"since": before}).json()["results"]) == 1
    assert len(server.get("comments", {"since": after}).json()["results"]) == 0


@pytest.mark.parametrize("what", ["comments", "comments/{id}", "policy", "threads", "webhooks"])
def test_what_is_unchanged_is_not_sent_again(
    connect: Callable[..., Api], comment: Comment, what: str
) -> None:
    server = connect("comments", "policy", "threads", "webhooks")
    path = what.format(id=comment.pk)
    etag = server.get(path).headers["ETag"]
    assert server.get(path, headers={"If-None-Match": etag}).status_code == 304


def test_a_new_text_is_screened_again(server: Api, comment: Comment) -> None:
    answer = server.patch(f"comments/{comment.pk}", {"body": "A new text."})
    comment.refresh_from_db()
    assert answer.json()["revision"] == 2
    assert (comment.body, comment.status) == ("A new text.", Status.PENDING)


def test_a_site_decides_for_itself(server: Api, comment: Comment) -> None:
    answer = server.patch(f"comments/{comment.pk}", {"verdict": "REJECT", "reasoning": "Off topic"})
    assert answer.json()["status"] == "rejected"
    decision = Decision.objects.get()
    assert (decision.source, decision.reasoning) == (DecisionSource.SITE, "Off topic")


def test_a_moderators_word_counts_for_more_than_the_sites(server: Api, comment: Comment) -> None:
    DecisionFactory(comment=comment, source=DecisionSource.MODERATOR, decided_by=UserFactory())
    answer = server.patch(f"comments/{comment.pk}", {"verdict": "SPAM"})
    assert answer.status_code == 409
    comment.refresh_from_db()
    assert comment.status == Status.APPROVED


def test_a_site_deletes_what_it_hosts(server: Api, comment: Comment) -> None:
    DecisionFactory(comment=comment, source=DecisionSource.MODERATOR, decided_by=UserFactory())
    assert server.delete(f"comments/{comment.pk}").status_code == 204
    comment.refresh_from_db()
    assert comment.status == Status.DELETED


def test_a_deleted_comment_stays_deleted(server: Api, comment: Comment) -> None:
    server.delete(f"comments/{comment.pk}")
    assert server.patch(f"comments/{comment.pk}", {"body": "Again"}).status_code == 403


@pytest.mark.parametrize("changes", [{}, {"body": "x", "verdict": "SPAM"}, {"verdict": "MAYBE"}])
def test_a_change_that_makes_no_sense_is_refused(
    server: Api, comment: Comment, changes: dict
) -> None:
    assert server.patch(f"comments/{comment.pk}", changes).status_code == 400


def test_the_machine_does_not_overrule_the_site(server: Api, comment: Comment) -> None:
    server.patch(f"comments/{comment.pk}", {"verdict": "REJECT"})
    Screening.objects.create(comment=comment)
    proposal = Proposal(
        comment_id=comment.pk, revision=1, verdict=Verdict.APPROVE, source=DecisionSource.AUTOMATION
    )
    (answer,) = decide.decide([proposal], now=NOW)
    assert isinstance(answer, decide.AlreadySettled)


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_another_sites_comments_do_not_exist(server: Api, method: str) -> None:
    foreign = CommentFactory(thread=ThreadFactory())
    data = {"verdict": "SPAM"} if method == "patch" else None
    assert getattr(server, method)(f"comments/{foreign.pk}", data).status_code == 404
    assert server.get("comments").json()["results"] == []


def test_an_unknown_comment_is_not_found(server: Api) -> None:
    assert server.get(f"comments/{uuid4()}").status_code == 404


def _made_at(comment: Comment):
    from datetime import UTC, datetime

    return datetime.fromtimestamp((comment.pk.int >> 80) / 1000, tz=UTC)
