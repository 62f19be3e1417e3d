"""Tokens of the review API: issued and revoked by their user, logged at each site they open."""

from datetime import timedelta

import pytest
from knox.auth import TokenAuthentication
from knox.models import AuthToken

from comments.limits import LimitReached
from comments.models import Membership, Site, User
from comments.privacy import email_addresses
from moderation.models import AuditAction, AuditEntry, Mail
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


@pytest.mark.parametrize("lifetime", [timedelta(days=30), None])
def test_a_token_ends_when_it_was_said_to(moderator: User, lifetime: timedelta | None) -> None:
    review_tokens.issue(moderator, by=moderator, now=NOW, lifetime=lifetime)
    (details,) = review_tokens.of(moderator, now=NOW)
    assert details.expires_at == (NOW + lifetime if lifetime else None)
    later = review_tokens.of(moderator, now=NOW + timedelta(days=30))
    assert bool(later) is (lifetime is None)


def test_without_a_name_it_has_its_day(moderator: User) -> None:
    review_tokens.issue(moderator, by=moderator, now=NOW)
    (details,) = review_tokens.of(moderator, now=NOW)
    assert details.name == f"Token of {NOW:%Y-%m-%d}"


def test_its_user_is_told_by_mail_of_the_name_alone(moderator: User) -> None:
    secret = review_tokens.issue(moderator, by=moderator, name="My script", now=NOW)
    mail = Mail.objects.get()
    assert mail.recipient_digest == email_addresses.email_digest(moderator.email)
    text = mail.text
    assert "A token for the review API" in text
    assert "My script" in text
    assert secret not in text


def test_a_user_has_so_many_tokens_and_others_take_no_room(
    moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review_tokens, "MOST_PER_USER", 1)
    AuthToken.objects.create(UserFactory())
    review_tokens.issue(moderator, by=moderator, now=NOW)
    with pytest.raises(LimitReached, match="tokens of yours"):
        review_tokens.issue(moderator, by=moderator, now=NOW)


def test_what_is_no_id_ends_nothing(moderator: User, token: AuthToken) -> None:
    for no_id in ("", name_of(token)[:-1], token.digest):
        assert review_tokens.revoke(moderator, no_id, by=moderator, now=NOW) is False
    assert list(AuthToken.objects.all()) == [token]


def test_all_of_a_users_tokens_end_at_once_and_nobody_elses(
    site: Site, moderator: User, token: AuthToken
) -> None:
    kept = AuthToken.objects.create(UserFactory())[0]
    assert review_tokens.end_all(moderator, by=None, now=NOW) is True
    assert review_tokens.end_all(moderator, by=None, now=NOW) is False
    assert list(AuthToken.objects.all()) == [kept]
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.site, entry.by) == (AuditAction.TOKEN_REVOKED, site, None)
    assert (entry.subject, entry.at) == (str(moderator.pk), NOW)


def test_who_lost_the_last_site_has_no_tokens(moderator: User, token: AuthToken) -> None:
    owner = MembershipFactory().user
    review_tokens.end_without_sites(moderator, by=owner, now=NOW)
    assert list(AuthToken.objects.all()) == [token]
    Membership.objects.filter(user=moderator).delete()
    review_tokens.end_without_sites(moderator, by=owner, now=NOW)
    assert not AuthToken.objects.exists()


def test_who_looks_after_all_sites_needs_none_to_keep_a_token() -> None:
    operator = UserFactory(is_superuser=True)
    token = AuthToken.objects.create(operator)[0]
    review_tokens.end_without_sites(operator, by=None, now=NOW)
    assert list(AuthToken.objects.all()) == [token]


def test_the_use_of_a_token_is_noted_once_a_minute_and_on_no_other(moderator: User) -> None:
    for name in ("used", "idle"):
        review_tokens.issue(moderator, by=moderator, name=name, now=NOW)
    token = AuthToken.objects.get(details__name="used")
    minute = review_tokens.LAST_USED_PRECISION
    seen = []
    for at in (NOW, NOW + minute, NOW + minute + timedelta(seconds=1)):
        review_tokens.note_use(token, now=at)
        used = {one.name: one.last_used_at for one in review_tokens.of(moderator, now=NOW)}
        assert used["idle"] is None
        seen.append(used["used"])
    assert seen == [NOW, NOW, NOW + minute + timedelta(seconds=1)]
