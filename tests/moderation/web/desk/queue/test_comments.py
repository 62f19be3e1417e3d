"""The page of one comment: all that is known of it, and what may be done there."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from comments.models import Comment, Role, Status
from moderation.models import Appeal, AuditAction, AuditEntry, Ban, Decision, Report
from moderation.models.appeal import AppealOutcome
from tests.factories import NOW, CommentFactory
from tests.moderation.web.desk.desk import (
    EMAIL,
    MASKED,
    QUEUE,
    act,
    decide,
    member,
    page_of,
    read,
    status,
)

# What is known.


@pytest.mark.parametrize(
    "known",
    [
        "Very likely toxic",
        "94 %",
        "It has more links than the house rules allow.",
        "Toxicity 94 %, held from 50 %",
        "fake-1",
        "the defaults",
        "the rules",
        "<dt>Held</dt><dd>1</dd>",
        "First seen",
        MASKED,
    ],
)
def test_the_page_shows(desk: Client, held: Comment, known: str) -> None:
    assert known in read(desk, page_of(held))


def test_the_page_shows_what_was_replied_to_and_what_stands_beside(desk: Client) -> None:
    parent = CommentFactory(thread__site__slug="ours", body="It was the late boat.")
    beside = CommentFactory(thread=parent.thread, parent=parent, body="No, the early one.")
    comment = CommentFactory(thread=parent.thread, parent=parent)
    page = read(member(Role.VIEWER, parent.site), page_of(comment))
    assert parent.body in page
    assert beside.body in page


def test_the_page_shows_reports_and_the_appeal(desk: Client, held: Comment) -> None:
    Report.objects.create(
        comment=held, revision=1, reason="HATE", text="About my people", created_at=NOW
    )
    Appeal.objects.create(decision=Decision.objects.get(), text="It was a song", submitted_at=NOW)
    page = read(desk, page_of(held))
    for known in ("Hatred of a group", "About my people", "It was a song"):
        assert known in page


def test_the_history_says_who_decided_why_and_what_was_undone(desk: Client, held: Comment) -> None:
    decide(desk, held, "REJECT", reasoning="Be kind.", private_notes="Again him.")
    act(desk, "undo", Decision.objects.effective().get().pk)
    page = read(desk, page_of(held))
    for told in ("Be kind.", "Again him.", "@staff.example", "undone by", "counts now"):
        assert told in page


def test_a_comment_that_was_not_screened_has_a_page(desk: Client, held: Comment) -> None:
    Decision.objects.all().delete()
    assert "It has not been screened." in read(desk, page_of(held))


def test_what_was_found_in_an_earlier_text_is_not_passed_off_as_the_present_one(
    desk: Client, held: Comment
) -> None:
    Comment.objects.update(revision=2)
    assert "In an earlier text" in read(desk, page_of(held))


def test_a_comment_without_an_author_has_a_page(desk: Client, held: Comment) -> None:
    Comment.objects.update(author=None)
    assert "Reveal address" not in read(desk, page_of(held))


@pytest.mark.parametrize("name", ["not-an-id", "01a20dca-8f71-7557-aa61-a70c056962f2"])
def test_what_does_not_exist_is_not_found(desk: Client, name: str) -> None:
    assert desk.get(f"/admin/comments/comment/{name}/change/").status_code == 404


# Deciding.


@pytest.mark.parametrize(
    ("verdict", "became"),
    [
        ("APPROVE", Status.APPROVED),
        ("HOLD", Status.HELD),
        ("REJECT", Status.REJECTED),
        ("SPAM", Status.SPAM),
        ("DELETE", Status.DELETED),
    ],
)
def test_every_verdict_can_be_given_with_reasons(
    desk: Client, held: Comment, verdict: str, became: Status
) -> None:
    decide(desk, held, verdict, reasoning="Because.", private_notes="Mind him.")
    decision = Decision.objects.effective().get()
    assert status(held) == became
    assert (decision.reasoning, decision.private_notes) == ("Because.", "Mind him.")


def test_a_decision_answers_the_appeal(desk: Client, held: Comment) -> None:
    appeal = Appeal.objects.create(decision=Decision.objects.get(), text="?", submitted_at=NOW)
    decide(desk, held, "APPROVE")
    appeal.refresh_from_db()
    assert appeal.outcome == AppealOutcome.OVERTURNED


def test_whoever_came_from_the_queue_is_led_back_there(desk: Client, held: Comment) -> None:
    page = read(desk, f"{page_of(held)}?next={QUEUE}%3Fwhy%3DSCREENED")
    assert f'<a href="{QUEUE}?why=SCREENED">← Queue</a>' in page
    assert f'name="next" value="{QUEUE}?why=SCREENED"' in page


def test_the_way_back_never_leads_to_another_website(desk: Client, held: Comment) -> None:
    page = read(desk, f"{page_of(held)}?next=https://elsewhere.example/")
    assert 'href="https://elsewhere.example/"' not in page


def test_only_what_a_moderator_decided_can_be_undone(desk: Client, held: Comment) -> None:
    act(desk, "undo", Decision.objects.get().pk)
    assert "Only a moderator" in read(desk, page_of(held))
    assert Decision.objects.count() == 1


# The author's address.


@pytest.mark.parametrize("where", ["queue", "page", "list"])
def test_addresses_are_masked(desk: Client, held: Comment, where: str) -> None:
    pages = {"queue": QUEUE, "page": page_of(held), "list": "/admin/comments/comment/"}
    page = read(desk, pages[where])
    assert held.body[:20] in page
    assert EMAIL not in page
    assert EMAIL.partition("@")[0] not in page


def test_an_address_is_revealed_once(desk: Client, held: Comment) -> None:
    act(desk, "reveal", held.pk)
    assert EMAIL in read(desk, page_of(held))
    assert EMAIL not in read(desk, page_of(held))


def test_revealing_an_address_is_written_down(desk: Client, held: Comment) -> None:
    act(desk, "reveal", held.pk)
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.site) == (AuditAction.REVEALED, held.site)
    assert entry.subject == str(held.author_id)
    assert entry.by.memberships.get().site == held.site


def test_revealing_one_address_shows_no_other(desk: Client, held: Comment) -> None:
    other = CommentFactory(thread=held.thread)
    act(desk, "reveal", held.pk)
    assert "Shown this once" not in read(desk, page_of(other))


def test_a_revealed_address_is_kept_nowhere_in_the_clear(desk: Client, held: Comment) -> None:
    act(desk, "reveal", held.pk)
    assert EMAIL not in str([session.get_decoded() for session in Session.objects.all()])


def test_a_revealed_address_is_not_kept_by_the_browser(desk: Client, held: Comment) -> None:
    act(desk, "reveal", held.pk)
    assert "no-store" in desk.get(page_of(held)).headers["Cache-Control"]


def test_an_address_that_no_key_reads_is_no_fault(desk: Client, held: Comment) -> None:
    held.author.email_encrypted = "lost"
    held.author.save()
    act(desk, "reveal", held.pk)
    assert "It can't be read any more." in read(desk, page_of(held)).replace("&#x27;", "'")


# Bans.


@pytest.mark.parametrize("target", ["EMAIL", "NETWORK"])
def test_an_author_or_a_network_can_be_banned(desk: Client, held: Comment, target: str) -> None:
    act(desk, "ban", held.pk, target=target)
    values = {"EMAIL": held.author.email_digest, "NETWORK": held.network_digest}
    ban = Ban.objects.get()
    assert ban.value == values[target]
    assert ban.site == held.site
    assert ban.created_by is not None


def test_a_ban_that_had_run_out_holds_again(desk: Client, held: Comment) -> None:
    act(desk, "ban", held.pk, target="EMAIL")
    Ban.objects.update(until=timezone.now() - timedelta(days=1))
    act(desk, "ban", held.pk, target="EMAIL")
    assert Ban.objects.in_force(timezone.now()).count() == 1


@pytest.mark.parametrize("target", ["", "EVERYBODY", "DOMAIN"])
def test_a_ban_of_nothing_is_refused(desk: Client, held: Comment, target: str) -> None:
    assert act(desk, "ban", held.pk, target=target).status_code == 404


def test_a_comment_without_a_network_bans_nobody(desk: Client, held: Comment) -> None:
    Comment.objects.update(network_digest="")
    assert act(desk, "ban", held.pk, target="NETWORK").status_code == 404
    assert not Ban.objects.exists()
