"""Whose word counts: which proposals are refused, given what was decided before."""

import pytest

from comments.models import Comment, Site, Status, User
from moderation.decisions.decide import decide, decide_one
from moderation.decisions.proposals import (
    AlreadySettled,
    CommentGone,
    DecisionRefused,
    NotUndoable,
    Proposal,
    RevisionStale,
    StatusChanged,
    decision_request,
    undo_request,
)
from moderation.models import Decision, DecisionSource
from moderation.rules.verdicts import Verdict
from tests.decided import rule
from tests.factories import NOW, CommentFactory, DecisionFactory, ScreeningFactory

pytestmark = pytest.mark.django_db


def proposal(
    comment: Comment, source: DecisionSource, verdict: Verdict, **more: object
) -> Proposal:
    return Proposal(
        comment_id=comment.pk, revision=comment.revision, verdict=verdict, source=source, **more
    )


def decided_by(source: DecisionSource, site: Site, status: Status = Status.APPROVED) -> Comment:
    """Return a comment on which this source has decided, and which the machine looks at again."""
    comment = CommentFactory(thread__site=site, status=status)
    DecisionFactory(comment=comment, source=source)
    ScreeningFactory(comment=comment)
    return comment


@pytest.mark.parametrize(
    "source", [DecisionSource.AUTOMATION, DecisionSource.READERS, DecisionSource.SITE]
)
def test_automation_readers_and_the_site_cannot_override_a_moderator(
    source: DecisionSource, site: Site
) -> None:
    comment = decided_by(DecisionSource.MODERATOR, site)
    with pytest.raises(AlreadySettled, match="A moderator has decided about this text"):
        decide_one(proposal(comment, source, Verdict.HOLD), now=NOW)
    assert Comment.objects.get().status == Status.APPROVED


@pytest.mark.parametrize("source", [DecisionSource.AUTHOR, DecisionSource.SITE])
def test_an_author_and_the_site_can_delete_a_comment_after_a_moderators_decision(
    source: DecisionSource, site: Site
) -> None:
    comment = decided_by(DecisionSource.MODERATOR, site)
    decide_one(proposal(comment, source, Verdict.DELETE), now=NOW)
    assert Comment.objects.get().status == Status.DELETED


@pytest.mark.parametrize("source", [DecisionSource.AUTOMATION, DecisionSource.READERS])
def test_automation_and_readers_cannot_delete_a_comment_after_a_moderators_decision(
    source: DecisionSource, site: Site
) -> None:
    comment = decided_by(DecisionSource.MODERATOR, site)
    with pytest.raises(AlreadySettled):
        decide_one(proposal(comment, source, Verdict.DELETE), now=NOW)


def test_automation_cannot_override_a_decision_of_the_site(site: Site) -> None:
    comment = decided_by(DecisionSource.SITE, site)
    with pytest.raises(AlreadySettled, match="The site has decided"):
        decide_one(proposal(comment, DecisionSource.AUTOMATION, Verdict.HOLD), now=NOW)


@pytest.mark.parametrize("before", [DecisionSource.READERS, DecisionSource.IMPORT])
def test_automation_can_override_decisions_of_readers_and_imports(
    before: DecisionSource, site: Site
) -> None:
    comment = decided_by(before, site)
    assert decide_one(proposal(comment, DecisionSource.AUTOMATION, Verdict.SPAM), now=NOW)


def test_reports_of_readers_can_hold_a_comment_that_the_site_approved(site: Site) -> None:
    comment = decided_by(DecisionSource.SITE, site)
    assert decide_one(proposal(comment, DecisionSource.READERS, Verdict.HOLD), now=NOW)


def test_an_automated_decision_is_refused_without_a_pending_screening(site: Site) -> None:
    comment = CommentFactory(thread__site=site, status=Status.PENDING)
    with pytest.raises(AlreadySettled, match="This text has been screened"):
        decide_one(proposal(comment, DecisionSource.AUTOMATION, Verdict.APPROVE), now=NOW)


@pytest.mark.parametrize("status", [Status.HELD, Status.REJECTED, Status.SPAM, Status.PENDING])
def test_reports_of_readers_hold_public_comments_alone(status: Status, site: Site) -> None:
    comment = CommentFactory(thread__site=site, status=status)
    with pytest.raises(AlreadySettled, match="not public"):
        decide_one(proposal(comment, DecisionSource.READERS, Verdict.HOLD), now=NOW)


