"""The page of an author: record, trust, bans, notes, comments; and who may do what there."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.models import Author, Comment, Role, Site, Status, Trust
from moderation.models import AuditAction, AuditEntry, Ban, BulkJob, Note, Report
from moderation.review.queue import bulk_worker
from moderation.screening import screen
from tests.factories import (
    AuthorFactory,
    CommentFactory,
    PolicyFactory,
    ThreadFactory,
    WaitingCommentFactory,
)
from tests.moderation.web.desk.desk import EMAIL, MASKED, member, read

LIST = reverse("admin:comments_author_changelist")
ACTS = {
    "ban": {"span": "7", "reason": "Threats"},
    "lift": {},
    "note": {"text": "Was warned"},
    "trust": {"trust": "watched"},
    "reveal": {},
}


@pytest.fixture
def author(site: Site) -> Author:
    written = AuthorFactory(site=site, email=EMAIL, name="Ann Reader")
    for status in (Status.APPROVED, Status.APPROVED, Status.SPAM):
        CommentFactory(thread=ThreadFactory(site=site), author=written, status=status)
    return written


def page_of(author: Author) -> str:
    return reverse("admin:comments_author_change", args=[author.pk])


def press(client: Client, name: str, author: Author, **data: str) -> int:
    where = reverse(f"admin:moderation_author_{name}", args=[author.pk])
    return client.post(where, {**ACTS[name], **data}).status_code


# What is known.


def test_the_page_shows_the_record_and_what_follows_from_it(desk: Client, author: Author) -> None:
    page = read(desk, page_of(author))
    for known in ("Ann Reader", MASKED, "<dt>Approved</dt><dd>2</dd>", "<dt>Spam</dt><dd>1</dd>"):
        assert known in page
    assert "Trust needs a clean record: 1 refused." in page
    assert EMAIL not in page


def test_the_page_lists_all_comments_whatever_their_status(desk: Client, author: Author) -> None:
    page = read(desk, page_of(author))
    for comment in Comment.objects.filter(author=author):
        assert comment.body[:40] in page


def test_the_page_says_who_else_writes_from_the_same_network(desk: Client, site: Site) -> None:
    one, other = AuthorFactory(site=site), AuthorFactory(site=site, name="Sock Puppet")
    for written in (one, other):
        CommentFactory(thread=ThreadFactory(site=site), author=written, network_digest="f" * 64)
    assert "Sock Puppet" in read(desk, page_of(one))


def test_an_author_is_found_by_a_whole_address(desk: Client, author: Author) -> None:
    assert "Ann Reader" in read(desk, f"{LIST}?q={EMAIL.upper()}")
    assert "Ann Reader" not in read(desk, f"{LIST}?q=nobody@mail.example")


# What may be done.


def test_a_ban_lasts_as_long_as_it_was_said(desk: Client, author: Author) -> None:
    press(desk, "ban", author)
    ban = Ban.objects.get()
    assert timedelta(days=6) < ban.until - timezone.now() <= timedelta(days=7)
    assert (ban.value, ban.reason) == (author.email_digest, "Threats")
    assert "Threats" in read(desk, page_of(author))


def test_a_ban_may_reject_what_stands(desk: Client, author: Author) -> None:
    press(desk, "ban", author, retroactive="1")
    bulk_worker.run(BulkJob.objects.get().pk, now=timezone.now())
    assert set(author.comments.values_list("status", flat=True)) == {Status.REJECTED, Status.SPAM}


def test_a_ban_is_lifted(desk: Client, author: Author) -> None:
    press(desk, "ban", author)
    press(desk, "lift", author)
    assert not Ban.objects.exists()


def test_a_note_is_for_colleagues(desk: Client, author: Author) -> None:
    press(desk, "note", author)
    assert Note.objects.get().text == "Was warned"
    assert "Was warned" in read(desk, page_of(author))


def test_an_address_is_revealed_once_and_that_is_written_down(desk: Client, author: Author) -> None:
    press(desk, "reveal", author)
    assert EMAIL in read(desk, page_of(author))
    assert EMAIL not in read(desk, page_of(author))
    assert AuditEntry.objects.get().act == AuditAction.REVEALED


@pytest.mark.parametrize(
    ("said", "became"), [(Trust.WATCHED, Status.HELD), (Trust.TRUSTED, Status.APPROVED)]
)
def test_what_a_moderator_says_of_an_author_outweighs_the_record(
    desk: Client, site: Site, author: Author, said: Trust, became: Status
) -> None:
    PolicyFactory(site=site, publish_trusted=True)
    press(desk, "trust", author, trust=said)
    body = "A kind word" if said == Trust.WATCHED else "This spammy word is only likely spam"
    comment = WaitingCommentFactory(
        thread=ThreadFactory(site=site), author=author, author_verified=True, body=body
    )
    screen.screen(now=timezone.now())
    comment.refresh_from_db()
    assert comment.status == became
    assert AuditEntry.objects.get().act == AuditAction.TRUSTED


def test_a_trust_that_there_is_not_is_refused(desk: Client, author: Author) -> None:
    assert press(desk, "trust", author, trust="blind") == 404


# Who may.


@pytest.mark.parametrize("name", ACTS)
def test_a_viewer_looks_and_does_nothing(site: Site, author: Author, name: str) -> None:
    viewer = member(Role.VIEWER, site)
    assert press(viewer, name, author) == 404
    assert "Ban this author" not in read(viewer, page_of(author))
    assert_untouched(author)


@pytest.mark.parametrize("name", ACTS)
def test_at_a_foreign_site_there_is_no_such_author(author: Author, name: str) -> None:
    stranger = member(Role.OWNER)
    assert press(stranger, name, author) == 404
    assert stranger.get(page_of(author)).status_code == 404
    assert_untouched(author)


@pytest.mark.parametrize("name", ACTS)
def test_a_link_does_nothing(desk: Client, author: Author, name: str) -> None:
    where = reverse(f"admin:moderation_author_{name}", args=[author.pk])
    assert desk.get(where).status_code == 405
    assert_untouched(author)


def assert_untouched(author: Author) -> None:
    author.refresh_from_db()
    assert author.trust == Trust.BY_RECORD
    assert not Ban.objects.exists()
    assert not Note.objects.exists()
    assert not AuditEntry.objects.exists()


# Beside the queue.


def drawer_of(author: Author) -> str:
    return reverse("admin:moderation_author_drawer", args=[author.pk])


def test_the_drawer_has_the_record_the_reports_and_the_latest_comments(
    desk: Client, author: Author
) -> None:
    comment = author.comments.order_by("-pk").first()
    Report.objects.create(comment=comment, revision=1, reason="HATE", created_at=timezone.now())
    part = read(desk, drawer_of(author))
    for known in ("<dt>Approved</dt><dd>2</dd>", "<dt>Reports</dt><dd>1</dd>", comment.body[:20]):
        assert known in part
    assert "<html" not in part
    assert EMAIL not in part


def test_a_viewers_drawer_has_no_buttons_and_a_strangers_is_not_there(author: Author) -> None:
    assert "<button" not in read(member(Role.VIEWER, author.site), drawer_of(author))
    assert member(Role.OWNER).get(drawer_of(author)).status_code == 404


def test_an_author_is_suspended_for_hours_from_the_drawer(desk: Client, author: Author) -> None:
    where = reverse("admin:moderation_author_ban", args=[author.pk])
    headers = {"Accept": "application/json"}
    told = desk.post(where, {"span": "6h"}, headers=headers).json()
    assert told["message"].startswith("Banned")
    left = Ban.objects.get().until - timezone.now()
    assert timedelta(hours=5) < left <= timedelta(hours=6)


def test_the_page_of_an_author_leads_back_to_the_queue(desk: Client, author: Author) -> None:
    back = "/admin/moderation/reviewable/?why=HELD"
    assert f'href="{back}"' in read(desk, f"{page_of(author)}?next={back}")
    where = reverse("admin:moderation_author_trust", args=[author.pk])
    answer = desk.post(where, {"trust": "watched", "next": back})
    assert answer.headers["Location"].endswith(
        "?next=%2Fadmin%2Fmoderation%2Freviewable%2F%3Fwhy%3DHELD"
    )
    foreign = read(desk, f"{page_of(author)}?next=https://evil.example/")
    assert 'href="https://evil.example' not in foreign
