"""Tokens of the review API: issued and revoked by their user, logged at each site they open."""

import pytest
from knox.auth import TokenAuthentication
from knox.models import AuthToken

from comments.models import Site, User
from moderation.models import AuditAction, AuditEntry
from moderation.review import review_tokens
from tests.factories import NOW, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(moderator: User) -> AuthToken:
    return AuthToken.objects.create(moderator)[0]


def name_of(token: AuthToken) -> str:
    return token.digest[: review_tokens.ID_LENGTH]


def test_an_issued_token_signs_its_user_in(moderator: User) -> None:
    secret = review_tokens.issue(moderator, by=moderator, now=NOW)
    user, token = TokenAuthentication().authenticate_credentials(secret.encode())
    assert (user, token.user) == (moderator, moderator)


def test_of_an_issued_token_the_log_tells_the_name_alone(site: Site, moderator: User) -> None:
    secret = review_tokens.issue(moderator, by=moderator, name="My script", now=NOW)
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.site, entry.by) == (AuditAction.TOKEN_ISSUED, site, moderator)
    assert (entry.subject, entry.at) == (str(moderator.pk), NOW)
    assert entry.detail == {"member": moderator.email, "token": "My script"}
    assert secret not in str(entry.detail)


def test_a_token_issued_on_the_command_line_is_logged_as_nobodys(moderator: User) -> None:
    review_tokens.issue(moderator, by=None, now=NOW)
    assert AuditEntry.objects.get().by is None


def test_a_token_is_logged_at_each_site_that_it_opens(site: Site, moderator: User) -> None:
    other = MembershipFactory(user=moderator).site
    MembershipFactory()
    review_tokens.issue(moderator, by=moderator, now=NOW)
    assert {entry.site for entry in AuditEntry.objects.all()} == {site, other}


def test_the_own_tokens_are_listed_the_newest_first(moderator: User) -> None:
    tokens = [AuthToken.objects.create(user)[0] for user in (moderator, UserFactory(), moderator)]
    listed = [token.id for token in review_tokens.of(moderator, now=NOW)]
    assert listed == [name_of(tokens[2]), name_of(tokens[0])]


def test_a_revoked_token_is_deleted_and_the_others_are_not(
    moderator: User, token: AuthToken
) -> None:
    other = AuthToken.objects.create(moderator)[0]
    assert review_tokens.revoke(moderator, name_of(token), by=moderator, now=NOW) is True
    assert list(AuthToken.objects.all()) == [other]


def test_a_revocation_is_logged(site: Site, moderator: User, token: AuthToken) -> None:
    review_tokens.revoke(moderator, name_of(token), by=moderator, now=NOW)
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.site, entry.by) == (AuditAction.TOKEN_REVOKED, site, moderator)
    assert (entry.subject, entry.at) == (str(moderator.pk), NOW)
    assert entry.detail == {"member": moderator.email, "token": "Without a name"}


def test_nobody_revokes_a_token_of_somebody_else(moderator: User, token: AuthToken) -> None:
    colleague = MembershipFactory().user
    assert review_tokens.revoke(colleague, name_of(token), by=colleague, now=NOW) is False
    assert list(AuthToken.objects.all()) == [token]
    assert not AuditEntry.objects.exists()
