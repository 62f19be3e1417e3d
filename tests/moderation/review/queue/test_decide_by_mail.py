"""Deciding from a mail: once, while the person may still decide about that very text."""

import pytest
from allauth.mfa.models import Authenticator

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


def test_the_links_of_one_mail_can_be_used_once_in_all(held: Comment, moderator: User) -> None:
    use(link(held, moderator))
    with pytest.raises(LinkNotUsable, match="already"):
        use(link(held, moderator, verdict=Verdict.APPROVE, status=""))


def test_the_links_of_another_mail_stay_usable(held: Comment, moderator: User) -> None:
    use(link(held, moderator))
    assert use(link(held, moderator, nonce="other", status=""))


@pytest.mark.parametrize("role", [Role.VIEWER, None])
def test_the_link_of_a_viewer_or_a_former_member_is_refused(
    held: Comment, site: Site, role: Role | None
) -> None:
    user = MembershipFactory(**({"site": site, "role": role} if role else {})).user
    with pytest.raises(LinkNotUsable, match="no such comment at a site that you moderate"):
        use(link(held, user))


def test_the_link_of_an_inactive_account_is_refused(held: Comment, site: Site) -> None:
    user = MembershipFactory(site=site, user__is_active=False).user
    with pytest.raises(LinkNotUsable, match="account is closed"):
        use(link(held, user))


def test_links_are_refused_where_a_second_factor_is_required(
    held: Comment, moderator: User, settings
) -> None:
    settings.REQUIRE_TWO_FACTOR = True
    with pytest.raises(LinkNotUsable, match="second step"):
        use(link(held, moderator))


def test_a_user_with_a_second_factor_cannot_use_links(held: Comment, moderator: User) -> None:
    Authenticator.objects.create(user=moderator, type=Authenticator.Type.TOTP, data={})
    with pytest.raises(LinkNotUsable, match="second step"):
        use(link(held, moderator))


def test_the_role_of_the_links_own_user_counts(held: Comment, moderator: User) -> None:
    stranger = UserFactory()
    assert decide_by_mail.comment_for(link(held, moderator)) == held
    with pytest.raises(LinkNotUsable, match="no such comment"):
        decide_by_mail.comment_for(link(held, stranger))


def test_the_page_of_a_used_link_says_that_it_was_used(held: Comment, moderator: User) -> None:
    use(link(held, moderator))
    with pytest.raises(LinkNotUsable, match="decided from this mail already"):
        decide_by_mail.comment_for(link(held, moderator))


def test_a_link_to_an_outdated_revision_is_refused_and_stays_usable(
    held: Comment, moderator: User
) -> None:
    Comment.objects.update(revision=2)
    with pytest.raises(RevisionStale):
        use(link(held, moderator))
    assert not UsedLink.objects.exists()


def test_a_link_is_refused_after_a_colleagues_decision_and_stays_usable(
    held: Comment, moderator: User
) -> None:
    Comment.objects.update(status=Status.APPROVED)
    with pytest.raises(StatusChanged):
        use(link(held, moderator))
    assert not UsedLink.objects.exists()


def test_opening_a_link_returns_its_comment_and_does_not_use_it_up(
    held: Comment, moderator: User
) -> None:
    other = CommentFactory(thread=held.thread)
    for comment in (held, other):
        assert decide_by_mail.comment_for(link(comment, moderator)) == comment
    assert not UsedLink.objects.exists()


def test_the_link_of_a_superuser_needs_no_membership(held: Comment) -> None:
    assert use(link(held, UserFactory(is_superuser=True)))
