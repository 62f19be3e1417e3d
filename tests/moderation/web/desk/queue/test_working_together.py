"""Filters, views, claims, numbers, and what a script is told: the queue as a place of work."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment, Role, Site, Status
from moderation.models import (
    AuditAction,
    AuditEntry,
    Note,
    QueueReason,
    Report,
    Reviewable,
    SavedView,
)
from moderation.rules.verdicts import Reason
from tests.factories import NOW, DecisionFactory, MembershipFactory
from tests.moderation.web.desk.desk import (
    QUEUE,
    act,
    decide,
    member,
    page_of,
    read,
    signed_in,
    status,
    wait_in,
)

JSON = {"Accept": "application/json"}
COUNTS = reverse("admin:moderation_queue_counts")
CLAIM, RELEASE = reverse("admin:moderation_claim"), reverse("admin:moderation_release")
SAVE = reverse("admin:moderation_save_view")


def waiting(comment: Comment) -> Reviewable:
    return Reviewable.objects.get(comment=comment)


# Filters and views.


@pytest.fixture
def odd(site: Site) -> Comment:
    """A comment that every filter below is about."""
    comment = wait_in(site, body="The odd one out")
    DecisionFactory(comment=comment).findings.create(check_name="links", reason=Reason.HAS_LINKS)
    Report.objects.create(comment=comment, revision=1, reason="HATE", created_at=NOW)
    Reviewable.objects.filter(comment=comment).update(
        reasons=f" {Reason.HAS_LINKS} ",
        language="de",
        escalated_at=NOW,
        why=QueueReason.REPORTED,
    )
    return comment


@pytest.mark.parametrize(
    "asked",
    ["reason=has_links", "language=de", "links=1", "reported=1", "escalated=1", "claimed=none"],
)
def test_the_queue_is_narrowed_by(desk: Client, site: Site, odd: Comment, asked: str) -> None:
    plain = wait_in(site, body="A plain one")
    Reviewable.objects.filter(comment=plain).update(
        claimed_by=MembershipFactory(site=site).user,
        claimed_until=timezone.now() + timedelta(minutes=5),
    )
    page = read(desk, f"{QUEUE}?{asked}")
    assert "The odd one out" in page
    assert "A plain one" not in page


def test_the_queue_is_narrowed_to_a_thread_or_an_author_by_name(
    desk: Client, site: Site, odd: Comment
) -> None:
    wait_in(site, body="A plain one")
    for name, row in (("thread", odd.thread), ("author", odd.author)):
        page = read(desk, f"{QUEUE}?{name}={row.pk}")
        assert "A plain one" not in page
        assert f"{name.capitalize()}: {row}" in page.replace("&#x27;", "'")


@pytest.mark.parametrize("order", ["oldest", "newest"])
def test_the_queue_is_ordered_by_age(desk: Client, site: Site, order: str) -> None:
    for word in ("first", "second"):
        wait_in(site, body=f"the {word} one")
    page = read(desk, f"{QUEUE}?order={order}")
    assert (page.index("the first one") < page.index("the second one")) is (order == "oldest")


def test_a_view_is_saved_opened_and_forgotten(desk: Client, odd: Comment) -> None:
    answer = desk.post(SAVE, {"name": "German links", "language": "de", "links": "1"})
    assert answer.headers["Location"] == f"{QUEUE}?language=de&links=1"
    assert "German links" in read(desk, QUEUE)
    desk.post(reverse("admin:moderation_forget_view", args=[SavedView.objects.get().pk]))
    assert not SavedView.objects.exists()


def test_views_are_ones_own(desk: Client, site: Site, odd: Comment) -> None:
    desk.post(SAVE, {"name": "Mine alone", "language": "de"})
    colleague = member(Role.MODERATOR, site)
    assert "Mine alone" not in read(colleague, QUEUE)
    colleague.post(reverse("admin:moderation_forget_view", args=[SavedView.objects.get().pk]))
    assert SavedView.objects.exists()


# Numbers.


def test_the_numbers_are_told_and_not_told_twice(desk: Client, odd: Comment) -> None:
    answer = desk.get(f"{COUNTS}?language=de")
    told = answer.json()
    assert (told["total"], told["matching"], told["why"]) == (1, 1, {"REPORTED": 1})
    known = {"If-None-Match": answer.headers["ETag"]}
    assert desk.get(f"{COUNTS}?language=de", headers=known).status_code == 304
    Reviewable.objects.update(closed_at=NOW)
    assert desk.get(f"{COUNTS}?language=de", headers=known).status_code == 200


def test_numbers_are_of_ones_own_sites(odd: Comment) -> None:
    told = member(Role.OWNER).get(COUNTS).json()
    assert (told["total"], told["matching"], told["newest"]) == (0, 0, None)


# Claims.


def test_a_part_of_the_queue_is_claimed_and_colleagues_see_by_whom(
    desk: Client, site: Site, odd: Comment
) -> None:
    plain = wait_in(site)
    Reviewable.objects.update(escalated_at=None)
    assert desk.post(CLAIM, {"links": "1"}).headers["Location"] == f"{QUEUE}?claimed=me"
    assert waiting(odd).claimed_by is not None
    assert waiting(plain).claimed_by is None
    colleague = member(Role.MODERATOR, site)
    page = read(colleague, QUEUE)
    assert "Claimed by" in page
    assert f"/{odd.pk}/decide/" not in page
    assert f"/{plain.pk}/decide/" in page


def test_what_is_claimed_can_be_given_back(desk: Client, site: Site) -> None:
    one, other = wait_in(site), wait_in(site)
    desk.post(CLAIM)
    desk.post(RELEASE, {"comment": one.pk})
    assert waiting(one).claimed_by is None
    assert waiting(other).claimed_by is not None
    desk.post(RELEASE)
    assert waiting(other).claimed_by is None


def test_a_viewer_claims_nothing(site: Site, odd: Comment) -> None:
    viewer = member(Role.VIEWER, site)
    viewer.post(CLAIM)
    assert waiting(odd).claimed_by is None
    assert CLAIM not in read(viewer, QUEUE)


# Two at once.


def test_who_comes_second_hears_what_was_decided(desk: Client, site: Site, held: Comment) -> None:
    colleague = signed_in(MembershipFactory(site=site, user__first_name="Ingrid").user)
    decide(colleague, held, "REJECT", status="held")
    answer = decide(desk, held, "APPROVE", status="held")
    assert "Ingrid" in read(desk, answer.headers["Location"])
    assert status(held) == Status.REJECTED


def test_a_script_is_shown_the_newer_text(desk: Client, held: Comment) -> None:
    Comment.objects.update(revision=2, body="the newer text", body_html="<p>the newer text</p>")
    where = reverse("admin:moderation_decide", args=[held.pk])
    answer = desk.post(where, {"verdict": "APPROVE", "revision": 1}, headers=JSON)
    assert answer.status_code == 409
    assert "the newer text" in answer.json()["card"]
    assert status(held) == Status.HELD


# What a script is told.


def test_a_script_is_told_what_was_decided_and_how_to_undo_it(desk: Client, held: Comment) -> None:
    where = reverse("admin:moderation_decide", args=[held.pk])
    response = desk.post(where, {"verdict": "SPAM", "revision": 1}, headers=JSON).json()
    assert response["message"].startswith("Spam: ")
    assert response["seconds"] == 20
    undone = desk.post(response["undo"], headers=JSON).json()
    assert f'id="c-{held.pk}"' in undone["card"]
    assert status(held) == Status.HELD


def test_a_comment_is_left_to_the_owners_with_a_reason(desk: Client, held: Comment) -> None:
    act(desk, "escalate", held.pk, text="It names the mayor")
    assert waiting(held).escalated_at is not None
    assert "It names the mayor" in read(desk, QUEUE)
    assert "It names the mayor" in read(desk, page_of(held))


def test_what_waits_for_nobody_is_not_escalated(desk: Client, held: Comment) -> None:
    decide(desk, held)
    answer = act(desk, "escalate", held.pk)
    assert "waits for nobody" in read(desk, answer.headers["Location"])


def test_a_note_is_written_from_the_queue(desk: Client, held: Comment) -> None:
    act(desk, "remark", held.pk, text="Mind the tone")
    assert Note.objects.get().author == held.author
    assert AuditEntry.objects.get().act == AuditAction.NOTED
    assert "Mind the tone" in read(desk, QUEUE)


# Words.


def test_the_words_that_weighed_are_marked_and_named(desk: Client, site: Site) -> None:
    comment = wait_in(site, body="You vile person")
    DecisionFactory(comment=comment).findings.create(
        check_name="classifier", reason=Reason.SCORE, category="TOXICITY", score=0.97
    )
    for where in (QUEUE, page_of(comment)):
        page = read(desk, where)
        assert '<mark class="raises strong" title="raises Toxicity: +2.0">vile</mark>' in page
    assert "<bdi>vile</bdi></mark> +2.0" in read(desk, page_of(comment))


@pytest.mark.usefixtures("no_classifier")
def test_the_queue_is_there_while_the_classifier_is_away(desk: Client, held: Comment) -> None:
    assert held.body[:20] in read(desk, QUEUE)


def test_a_text_is_as_safe_with_marks(desk: Client, site: Site) -> None:
    wait_in(site, body="<script>alert(1)</script> vile")
    assert "<script>alert" not in read(desk, QUEUE)
