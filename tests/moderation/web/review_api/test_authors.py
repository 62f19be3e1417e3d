"""Authors, notes and bans at the review API."""

from datetime import timedelta

import pytest

from comments.models import Comment, Role, Site, Status
from moderation.models import AuditAction, AuditEntry, Ban, BulkJob, Note
from moderation.models.ban import BanTarget
from moderation.review.queue import bulk_worker
from moderation.screening import screen
from tests.conftest import Api, signed_in
from tests.factories import (
    NOW,
    AuthorFactory,
    CommentFactory,
    MembershipFactory,
    WaitingCommentFactory,
)

pytestmark = pytest.mark.django_db
EMAIL = "troll@mail.example"


@pytest.fixture
def comment(site: Site) -> Comment:
    author = AuthorFactory(site=site, email=EMAIL)
    return CommentFactory(thread__site=site, author=author)


def author_of(comment: Comment, path: str = "") -> str:
    return f"authors/{comment.author_id}{path}"


def test_an_author_comes_with_record_and_notes(review: Api, comment: Comment) -> None:
    CommentFactory(thread=comment.thread, author=comment.author, status=Status.SPAM)
    review.post(author_of(comment, "/notes"), {"text": "Writes at night."})
    told = review.get(author_of(comment)).json()
    assert told["record"] == {"approved": 1, "spam": 1}
    assert [note["text"] for note in told["notes"]] == ["Writes at night."]


def test_an_authors_address_is_masked(review: Api, comment: Comment) -> None:
    answer = review.get(author_of(comment))
    assert EMAIL not in answer.content.decode()
    assert answer.json()["email"] == "t•••@m•••.example"


def test_a_banned_authors_comments_are_rejected(review: Api, comment: Comment) -> None:
    answer = review.post(author_of(comment, "/ban"), {"reason": "Insults"})
    assert answer.status_code == 201
    late = WaitingCommentFactory(thread=comment.thread, author=comment.author)
    screen.screen(now=NOW)
    late.refresh_from_db()
    assert late.status == Status.REJECTED
    assert [ban["reason"] for ban in review.get(author_of(comment)).json()["bans"]] == ["Insults"]


def test_a_ban_leaves_what_stands(review: Api, comment: Comment) -> None:
    review.post(author_of(comment, "/ban"))
    comment.refresh_from_db()
    assert comment.status == Status.APPROVED


def test_a_retroactive_ban_rejects_what_stands(review: Api, comment: Comment) -> None:
    other = CommentFactory(thread=comment.thread)
    Comment.objects.update(created_at=NOW - timedelta(days=1))
    job = review.post(author_of(comment, "/ban"), {"retroactive": True}).json()["job"]
    assert bulk_worker.run(job, now=NOW) is False
    comment.refresh_from_db()
    other.refresh_from_db()
    assert (comment.status, other.status) == (Status.REJECTED, Status.APPROVED)


def test_a_retroactive_ban_can_be_undone_as_a_whole(review: Api, comment: Comment) -> None:
    Comment.objects.update(created_at=NOW - timedelta(days=1))
    job = review.post(author_of(comment, "/ban"), {"retroactive": True}).json()["job"]
    bulk_worker.run(job, now=NOW)
    undoing = review.post(f"jobs/{job}/undo").json()["id"]
    bulk_worker.run(undoing, now=NOW)
    comment.refresh_from_db()
    assert comment.status == Status.HELD  # Nothing had been decided before the ban.


@pytest.mark.parametrize(
    ("target", "value"),
    [("EMAIL", EMAIL), ("NETWORK", "198.51.100.7"), ("DOMAIN", "www.Pills.example")],
)
def test_an_address_a_network_or_a_domain_is_banned(
    review: Api, site: Site, target: str, value: str
) -> None:
    wanted = {"site": site.slug, "target": target, "value": value}
    answer = review.post("bans", wanted)
    assert answer.status_code == 201
    assert answer.json()["domain"] == ("pills.example" if target == "DOMAIN" else "")
    assert value not in Ban.objects.get().value


@pytest.mark.parametrize(
    ("target", "value"), [("EMAIL", "nobody"), ("NETWORK", "10.0.0"), ("DOMAIN", "a b")]
)
def test_what_can_not_be_banned_is_named(review: Api, site: Site, target: str, value: str) -> None:
    answer = review.post("bans", {"site": site.slug, "target": target, "value": value})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/value"


