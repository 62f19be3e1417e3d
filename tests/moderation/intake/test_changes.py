"""A site's software does not undo what a person decided: by a new text, a verdict or a deletion."""

import pytest
from django.utils import timezone

from comments.accounts import api_keys
from comments.models import Comment, Site, SiteKey, Status, User
from moderation.decisions.decide import decide_one
from moderation.decisions.proposals import AlreadySettled, decision_request
from moderation.intake import changes
from moderation.models import AuditEntry, Decision, QueueReason, Reviewable
from moderation.rules.verdicts import Reason, Verdict
from moderation.screening import screen
from tests.decided import decided
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(site: Site) -> SiteKey:
    return api_keys.issue(site, scopes=["comments"], name="the blog", now=NOW).key


def by_person(comment: Comment, verdict: Verdict, moderator: User) -> None:
    comment.refresh_from_db()
    decide_one(
        decision_request(
            comment_id=comment.pk,
            revision=comment.revision,
            verdict=verdict,
            moderator=moderator,
            reasoning="So.",
        ),
        now=timezone.now(),
    )


def rewritten(comment: Comment, key: SiteKey, body: str = "Quite another text.") -> Comment:
    changes.replace_text(comment, body=body, key=key, now=timezone.now())
    screen.screen(now=timezone.now())
    comment.refresh_from_db()
    return comment


def reasons(comment: Comment) -> set[str]:
    decision = Decision.objects.get(comment=comment, revision=comment.revision)
    return {ground["reason"] for ground in decision.grounds}


@pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.HOLD, Verdict.REJECT, Verdict.SPAM])
def test_what_a_person_decided_about_is_not_published_with_the_sites_text(
    site: Site, key: SiteKey, verdict: Verdict
) -> None:
    comment = rewritten(decided(site, "A calm remark.", by_moderator=verdict), key)
    assert comment.status == Status.HELD
    assert reasons(comment) == {Reason.EDITED_AFTER_RULING}
    assert Reviewable.objects.open().get().comment == comment


def test_what_the_rules_published_is_published_with_the_sites_text(
    site: Site, key: SiteKey
) -> None:
    assert rewritten(decided(site, "A calm remark."), key).status == Status.APPROVED


def test_the_same_text_changes_nothing(site: Site, key: SiteKey) -> None:
    comment = decided(site, "A calm remark.", by_moderator=Verdict.APPROVE)
    assert rewritten(comment, key, "A calm remark.").status == Status.APPROVED
    assert comment.revision == 1


def test_a_new_text_is_in_the_audit_trail_of_the_key(site: Site, key: SiteKey) -> None:
    comment = rewritten(decided(site, "A calm remark."), key)
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.key, entry.subject) == ("EDITED", key, str(comment.pk))


@pytest.mark.parametrize("verdict", [Verdict.HOLD, Verdict.REJECT, Verdict.SPAM])
def test_no_verdict_of_the_site_publishes_the_new_text(
    site: Site, key: SiteKey, verdict: Verdict
) -> None:
    comment = rewritten(decided(site, "A calm remark.", by_moderator=verdict), key)
    with pytest.raises(AlreadySettled, match="earlier text"):
        changes.decide_for_site(comment, Verdict.APPROVE, key=key, now=timezone.now())


@pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.REJECT, Verdict.SPAM])
def test_the_site_decides_nothing_about_its_text_in_place_of_an_approved_one(
    site: Site, key: SiteKey, verdict: Verdict
) -> None:
    comment = rewritten(decided(site, "A calm remark.", by_moderator=Verdict.APPROVE), key)
    with pytest.raises(AlreadySettled, match="earlier text"):
        changes.decide_for_site(comment, verdict, key=key, now=timezone.now())


def test_the_site_may_decide_about_an_authors_new_text(site: Site, key: SiteKey) -> None:
    comment = decided(site, "A calm remark.", by_moderator=Verdict.APPROVE)
    comment = changes.edit(comment, body="Buy now!", now=comment.created_at)
    assert changes.decide_for_site(comment, Verdict.SPAM, key=key, now=timezone.now())


def test_a_person_may_decide_about_the_new_text(site: Site, key: SiteKey, moderator: User) -> None:
    comment = rewritten(decided(site, "A calm remark.", by_moderator=Verdict.REJECT), key)
    by_person(comment, Verdict.APPROVE, moderator)
    comment.refresh_from_db()
    assert comment.status == Status.APPROVED


def edited_by_author(comment: Comment) -> Comment:
    changes.edit(comment, body="Quite another text.", now=comment.created_at)
    screen.screen(now=timezone.now())
    comment.refresh_from_db()
    return comment


def test_what_a_moderator_holds_is_not_published_by_an_edit_of_its_author(site: Site) -> None:
    comment = edited_by_author(decided(site, "A calm remark.", by_moderator=Verdict.HOLD))
    assert comment.status == Status.HELD
    assert reasons(comment) == {Reason.EDITED_AFTER_RULING}


def test_an_author_may_edit_what_a_moderator_approved(site: Site) -> None:
    comment = edited_by_author(decided(site, "A calm remark.", by_moderator=Verdict.APPROVE))
    assert comment.status == Status.APPROVED


def delete(comment: Comment, key: SiteKey) -> Decision:
    return changes.decide_for_site(comment, Verdict.DELETE, key=key, now=timezone.now())


def test_what_the_site_deletes_over_a_moderator_is_shown_to_moderators(
    site: Site, key: SiteKey
) -> None:
    comment = decided(site, "A calm remark.", by_moderator=Verdict.APPROVE)
    former = Decision.objects.effective().get(comment=comment)
    assert delete(comment, key).overrides == former
    assert Reviewable.objects.open().get().why == QueueReason.OVERRULED
    entry = AuditEntry.objects.get(key=key)
    assert entry.detail == {"verdict": "DELETE", "revision": 1, "overrules": "APPROVE"}


def test_what_nobody_decided_about_is_deleted_quietly(site: Site, key: SiteKey) -> None:
    delete(decided(site, "A calm remark."), key)
    assert not Reviewable.objects.open().exists()


def test_what_a_moderator_restores_the_site_does_not_delete_again(
    site: Site, key: SiteKey, moderator: User
) -> None:
    comment = decided(site, "A calm remark.", by_moderator=Verdict.APPROVE)
    delete(comment, key)
    by_person(comment, Verdict.APPROVE, moderator)
    with pytest.raises(AlreadySettled, match="restored"):
        delete(comment, key)
    comment.refresh_from_db()
    assert comment.status == Status.APPROVED


def test_its_author_may_still_withdraw_it(site: Site, key: SiteKey, moderator: User) -> None:
    comment = decided(site, "A calm remark.", by_moderator=Verdict.APPROVE)
    delete(comment, key)
    by_person(comment, Verdict.APPROVE, moderator)
    changes.withdraw(comment, now=timezone.now())
    comment.refresh_from_db()
    assert comment.status == Status.DELETED


def test_what_a_moderator_deleted_comes_back_by_no_key(site: Site, key: SiteKey) -> None:
    comment = decided(site, "A calm remark.", by_moderator=Verdict.DELETE)
    with pytest.raises(AlreadySettled):
        changes.decide_for_site(comment, Verdict.APPROVE, key=key, now=timezone.now())
    with pytest.raises(changes.EditWindowOver):
        changes.replace_text(comment, body="Back", key=key, now=timezone.now())