def test_only_a_moderator_restores_a_deleted_comment(site: Site, moderator: User) -> None:
    comment = decided_by(DecisionSource.AUTHOR, site, Status.DELETED)
    for source in (DecisionSource.AUTOMATION, DecisionSource.AUTHOR, DecisionSource.SITE):
        with pytest.raises(AlreadySettled, match="deleted"):
            decide_one(proposal(comment, source, Verdict.APPROVE), now=NOW)
    decide_one(rule(comment, Verdict.APPROVE, moderator), now=NOW)
    assert Comment.objects.get().status == Status.APPROVED


def test_a_decision_about_a_comment_that_was_erased_is_refused(
    held: Comment, moderator: User
) -> None:
    asked = rule(held, Verdict.APPROVE, moderator)
    held.delete()
    with pytest.raises(CommentGone, match="There is no such comment"):
        decide_one(asked, now=NOW)


@pytest.mark.parametrize("revision", [1, 3])
def test_a_verdict_on_another_revision_than_the_newest_is_refused(
    held: Comment, moderator: User, revision: int
) -> None:
    Comment.objects.update(revision=2)
    asked = decision_request(
        comment_id=held.pk, revision=revision, verdict=Verdict.APPROVE, moderator=moderator
    )
    told = f"revision 2 is the newest, and this is about revision {revision}"
    with pytest.raises(RevisionStale, match=told):
        decide_one(asked, now=NOW)
    assert Comment.objects.get().status == Status.HELD


def test_a_changed_status_refuses_the_verdict_and_names_who_decided(
    held: Comment, moderator: User, colleague: User
) -> None:
    decide_one(rule(held, Verdict.APPROVE, colleague), now=NOW)
    seen = proposal(
        held,
        DecisionSource.MODERATOR,
        Verdict.SPAM,
        decided_by=moderator,
        expected_status=Status.HELD,
    )
    with pytest.raises(StatusChanged, match=f"{colleague} has decided.*approved now"):
        decide_one(seen, now=NOW)


def test_a_changed_status_without_a_moderators_decision_names_nobody(
    held: Comment, moderator: User
) -> None:
    seen = proposal(
        held,
        DecisionSource.MODERATOR,
        Verdict.SPAM,
        decided_by=moderator,
        expected_status=Status.APPROVED,
    )
    with pytest.raises(StatusChanged, match="Somebody else has decided"):
        decide_one(seen, now=NOW)


def test_a_refused_proposal_does_not_stop_the_others_of_the_call(
    held: Comment, site: Site, moderator: User
) -> None:
    other = CommentFactory(thread__site=site, status=Status.HELD, revision=2)
    refusal, decision = decide(
        [rule(other, Verdict.SPAM, moderator), rule(held, Verdict.APPROVE, moderator)], now=NOW
    )
    assert isinstance(refusal, RevisionStale)
    assert isinstance(decision, Decision)
    statuses = dict(Comment.objects.values_list("pk", "status"))
    assert statuses == {other.pk: Status.HELD, held.pk: Status.APPROVED}


# What can be taken back.


def test_an_automated_decision_cannot_be_undone(held: Comment, moderator: User) -> None:
    with pytest.raises(NotUndoable, match="Only a moderator's decision"):
        decide_one(undo_request(held.decisions.get(), moderator=moderator), now=NOW)


def test_a_decision_that_a_colleague_has_overridden_cannot_be_undone(
    held: Comment, moderator: User, colleague: User
) -> None:
    mine = decide_one(rule(held, Verdict.APPROVE, moderator), now=NOW)
    decide_one(rule(held, Verdict.SPAM, colleague), now=NOW)
    with pytest.raises(NotUndoable):
        decide_one(undo_request(mine, moderator=moderator), now=NOW)
    assert Comment.objects.get().status == Status.SPAM


def test_a_decision_cannot_be_undone_twice(held: Comment, moderator: User) -> None:
    mine = decide_one(rule(held, Verdict.APPROVE, moderator), now=NOW)
    decide_one(undo_request(mine, moderator=moderator), now=NOW)
    with pytest.raises(DecisionRefused):
        decide_one(undo_request(mine, moderator=moderator), now=NOW)
    assert held.decisions.count() == 3