def test_banning_again_changes_the_ban(review: Api, comment: Comment) -> None:
    review.post(author_of(comment, "/ban"), {"reason": "Insults"})
    review.post(author_of(comment, "/ban"), {"reason": "Threats"})
    assert Ban.objects.get().reason == "Threats"


def test_a_lifted_ban_is_gone(review: Api, comment: Comment) -> None:
    ban = review.post(author_of(comment, "/ban")).json()["id"]
    assert review.delete(f"bans/{ban}").status_code == 204
    assert review.get("bans").json()["results"] == []


def test_bans_and_notes_are_on_the_record(review: Api, comment: Comment) -> None:
    review.post(author_of(comment, "/notes"), {"text": "Writes at night."})
    ban = review.post(author_of(comment, "/ban")).json()["id"]
    review.delete(f"bans/{ban}")
    acts = list(AuditEntry.objects.order_by("id").values_list("act", flat=True))
    assert acts == [AuditAction.NOTED, AuditAction.BANNED, AuditAction.UNBANNED]


@pytest.mark.parametrize(("path", "sent"), [("/notes", {"text": "x"}), ("/ban", {"reason": "x"})])
def test_a_note_or_a_ban_sent_twice_with_one_key_is_there_once(
    review: Api, comment: Comment, path: str, sent: dict[str, str]
) -> None:
    path, key = author_of(comment, path), {"Idempotency-Key": "once"}
    first, second = review.post(path, sent, headers=key), review.post(path, sent, headers=key)
    assert first.json() == second.json()
    assert "Idempotent-Replay" in second.headers


@pytest.mark.parametrize(("method", "path"), [("get", ""), ("post", "/notes"), ("post", "/ban")])
def test_authors_of_other_sites_do_not_exist(review: Api, method: str, path: str) -> None:
    foreign = CommentFactory()
    answer = getattr(review, method)(author_of(foreign, path), {"text": "x"})
    assert answer.status_code == 404
    assert not Ban.objects.exists()
    assert not Note.objects.exists()


def test_a_viewer_looks_on(site: Site, comment: Comment) -> None:
    viewer = signed_in(MembershipFactory(site=site, role=Role.VIEWER).user)
    ban = Ban.objects.create(site=site, target=BanTarget.DOMAIN, value="pills.example")
    assert viewer.get(author_of(comment)).status_code == 200
    assert viewer.post(author_of(comment, "/ban")).status_code == 403
    assert viewer.post(author_of(comment, "/notes"), {"text": "x"}).status_code == 403
    assert viewer.delete(f"bans/{ban.pk}").status_code == 403
    assert not BulkJob.objects.exists()


# Trust, and finding authors.


def test_a_moderator_says_how_far_to_trust_an_author(review: Api, site: Site) -> None:
    author = AuthorFactory(site=site)
    told = review.patch(f"authors/{author.pk}", {"trust": "watched"}).json()
    assert (told["trust"], told["standing"]["reason"]) == ("watched", "watched_author")


def test_an_author_is_found_by_the_whole_address(review: Api, site: Site) -> None:
    author = AuthorFactory(site=site, email="ann.reader@mail.example")
    AuthorFactory(site=site)
    found = review.get("authors", {"email": "Ann.Reader@mail.example"}).json()["results"]
    assert [row["id"] for row in found] == [str(author.pk)]
    assert "ann.reader" not in str(found)


def test_who_writes_from_the_same_network_is_told(review: Api, site: Site) -> None:
    one, other = AuthorFactory(site=site), AuthorFactory(site=site)
    for author in (one, other):
        CommentFactory(thread__site=site, author=author, network_digest="f" * 64)
    (neighbour,) = review.get(f"authors/{one.pk}").json()["neighbours"]
    assert (neighbour["author"], neighbour["comments"]) == (str(other.pk), 1)


@pytest.mark.parametrize(("role", "status"), [(Role.VIEWER, 403), (None, 404)])
def test_others_trust_nobody(site: Site, role: Role | None, status: int) -> None:
    author = AuthorFactory(site=site)
    stranger = MembershipFactory(role=Role.OWNER).user
    user = MembershipFactory(site=site, role=role).user if role else stranger
    answer = signed_in(user).patch(f"authors/{author.pk}", {"trust": "trusted"})
    assert answer.status_code == status
    author.refresh_from_db()
    assert author.trust == "by_record"
