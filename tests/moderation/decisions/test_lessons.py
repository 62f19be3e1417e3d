"""What the classifier learns from decisions: people's alone, and only while they stand."""

from dataclasses import replace

import pytest

from comments.models import Comment, Role, Site, User
from comments.privacy import email_addresses
from moderation.decisions.decide import Proposal, decide_one
from moderation.decisions.proposals import decision_request, undo_request
from moderation.models import Decision, DecisionSource, Label, LabelSource
from moderation.review.people import appeals
from moderation.rules.causes import Cause
from moderation.rules.verdicts import Category, Verdict
from tests.factories import NOW, MembershipFactory
from tests.moderation.decisions.conftest import LATER

pytestmark = pytest.mark.django_db


def decide(comment: Comment, user: User, verdict: Verdict, cause: Cause | None = None) -> Decision:
    proposal = decision_request(comment_id=comment.pk, revision=1, verdict=verdict, moderator=user)
    return decide_one(replace(proposal, cause=cause), now=NOW)


def taught() -> set[str]:
    """Return the categories that were taught as harmful."""
    return set(Label.objects.filter(value=True).values_list("category", flat=True))


def test_a_lesson_tells_who_gave_it_by_which_decision(held: Comment, moderator: User) -> None:
    decision = decide(held, moderator, Verdict.SPAM)
    label = Label.objects.get()
    assert (label.category, label.value, label.source) == ("SPAM", True, LabelSource.MODERATOR)
    assert (label.decision, label.given_by, label.text) == (decision, moderator, held.body)


def test_approving_says_that_nothing_is_wrong(held: Comment, moderator: User) -> None:
    decide(held, moderator, Verdict.APPROVE)
    labels = Label.objects.values_list("category", "value")
    assert set(labels) == {(category.value, False) for category in Category}


@pytest.mark.parametrize(
    ("cause", "categories"),
    [
        (Cause.INSULT, {"TOXICITY", "INSULT"}),
        (Cause.THREAT, {"TOXICITY", "THREAT"}),
        (Cause.HATE, {"TOXICITY", "IDENTITY_ATTACK"}),
        (Cause.SPAM, {"SPAM"}),
        (Cause.OFF_TOPIC, set()),
        (Cause.OTHER, set()),
        (None, set()),
    ],
)
def test_a_refusal_teaches_the_harm_that_is_named_alone(
    held: Comment, moderator: User, cause: Cause | None, categories: set[str]
) -> None:
    decide(held, moderator, Verdict.REJECT, cause)
    assert taught() == categories


@pytest.mark.parametrize("verdict", [Verdict.HOLD, Verdict.DELETE])
def test_what_settles_nothing_teaches_nothing(
    held: Comment, moderator: User, verdict: Verdict
) -> None:
    decide(held, moderator, verdict, Cause.INSULT)
    assert not Label.objects.exists()


@pytest.mark.parametrize(
    "source", [DecisionSource.SITE, DecisionSource.READERS, DecisionSource.AUTHOR]
)
def test_nobody_but_a_moderator_teaches_by_deciding(held: Comment, source: DecisionSource) -> None:
    Comment.objects.update(status="approved")
    verdict = Verdict.DELETE if source is DecisionSource.AUTHOR else Verdict.SPAM
    decide_one(Proposal(comment_id=held.pk, revision=1, verdict=verdict, source=source), now=NOW)
    assert not Label.objects.exists()


def test_an_undone_decision_takes_its_lesson_back(held: Comment, moderator: User) -> None:
    decision = decide(held, moderator, Verdict.SPAM)
    decide_one(undo_request(decision, moderator=moderator), now=LATER)
    assert not Label.objects.exists()


def test_undoing_a_change_of_mind_restores_the_lesson_before(
    held: Comment, moderator: User
) -> None:
    decide(held, moderator, Verdict.REJECT, Cause.INSULT)
    second = decide(held, MembershipFactory(site=held.site).user, Verdict.APPROVE)
    decide_one(undo_request(second, moderator=moderator), now=LATER)
    assert taught() == {"TOXICITY", "INSULT"}
    assert set(Label.objects.values_list("value", "given_by")) == {(True, moderator.pk)}


def test_a_colleagues_other_verdict_replaces_the_lesson(held: Comment, moderator: User) -> None:
    decide(held, moderator, Verdict.SPAM)
    decide(held, MembershipFactory(site=held.site).user, Verdict.APPROVE)
    assert taught() == set()


def test_an_upheld_refusal_keeps_its_cause(held: Comment, moderator: User) -> None:
    decide(held, moderator, Verdict.REJECT, Cause.INSULT)
    held.refresh_from_db()
    appeal = appeals.submit(held, text="It was a quotation.", now=NOW)
    colleague = MembershipFactory(site=held.site).user
    appeals.uphold(appeal, moderator=colleague, reasoning="It was not.", now=LATER)
    assert taught() == {"TOXICITY", "INSULT"}


def test_an_overturned_refusal_teaches_the_reverse(held: Comment, moderator: User) -> None:
    decide(held, moderator, Verdict.REJECT, Cause.INSULT)
    held.refresh_from_db()
    appeal = appeals.submit(held, text="It was a quotation.", now=NOW)
    colleague = MembershipFactory(site=held.site).user
    appeals.overturn(appeal, moderator=colleague, reasoning="", now=LATER)
    assert taught() == set()
    assert Label.objects.filter(category="TOXICITY", value=False).exists()


def test_comments_of_the_sites_own_people_teach_nothing(
    held: Comment, site: Site, moderator: User
) -> None:
    member = MembershipFactory(site=site, role=Role.VIEWER).user
    assert held.author
    held.author.email_digest = email_addresses.email_digest(member.email)
    held.author.save()
    decide(held, moderator, Verdict.APPROVE)
    assert not Label.objects.exists()


def test_comments_with_a_badge_of_the_site_teach_nothing(held: Comment, moderator: User) -> None:
    Comment.objects.update(badge_kind="staff")
    decide(held, moderator, Verdict.APPROVE)
    assert not Label.objects.exists()
