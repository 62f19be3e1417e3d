"""Pages of threads, kept in memory: exact, small and cheap."""

import gzip
import random

import pytest
from django.utils import timezone

from comments.models import Comment, Site, Status, Thread
from comments.privacy import email_addresses, tokens
from comments.threads import threads, voting
from moderation.decisions import decide as deciding
from moderation.intake import changes
from moderation.models import DecisionSource
from moderation.review.people import erasure
from moderation.review.queue import actions
from moderation.rules.verdicts import Verdict
from tests.conftest import Api
from tests.factories import (
    CommentFactory,
    DecisionFactory,
    MembershipFactory,
    SiteKeyFactory,
    ThreadFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(site: Site) -> Comment:
    return CommentFactory(thread=ThreadFactory(site=site))


def read(reader: Api, thread: Thread, token: str = "", **headers: str):
    headers |= {"X-Edit-Token": token} if token else {}
    return reader.get("comments", {"thread": thread.key}, headers=headers)


def decide(comment: Comment, verdict: Verdict) -> None:
    proposal = deciding.Proposal(
        comment_id=comment.pk,
        revision=comment.revision,
        verdict=verdict,
        source=DecisionSource.MODERATOR,
        decided_by=MembershipFactory(site=comment.site).user,
    )
    deciding.decide_one(proposal, now=timezone.now())


# What it costs.


def test_what_was_answered_before_takes_one_query(
    reader: Api, comment: Comment, django_assert_num_queries
) -> None:
    first = read(reader, comment.thread)
    with django_assert_num_queries(1):
        again = read(reader, comment.thread)
    assert again.content == first.content
    assert again.headers["Content-Length"] == str(len(first.content))
    for header in ("ETag", "Cache-Control", "Content-Type"):
        assert again.headers[header] == first.headers[header]


def test_that_nothing_is_new_takes_one_query(
    reader: Api, comment: Comment, django_assert_num_queries
) -> None:
    etag = read(reader, comment.thread).headers["ETag"]
    with django_assert_num_queries(1):
        answer = read(reader, comment.thread, **{"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


def test_an_author_with_a_comment_that_waits_costs_one_query_more(
    reader: Api, comment: Comment, django_assert_num_queries
) -> None:
    token = tokens.issue_edit_token(CommentFactory(thread=comment.thread, status=Status.HELD))
    etag = read(reader, comment.thread, token).headers["ETag"]
    with django_assert_num_queries(2):
        answer = read(reader, comment.thread, token, **{"If-None-Match": etag})
    assert answer.status_code == 304


def test_an_empty_thread_is_not_sent_again(reader: Api) -> None:
    etag = reader.get("comments", {"thread": "new"}).headers["ETag"]
    answer = reader.get("comments", {"thread": "new"}, headers={"If-None-Match": etag})
    assert answer.status_code == 304


def test_browsers_get_it_zipped(reader: Api, comment: Comment) -> None:
    plain = read(reader, comment.thread)
    zipped = read(reader, comment.thread, **{"Accept-Encoding": "gzip, br"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.content) == plain.content
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_the_first_page_of_a_thousand_comments_is_small(reader: Api, site: Site) -> None:
    """Comments as people write them: 41 words on an average, a few of them long."""
    thread = ThreadFactory(site=site, url="https://gazette.example/2026/11/how-we-restored-a-roof")
    chance = random.Random(7)
    comments: list[Comment] = []
    for n in range(1000):
        words = max(3, int(chance.lognormvariate(3.4, 0.8)))
        parent = chance.choice(comments) if comments and n % 3 else None
        comment = CommentFactory.build(
            thread=thread,
            site=site,
            author=None,
            author_name="Annabelle Reader",
            parent=parent if parent and parent.depth < 4 else None,
            body="reading " * words,
        )
        comments.append(comment)
    Comment.objects.bulk_create(comments)
    for sort in ("newest", "oldest", "best"):
        answer = reader.get("comments", {"thread": thread.key, "sort": sort})
        assert answer.json()["count"] == 1000
        assert len(answer.content) < 60_000


# A change shows at once.


@pytest.mark.parametrize("verdict", [Verdict.HOLD, Verdict.REJECT, Verdict.SPAM, Verdict.DELETE])
def test_what_is_taken_down_is_gone_at_once(
    reader: Api, comment: Comment, verdict: Verdict
) -> None:
    etag = read(reader, comment.thread).headers["ETag"]
    decide(comment, verdict)
    answer = read(reader, comment.thread, **{"If-None-Match": etag})
    assert answer.json()["results"] == []


def test_what_is_approved_is_there_at_once(reader: Api, comment: Comment) -> None:
    held = CommentFactory(thread=comment.thread, status=Status.HELD)
    read(reader, comment.thread)
    decide(held, Verdict.APPROVE)
    assert read(reader, comment.thread).json()["results"][0]["id"] == str(held.pk)


def test_an_undone_decision_shows_at_once(reader: Api, comment: Comment) -> None:
    DecisionFactory(comment=comment)
    moderator = MembershipFactory(site=comment.site).user
    ruling = actions.DecisionRequest(comment_id=comment.pk, revision=1, verdict=Verdict.SPAM)
    (decision,) = actions.decide_all([ruling], moderator=moderator, now=timezone.now())
    read(reader, comment.thread)
    actions.undo(decision, moderator=moderator, now=timezone.now())
    assert len(read(reader, comment.thread).json()["results"]) == 1


def test_an_edit_takes_the_text_away_at_once(reader: Api, comment: Comment) -> None:
    read(reader, comment.thread)
    changes.replace_text(
        comment, body="Another text.", key=SiteKeyFactory(site=comment.site), now=timezone.now()
    )
    assert read(reader, comment.thread).json()["results"] == []


def test_an_author_sees_what_becomes_of_the_own_comment_at_once(
    reader: Api, comment: Comment
) -> None:
    own = CommentFactory(thread=comment.thread, status=Status.PENDING)
    token = tokens.issue_edit_token(own)
    assert read(reader, comment.thread, token).json()["results"][0]["status"] == "pending"
    decide(own, Verdict.HOLD)
    assert read(reader, comment.thread, token).json()["results"][0]["status"] == "held"
    decide(own, Verdict.SPAM)
    assert len(read(reader, comment.thread, token).json()["results"]) == 1


def test_what_an_author_sees_is_not_what_others_see(reader: Api, comment: Comment) -> None:
    own = CommentFactory(thread=comment.thread, status=Status.PENDING)
    assert len(read(reader, comment.thread, tokens.issue_edit_token(own)).json()["results"]) == 2
    assert len(read(reader, comment.thread).json()["results"]) == 1


def test_a_vote_shows_at_once(reader: Api, comment: Comment) -> None:
    read(reader, comment.thread)
    voting.vote(comment, voter=voting.Voter("somebody"), value=1, now=timezone.now())
    assert read(reader, comment.thread).json()["results"][0]["votes"] == {"up": 1, "down": 0}


def test_a_person_who_is_erased_is_gone_at_once(reader: Api, comment: Comment) -> None:
    before = read(reader, comment.thread).json()["results"][0]
    comment.author.email_digest = email_addresses.email_digest("ann@mail.example")
    comment.author.save()
    erasure.erase_person(comment.site, "ann@mail.example", remove_text=False, now=timezone.now())
    after = read(reader, comment.thread).json()["results"][0]
    assert (before["author_name"], after["author_name"]) == (comment.author_name, "")
    assert before["avatar"] != after["avatar"]


def test_merged_threads_show_at_once(reader: Api, comment: Comment) -> None:
    other = CommentFactory(thread=ThreadFactory(site=comment.site))
    read(reader, comment.thread)
    threads.merge(other.thread, into=comment.thread)
    assert len(read(reader, comment.thread).json()["results"]) == 2


def test_spam_that_nobody_sees_makes_nothing_new(reader: Api, comment: Comment) -> None:
    etag = read(reader, comment.thread).headers["ETag"]
    decide(CommentFactory(thread=comment.thread, status=Status.PENDING), Verdict.SPAM)
    assert read(reader, comment.thread, **{"If-None-Match": etag}).status_code == 304


# Who may read the answer.


def test_the_sites_own_pages_may_read_what_is_kept_and_no_others(
    reader: Api, comment: Comment, site: Site
) -> None:
    for _ in range(2):
        answer = read(reader, comment.thread, Origin=site.origins[0])
        assert answer.headers["Access-Control-Allow-Origin"] == site.origins[0]
        refused = read(reader, comment.thread, Origin="https://evil.example")
        assert refused.status_code == 403
        assert comment.body not in refused.content.decode()
        assert "Origin" in answer.headers["Vary"]


def test_another_sites_thread_of_that_name_is_another_thread(reader: Api, comment: Comment) -> None:
    theirs = CommentFactory(thread__key=comment.thread.key)
    foreign = Api(f"/api/v1/sites/{theirs.site.slug}/")
    for _ in range(2):
        assert read(reader, comment.thread).json()["results"][0]["id"] == str(comment.pk)
        assert read(foreign, comment.thread).json()["results"][0]["id"] == str(theirs.pk)


# Around a comment, and the rest of a branch.


def test_a_page_around_a_comment_shows_it(reader: Api, comment: Comment) -> None:
    CommentFactory.create_batch(30, thread=comment.thread)
    query = {"thread": comment.thread.key, "around": str(comment.pk)}
    answer = reader.get("comments", query).json()
    assert answer["results"][0]["id"] == str(comment.pk)
    assert reader.client.get(answer["previous"]).status_code == 200


def test_there_is_no_page_around_nothing(reader: Api, comment: Comment) -> None:
    query = {"thread": comment.thread.key, "around": str(CommentFactory().pk)}
    assert reader.get("comments", query).status_code == 404


def test_the_rest_of_a_large_branch_is_asked_for_in_pages(reader: Api, comment: Comment) -> None:
    below = CommentFactory.create_batch(100, thread=comment.thread, parent=comment)
    (top,) = read(reader, comment.thread).json()["results"]
    shown = [reply["id"] for reply in top["replies"]]
    assert top["replies_left"] == 100 - len(shown)
    address = top["replies_next"]
    while address:
        page = reader.client.get(address).json()
        shown += [reply["id"] for reply in page["results"]]
        address = page["next"]
    assert shown == [str(reply.pk) for reply in below]


def test_a_reply_below_something_gone_comes_with_its_place(reader: Api, comment: Comment) -> None:
    gone = CommentFactory(thread=comment.thread, parent=comment, status=Status.SPAM, body="pills")
    reply = CommentFactory(thread=comment.thread, parent=gone)
    answer = reader.get(f"comments/{comment.pk}/replies").json()
    assert [r["id"] for r in answer["results"]] == [str(gone.pk), str(reply.pk)]
    assert [r["status"] for r in answer["results"]] == ["deleted", "approved"]
    assert "pills" not in str(answer)


def test_another_sites_branch_is_not_there(reader: Api) -> None:
    assert reader.get(f"comments/{CommentFactory().pk}/replies").status_code == 404
