"""Deciding from a mail: once, while the person may still decide about that very text."""

import pytest

from comments.models import Comment, Role, Site, Status, User
from moderation.decisions.proposals import RevisionStale, StatusChanged
from moderation.models import UsedLink
from moderation.notifications.mail.action_links import ActionLink
from moderation.review.queue import decide_by_mail
from moderation.review.queue.decide_by_mail import LinkNotUsable
from moderation.rules.verdicts import Verdict
from tests.factories import NOW, CommentFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(site: Site) -> Comment:
    return CommentFactory(thread__site=site, status=Status.HELD)


def link(comment: Comment, user: User, **changes: object) -> ActionLink:
    fields = {
        "user": user.pk,
        "comment": comment.pk,
        "revision": 1,
        "status": Status.HELD,
        "verdict": Verdict.REJECT,
        "nonce": "m",
    }
    return ActionLink(**{**fields, **changes})


def use(said: ActionLink):
    return decide_by_mail.decide_from_link(said, reasoning="Be kind.", now=NOW)


def test_the_verdict_of_the_link_is_recorded(held: Comment, moderator: User) -> None:
    decision = use(link(held, moderator))
    assert (decision.verdict, decision.decided_by) == (Verdict.REJECT, moderator)
    assert (decision.reasoning, decision.decided_at) == ("Be kind.", NOW)
    used = UsedLink.objects.get()
    assert (used.nonce, used.user, used.used_at) == ("m", moderator, NOW)


def test_a_mail_decides_once_whichever_of_its_links_is_used(held: Comment, moderator: User) -> None:
    use(link(held, moderator))
    with pytest.raises(LinkNotUsable, match="already"):
        use(link(held, moderator, verdict=Verdict.APPROVE, status=""))


def test_another_mail_is_another_matter(held: Comment, moderator: User) -> None:
    use(link(held, moderator))
    assert use(link(held, moderator, nonce="other", status=""))


@pytest.mark.parametrize("role", [Role.VIEWER, None])
def test_who_may_not_decide_any_more_does_not(held: Comment, site: Site, role: Role | None) -> None:
    user = MembershipFactory(**({"site": site, "role": role} if role else {})).user
    with pytest.raises(LinkNotUsable, match="no such comment at a site that you moderate"):
        use(link(held, user))


def test_whose_account_is_closed_does_not(held: Comment, site: Site) -> None:
    user = MembershipFactory(site=site, user__is_active=False).user
    with pytest.raises(LinkNotUsable, match="account is closed"):
        use(link(held, user))


def test_a_mailbox_does_not_stand_in_for_a_second_step(
    held: Comment, moderator: User, settings
) -> None:
    settings.REQUIRE_TWO_FACTOR = True
    with pytest.raises(LinkNotUsable, match="second step"):
        use(link(held, moderator))


def test_a_text_that_was_changed_since_uses_nothing_up(held: Comment, moderator: User) -> None:
    Comment.objects.update(revision=2)
    with pytest.raises(RevisionStale):
        use(link(held, moderator))
    assert not UsedLink.objects.exists()


def test_what_a_colleague_decided_meanwhile_stays(held: Comment, moderator: User) -> None:
    Comment.objects.update(status=Status.APPROVED)
    with pytest.raises(StatusChanged):
        use(link(held, moderator))
    assert not UsedLink.objects.exists()


def test_the_page_shows_the_comment_and_uses_nothing_up(held: Comment, moderator: User) -> None:
    assert decide_by_mail.comment_for(link(held, moderator)) == held
    other = CommentFactory(thread=held.thread)
    assert decide_by_mail.comment_for(link(other, moderator)) == other
    assert not UsedLink.objects.exists()


def test_a_superuser_decides_without_being_a_member(held: Comment) -> None:
    assert use(link(held, UserFactory(is_superuser=True)))
