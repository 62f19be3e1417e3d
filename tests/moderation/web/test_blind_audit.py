"""The blind audit hides everywhere what became of a comment, until somebody has decided."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comments.models import Comment, Site, Status, User
from moderation.insight import alarms
from moderation.models import Reviewable
from moderation.review.queue import blind, context, highlights
from moderation.review.queue.highlights import NotPublic
from moderation.screening import blind_audit, screen
from tests.conftest import Api, signed_in
from tests.factories import NOW, AuthorFactory, PolicyFactory, WaitingCommentFactory
from tests.moderation.web.desk.conftest import desk
from tests.moderation.web.desk.desk import QUEUE, read

__all__ = ["desk"]
TEXTS = {Status.APPROVED: "hello there", Status.REJECTED: "cheap pills", Status.HELD: "a lawyer"}


@pytest.fixture
def comments(site: Site, monkeypatch: pytest.MonkeyPatch) -> dict[str, Comment]:
    """Three comments that are shown blind, by what became of them."""
    monkeypatch.setattr(blind_audit, "lot", lambda comment, purpose: 5.0)
    words = {"rejected_words": ["pills"], "held_words": ["lawyer"]}
    PolicyFactory(site=site, audit_percent=100, **words)
    made = {}
    for status, body in TEXTS.items():
        author = AuthorFactory(site=site, name="Ann")
        comment = WaitingCommentFactory(thread__site=site, body=body, author=author)
        screen.screen(now=NOW)
        comment.refresh_from_db()
        assert comment.status == status
        made[status] = comment
    assert Reviewable.objects.filter(is_blind=True).count() == len(TEXTS)
    return made


@pytest.fixture
def api(moderator: User) -> Api:
    return signed_in(moderator)


def alike(comments: dict[str, Comment], seen: Any) -> Any:
    """Check that of all three the same is seen but for what is of each itself; return that."""
    first, *others = [seen(comment) for comment in comments.values()]
    assert all(other == first for other in others)
    return first


def comment_page(client: Client, comment: Comment) -> str:
    return read(client, reverse("admin:comments_comment_change", args=[comment.pk]))


def test_the_pages_of_all_look_the_same(desk: Client, comments: dict[str, Comment]) -> None:
    page = comment_page(desk, comments[Status.APPROVED])
    assert '<span class="status">Held</span>' in page
    assert 'name="status" value="held"' in page
    assert "looked at blind" in page
    assert "Publish and reply" in page
    for told in ("Approved", "Pin to the top", "by <bdi>the rules", "counts now"):
        assert told not in page


def test_what_the_rules_made_of_it_is_on_no_page(
    desk: Client, comments: dict[str, Comment]
) -> None:
    for comment in comments.values():
        page = comment_page(desk, comment)
        assert "What the rules made of it" not in page
        assert "pills</mark>" not in page


def test_the_cards_of_all_are_the_same(desk: Client, comments: dict[str, Comment]) -> None:
    page = read(desk, QUEUE)
    assert page.count('data-status="held"') == len(comments)
    assert page.count('name="status" value="held"') == len(comments)
    assert page.count(':held" form="picks"') == len(comments)
    assert page.count("1 held") == 0
    assert "Pin to the top" not in page
    assert "still public" not in page


def test_the_drawer_and_the_page_of_its_author_show_it_held(
    desk: Client, comments: dict[str, Comment]
) -> None:
    for comment in comments.values():
        for name in ("admin:moderation_author_drawer", "admin:comments_author_change"):
            page = read(desk, reverse(name, args=[comment.author_id]))
            assert "<dt>Held</dt><dd>1</dd>" in page
            assert "<dt>Approved</dt><dd>0</dd>" in page
            assert '<span class="status">Held</span>' in page
            assert "there are 1" not in page


def test_lists_show_it_held_and_filter_it_so(desk: Client, comments: dict[str, Comment]) -> None:
    url = reverse("admin:comments_comment_changelist")
    held = read(desk, f"{url}?status__exact=held")
    assert all(text in held for text in TEXTS.values())
    for status in (Status.APPROVED, Status.REJECTED):
        assert TEXTS[status] not in read(desk, f"{url}?status__exact={status}")
    assert ">Approved</td>" not in read(desk, url)


@pytest.mark.parametrize("found", ["reason=held_word", "links=1", "reported=1", "category=SPAM"])
def test_no_filter_on_what_was_found_finds_it(
    desk: Client, comments: dict[str, Comment], found: str
) -> None:
    page = read(desk, f"{QUEUE}?{found}")
    assert not any(f">{text}<" in page for text in TEXTS.values())


def test_what_is_published_around_it_is_without_it(comments: dict[str, Comment]) -> None:
    public = comments[Status.APPROVED]
    sibling = WaitingCommentFactory(thread=public.thread, body="another")
    assert public not in context.thread_context(sibling).earlier


def test_the_review_api_shows_all_the_same(api: Api, comments: dict[str, Comment]) -> None:
    def seen(comment: Comment) -> Any:
        row = api.get(f"comments/{comment.pk}").json()
        waiting = {name: row["waiting"][name] for name in ("why", "category", "priority")}
        names = ("status", "decisions", "reports", "explanations", "author_record")
        return {**{name: row[name] for name in names}, **waiting}

    shown = alike(comments, seen)
    assert (shown["status"], shown["decisions"]) == ("held", [])
    assert shown["author_record"] == {"held": 1}


def test_its_lists_show_it_held(api: Api, comments: dict[str, Comment]) -> None:
    queue = api.get("queue").json()["results"]
    assert {row["comment"]["status"] for row in queue} == {"held"}
    assert {row["status"] for row in api.get("comments").json()["results"]} == {"held"}
    assert len(api.get("comments", {"status": "held"}).json()["results"]) == len(comments)
    assert api.get("comments", {"status": "approved"}).json()["results"] == []
    claimed = api.post("queue/claim", {"limit": 3, "seconds": 60}).json()["results"]
    assert {row["status"] for row in claimed} == {"held"}


def test_its_author_has_the_record_of_who_was_held(api: Api, comments: dict[str, Comment]) -> None:
    def seen(comment: Comment) -> Any:
        return api.get(f"authors/{comment.author_id}").json()["standing"]

    assert alike(comments, seen)["approved"] == 0


def test_mails_about_the_queue_sign_it_as_held(
    site: Site, moderator: User, comments: dict[str, Comment]
) -> None:
    waiting = Reviewable.objects.open().at([site])
    context = alarms.email_context(site, moderator, reasons=[], waiting=3, entries=waiting, count=3)
    assert {row["comment"].status for row in context["rows"]} == {"held"}


def test_deciding_by_the_status_that_was_shown_is_no_conflict(
    api: Api, comments: dict[str, Comment]
) -> None:
    for comment in comments.values():
        body = {"verdict": "SPAM", "revision": comment.revision, "status": "held"}
        assert api.post(f"comments/{comment.pk}/decision", body).status_code == 201


def test_once_decided_all_is_shown(desk: Client, api: Api, comments: dict[str, Comment]) -> None:
    comment = comments[Status.APPROVED]
    api.post(f"comments/{comment.pk}/decision", {"verdict": "APPROVE", "revision": 1})
    row = api.get(f"comments/{comment.pk}").json()
    assert row["status"] == "approved"
    assert len(row["decisions"]) == 2
    assert "What the rules made of it" in comment_page(desk, comment)


def test_it_can_be_pinned_only_once_it_is_decided(
    moderator: User, comments: dict[str, Comment]
) -> None:
    with pytest.raises(NotPublic):
        highlights.pin(comments[Status.APPROVED], pinned=True, by=moderator, now=NOW)


def test_a_held_comment_that_is_not_audited_shows_what_was_found(site: Site, api: Api) -> None:
    PolicyFactory(site=site, held_words=["lawyer"], audit_percent=0)
    comment = WaitingCommentFactory(thread__site=site, body="a lawyer")
    screen.screen(now=NOW)
    assert not blind.is_waiting(comment)
    assert api.get(f"comments/{comment.pk}").json()["decisions"]
