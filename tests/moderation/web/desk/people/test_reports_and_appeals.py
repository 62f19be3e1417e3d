"""Appeals at the desk: read beside the decision, answered with reasons by somebody else."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment, Role, Site, Status, User
from moderation.models import Appeal, QueueReason, Reviewable
from moderation.review.people import appeals
from moderation.rules.verdicts import Verdict
from tests.decided import refused_by
from tests.factories import CommentFactory, DecisionFactory, MembershipFactory
from tests.moderation.web.desk.desk import QUEUE, act, decide, member, read, signed_in, status

LIST = reverse("admin:moderation_appeal_changelist")


@pytest.fixture
def refused(site: Site) -> Comment:
    comment = CommentFactory(thread__site=site, status=Status.REJECTED)
    DecisionFactory(comment=comment, verdict=Verdict.REJECT, reasoning="Against the rules.")
    return comment


@pytest.fixture
def appeal(refused: Comment) -> Appeal:
    return appeals.submit(refused, text="It was a quotation.", now=timezone.now())


def page_of(appeal: Appeal) -> str:
    return reverse("admin:moderation_appeal_change", args=[appeal.pk])


def answer(client: Client, appeal: Appeal, how: str, reasoning: str = "Because.") -> Any:
    where = reverse("admin:moderation_appeal_answer", args=[appeal.pk])
    return client.post(where, {"answer": how, "reasoning": reasoning}, follow=True)


def test_an_appeal_is_shown_beside_what_was_decided(desk: Client, appeal: Appeal) -> None:
    page = read(desk, page_of(appeal))
    assert "It was a quotation." in page
    assert "Against the rules." in page
    assert "Waits" in read(desk, LIST)


def test_a_moderator_overturns_and_the_comment_is_public(
    desk: Client, appeal: Appeal, refused: Comment
) -> None:
    assert "Overturned" in answer(desk, appeal, "overturn", "You are right.").content.decode()
    assert status(refused) == Status.APPROVED
    assert refused.decisions.effective().get().reasoning == "You are right."
    assert not Reviewable.objects.open().exists()


def test_a_moderator_upholds_with_a_statement_of_reasons(
    desk: Client, appeal: Appeal, refused: Comment
) -> None:
    page = answer(desk, appeal, "uphold", "It names a private person.").content.decode()
    assert "It names a private person." in page
    assert status(refused) == Status.REJECTED
    appeal.refresh_from_db()
    assert appeal.outcome == "UPHELD"


def test_nobody_upholds_without_reasons(desk: Client, appeal: Appeal) -> None:
    assert "give your reasons" in answer(desk, appeal, "uphold", "  ").content.decode()
    appeal.refresh_from_db()
    assert appeal.resolved_at is None


def test_a_click_in_the_queue_does_not_uphold_without_reasons(
    desk: Client, appeal: Appeal, refused: Comment
) -> None:
    decide(desk, refused, "SPAM")
    assert refused.decisions.count() == 1
    assert "The author appeals" in read(desk, QUEUE)


def test_what_was_typed_survives_a_refusal(desk: Client, appeal: Appeal) -> None:
    where = reverse("admin:moderation_appeal_answer", args=[appeal.pk])
    Comment.objects.update(revision=2)
    page = desk.post(where, {"answer": "uphold", "reasoning": "My long reasons"}, follow=True)
    assert "My long reasons</textarea>" in page.content.decode()


def test_the_moderator_in_question_is_told_to_leave_it_to_a_colleague(
    site: Site, moderator: User
) -> None:
    MembershipFactory(site=site)
    comment = refused_by(moderator, site)
    appeal = appeals.submit(comment, text="No!", now=timezone.now())
    client = signed_in(moderator)
    assert "A colleague must answer it" in read(client, page_of(appeal))
    answer(client, appeal, "overturn")
    assert status(comment) == Status.REJECTED


def test_taking_an_answer_back_opens_the_appeal_again(
    desk: Client, appeal: Appeal, refused: Comment
) -> None:
    answer(desk, appeal, "overturn")
    act(desk, "undo", refused.decisions.effective().get().pk)
    appeal.refresh_from_db()
    assert (appeal.outcome, appeal.resolved_at, appeal.answer) == ("", None, None)
    assert status(refused) == Status.REJECTED
    assert Reviewable.objects.open().get().why == QueueReason.APPEALED


@pytest.mark.parametrize(("state", "shown"), [("no", True), ("UPHELD", False)])
def test_appeals_are_listed_by_whether_they_wait(
    desk: Client, appeal: Appeal, state: str, shown: bool
) -> None:
    assert (appeal.text in read(desk, f"{LIST}?answered={state}")) is shown


def test_a_viewer_reads_and_does_not_answer(site: Site, appeal: Appeal, refused: Comment) -> None:
    viewer = member(Role.VIEWER, site)
    assert 'name="answer"' not in read(viewer, page_of(appeal))
    assert answer(viewer, appeal, "overturn").status_code == 404
    assert status(refused) == Status.REJECTED


def test_at_a_foreign_site_nobody_answers(appeal: Appeal, refused: Comment) -> None:
    stranger = member(Role.OWNER)
    assert stranger.get(page_of(appeal)).status_code in (302, 404)
    assert answer(stranger, appeal, "overturn").status_code == 404
    assert status(refused) == Status.REJECTED
