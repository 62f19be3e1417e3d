"""The review API: who may do what, and what the answers hold."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from comments.models import Comment, Role, Site, Status, User
from comments.privacy import email_addresses
from moderation.models import Decision, DecisionSource, Reviewable
from moderation.rules.verdicts import Verdict
from tests.conftest import Api, signed_in
from tests.factories import (
    AuthorFactory,
    CommentFactory,
    DecisionFactory,
    MembershipFactory,
    ReviewableFactory,
    ThreadFactory,
)

ROLES = [*Role]
EMAIL = "ann.reader@mail.example"


@pytest.fixture
def held(site: Site) -> Comment:
    author = AuthorFactory(site=site, email=EMAIL)
    comment = CommentFactory(thread=ThreadFactory(site=site), author=author, status=Status.HELD)
    DecisionFactory(comment=comment, verdict=Verdict.HOLD)
    return ReviewableFactory(comment=comment).comment


def member(site: Site, role: Role) -> Api:
    return signed_in(MembershipFactory(site=site, role=role).user)


def ruling(comment: Comment, verdict: str = "APPROVE", **more):
    return {"verdict": verdict, "revision": comment.revision, **more}


def queue(api: Api, **query) -> list[str]:
    return [row["comment"]["id"] for row in api.get("queue", query).json()["results"]]


# Who may do what: every endpoint, every role, the own site and a foreign one.


def endpoints(comment: Comment, decision: Decision) -> list[tuple[str, str, object]]:
    rulings = {"decisions": [{**ruling(comment), "comment": str(comment.pk)}]}
    return [
        ("get", f"comments/{comment.pk}", None),
        ("post", f"comments/{comment.pk}/decision", ruling(comment)),
        ("post", "decisions", rulings),
        ("post", f"decisions/{decision.pk}/undo", None),
    ]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("index", range(4))
def test_nobody_reaches_another_sites_comments(held: Comment, role: Role, index: int) -> None:
    stranger = signed_in(MembershipFactory(role=role).user)
    decision = held.decisions.get()
    Decision.objects.update(source=DecisionSource.MODERATOR)
    method, path, data = endpoints(held, decision)[index]
    answer = getattr(stranger, method)(path, data)
    if role == Role.VIEWER and method == "post":
        assert answer.status_code == 403
    elif path == "decisions":
        assert answer.json()["results"][0]["status"] == 404
    else:
        assert answer.status_code == 404
    held.refresh_from_db()
    assert held.status == Status.HELD


@pytest.mark.parametrize("role", [Role.OWNER, Role.MODERATOR])
def test_another_sites_queue_is_empty_and_nothing_can_be_claimed(held: Comment, role: Role) -> None:
    stranger = signed_in(MembershipFactory(role=role).user)
    assert queue(stranger) == []
    assert queue(stranger, site=held.site.slug) == []
    assert stranger.post("queue/claim", {"limit": 5}).json() == {"results": []}


@pytest.mark.parametrize("index", range(1, 4))
def test_a_viewer_only_looks(held: Comment, index: int) -> None:
    viewer = member(held.site, Role.VIEWER)
    assert queue(viewer) == [str(held.pk)]
    Decision.objects.update(source=DecisionSource.MODERATOR)
    method, path, data = endpoints(held, held.decisions.get())[index]
    assert getattr(viewer, method)(path, data).status_code == 403
    held.refresh_from_db()
    assert held.status == Status.HELD
    assert viewer.post("queue/claim", {}).status_code == 403


@pytest.mark.parametrize("role", [Role.OWNER, Role.MODERATOR])
def test_moderators_and_owners_decide(held: Comment, role: Role) -> None:
    answer = member(held.site, role).post(f"comments/{held.pk}/decision", ruling(held))
    assert answer.status_code == 201
    held.refresh_from_db()
    assert held.status == Status.APPROVED


@pytest.mark.parametrize("token", [None, "Token nonsense", "Bearer nonsense"])
@pytest.mark.django_db
def test_without_a_token_there_is_nothing(token: str | None) -> None:
    stranger = Api("/api/v1/review/", **({"Authorization": token} if token else {}))
    answer = stranger.get("queue")
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


# The queue.


def test_the_queue_shows_the_riskiest_first(review: Api, site: Site) -> None:
    thread = ThreadFactory(site=site)
    low, high = (
        ReviewableFactory(comment=CommentFactory(thread=thread, status=Status.HELD), priority=p)
        for p in (0.2, 0.9)
    )
    assert queue(review) == [str(high.comment.pk), str(low.comment.pk)]
    assert queue(review, order="oldest") == [str(low.comment.pk), str(high.comment.pk)]


def test_the_queue_can_be_narrowed(review: Api, held: Comment) -> None:
    Reviewable.objects.update(category="INSULT")
    assert queue(review, category="INSULT") == [str(held.pk)]
    assert queue(review, category="SPAM") == []
    assert queue(review, q=" ".join(held.body.split()[:2]).upper()) == [str(held.pk)]
    assert queue(review, q="not in there") == []


@pytest.mark.parametrize(
    "query", [{"order": "random"}, {"category": "x"}, {"claimed": "x"}, {"q": "\x00"}]
)
def test_a_filter_we_do_not_know_is_named(review: Api, query: dict) -> None:
    answer = review.get("queue", query)
    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_the_queue_takes_as_few_queries_for_many_as_for_one(
    review: Api, site: Site, django_assert_max_num_queries
) -> None:
    for _ in range(10):
        ReviewableFactory(
            comment=CommentFactory(thread=ThreadFactory(site=site), status=Status.HELD)
        )
    with django_assert_max_num_queries(10):
        assert len(queue(review)) == 10


def test_moderators_see_addresses_masked(review: Api, held: Comment) -> None:
    for path in ("queue", f"comments/{held.pk}"):
        text = review.get(path).content.decode()
        assert EMAIL not in text
        assert email_addresses.mask(EMAIL) in text


# Claims.


def test_two_moderators_never_get_the_same_comment(site: Site) -> None:
    thread = ThreadFactory(site=site)
    for _ in range(4):
        ReviewableFactory(comment=CommentFactory(thread=thread, status=Status.HELD))
    claims = [
        {
            row["id"]
            for row in member(site, Role.MODERATOR)
            .post("queue/claim", {"limit": 3})
            .json()["results"]
        }
        for _ in range(2)
    ]
    assert [len(claim) for claim in claims] == [3, 1]
    assert not claims[0] & claims[1]


def test_a_part_of_the_queue_can_be_claimed(review: Api, held: Comment) -> None:
    assert review.post("queue/claim", {"category": "THREAT"}).json()["results"] == []
    answer = review.post("queue/claim", {"author": str(held.author_id), "limit": 5})
    assert [row["id"] for row in answer.json()["results"]] == [str(held.pk)]


def test_everybody_sees_who_holds_what(review: Api, moderator: User, held: Comment) -> None:
    review.post("queue/claim", {})
    (holder,) = member(held.site, Role.VIEWER).get("queue/counts").json()["holders"]
    assert (holder["user"], holder["number"]) == (moderator.email, 1)


def test_who_decides_after_a_colleague_hears_of_it(review: Api, held: Comment) -> None:
    seen = {"revision": 1, "status": "held"}
    colleague = member(held.site, Role.MODERATOR)
    colleague.post(f"comments/{held.pk}/decision", {"verdict": "APPROVE", **seen})
    answer = review.post(f"comments/{held.pk}/decision", {"verdict": "SPAM", **seen})
    assert answer.status_code == 409
    assert "approved now" in answer.json()["detail"]
    held.refresh_from_db()
    assert held.status == Status.APPROVED


def test_a_released_comment_can_be_claimed_by_others(review: Api, held: Comment) -> None:
    review.post("queue/claim", {"limit": 1})
    other = member(held.site, Role.MODERATOR)
    assert other.post("queue/claim", {}).json()["results"] == []
    assert review.post("queue/release", {"comments": [str(held.pk)]}).json() == {"released": 1}
    assert len(other.post("queue/claim", {}).json()["results"]) == 1


# One comment, and decisions.


def test_a_comment_comes_with_what_stands_around_it(review: Api, held: Comment) -> None:
    earlier = CommentFactory(thread=held.thread)
    Comment.objects.filter(pk=held.pk).update(network_digest="f" * 64)
    comment = CommentFactory(thread=held.thread, status=Status.HELD, network_digest="f" * 64)
    later = CommentFactory(thread=held.thread)
    reply = CommentFactory(thread=held.thread, parent=comment)
    known = review.get(f"comments/{comment.pk}").json()
    around = {name: [row["id"] for row in rows] for name, rows in known["around"].items()}
    assert around == {
        "earlier": [str(earlier.pk)],
        "later": [str(later.pk)],
        "replies": [str(reply.pk)],
    }
    assert known["came_from"] == {"same_address": 0, "same_network": 1}
    assert known["waiting"] is None


def test_a_comment_comes_with_all_that_is_known_of_it(review: Api, held: Comment) -> None:
    known = review.get(f"comments/{held.pk}").json()
    assert known["decisions"][0]["verdict"] == "HOLD"
    assert known["author_record"] == {"held": 1}
    assert known["reports"] == known["appeals"] == []


def test_a_comment_comes_with_the_words_that_raised_its_scores(review: Api, held: Comment) -> None:
    Comment.objects.update(body="What an *idiot*.", body_html="<p>What an <em>idiot</em>.</p>")
    known = review.get(f"comments/{held.pk}").json()
    assert known["text_read"] == "What an idiot."
    (toxicity,) = (why for why in known["explanations"] if why["category"] == "TOXICITY")
    assert toxicity["spans"] == [{"start": 8, "end": 13, "weight": 2.0}]


def test_without_a_classifier_a_comment_comes_without_explanations(
    review: Api, held: Comment, no_classifier: None
) -> None:
    assert review.get(f"comments/{held.pk}").json()["explanations"] == []


def test_a_decision_takes_the_comment_out_of_the_queue(review: Api, held: Comment) -> None:
    answer = review.post(
        f"comments/{held.pk}/decision",
        ruling(held, "REJECT", reasoning="Be kind.", private_notes="Again."),
    )
    assert answer.json()["reasoning"] == "Be kind."
    assert answer.json()["overrides"] == str(held.decisions.last().pk)
    assert queue(review) == []


def test_a_stale_revision_is_a_conflict(review: Api, held: Comment) -> None:
    Comment.objects.update(revision=2)
    answer = review.post(f"comments/{held.pk}/decision", ruling(held))
    assert answer.status_code == 409
    assert answer.json()["type"].endswith(":revision-stale")


@pytest.mark.parametrize(
    "bad", [{}, {"verdict": "MAYBE", "revision": 1}, {"verdict": "APPROVE", "revision": 0}, []]
)
def test_a_ruling_that_makes_no_sense_is_refused(review: Api, held: Comment, bad: object) -> None:
    assert review.post(f"comments/{held.pk}/decision", bad).status_code == 400


def test_a_decision_sent_twice_with_one_key_is_made_once(review: Api, held: Comment) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    path = f"comments/{held.pk}/decision"
    first = review.post(path, ruling(held), headers=key)
    second = review.post(path, ruling(held), headers=key)
    assert first.json()["id"] == second.json()["id"]
    assert held.decisions.count() == 2


def test_what_is_taken_back_twice_with_one_key_is_taken_back_once(
    review: Api, held: Comment
) -> None:
    made = review.post(f"comments/{held.pk}/decision", ruling(held)).json()
    path, key = f"decisions/{made['id']}/undo", {"Idempotency-Key": str(uuid4())}
    first, second = review.post(path, headers=key), review.post(path, headers=key)
    assert first.json() == second.json()
    assert (second.status_code, second.headers["Idempotent-Replay"]) == (201, "true")
    assert review.post(path).status_code == 409


def test_many_are_decided_at_once_and_each_is_answered(
    review: Api, moderator: User, held: Comment
) -> None:
    foreign = CommentFactory()
    rulings = [{**ruling(comment), "comment": str(comment.pk)} for comment in (held, foreign)]
    results = review.post("decisions", {"decisions": rulings}).json()["results"]
    assert [result["status"] for result in results] == [201, 404]
    assert results[0]["decision"]["decided_by"] == moderator.email


def test_of_two_decisions_about_one_comment_the_first_counts(review: Api, held: Comment) -> None:
    rulings = [{**ruling(held, v), "comment": str(held.pk)} for v in ("APPROVE", "REJECT")]
    results = review.post("decisions", {"decisions": rulings}).json()["results"]
    assert [result["status"] for result in results] == [201, 409]
    assert results[1]["problem"]["type"].endswith(":sent-twice")
    held.refresh_from_db()
    assert held.status == Status.APPROVED


@pytest.mark.parametrize(
    ("faulty", "pointer"),
    [
        ({"comment": "12", "verdict": "APPROVE", "revision": 1}, "/comment"),
        ({"verdict": "APPROVE", "revision": 1}, "/comment"),
        ({"comment": str(UUID(int=1)), "verdict": "BAN", "revision": 1}, "/verdict"),
        ({"comment": str(UUID(int=1)), "verdict": "APPROVE", "revision": "one"}, "/revision"),
        (None, ""),
        ([], ""),
    ],
)
def test_a_faulty_decision_spoils_no_other(
    review: Api, held: Comment, faulty: Any, pointer: str
) -> None:
    good = {**ruling(held), "comment": str(held.pk)}
    results = review.post("decisions", {"decisions": [faulty, good]}).json()["results"]
    assert [result["status"] for result in results] == [400, 201]
    assert results[0]["problem"]["errors"][0]["pointer"] == pointer


def test_only_an_effective_decision_of_a_moderator_can_be_undone(
    review: Api, held: Comment
) -> None:
    automatic = held.decisions.get()
    assert review.post(f"decisions/{automatic.pk}/undo").status_code == 409
    first = review.post(f"comments/{held.pk}/decision", ruling(held)).json()
    review.post(f"comments/{held.pk}/decision", ruling(held, "REJECT"))
    assert review.post(f"decisions/{first['id']}/undo").status_code == 409


def test_a_queue_that_is_known_is_not_sent_again(review: Api) -> None:
    etag = review.get("queue").headers["ETag"]
    assert review.get("queue", headers={"If-None-Match": etag}).status_code == 304


def test_a_reason_of_the_sites_list_is_chosen_by_its_key(held: Comment) -> None:
    api = member(held.site, Role.MODERATOR)
    reasons = api.get("refusal-reasons", {"site": held.site.slug}).json()["reasons"]
    assert "illegal" in [reason["key"] for reason in reasons]
    path = f"comments/{held.pk}/decision"
    unknown = api.post(path, ruling(held, "REJECT", reason="no-such"))
    assert (unknown.status_code, unknown.json()["type"].rpartition(":")[2]) == (
        400,
        "reason-unknown",
    )
    decision = api.post(path, ruling(held, "REJECT", reason="illegal")).json()
    assert (decision["refusal_reason"], decision["is_illegal"]) == ("illegal", True)
