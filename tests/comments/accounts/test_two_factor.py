"""What is kept of second factors."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import Fernet
from django.conf import LazySettings
from django.core.management import call_command

from comments.accounts import two_factor
from comments.privacy import email_addresses
from tests.factories import UserFactory
from tests.moderation.web.desk.sign_in.people import protect


def test_secrets_move_to_a_new_key(db: None, settings: LazySettings) -> None:
    protected = protect(UserFactory())
    settings.EMAIL_KEYS = [Fernet.generate_key().decode(), *settings.EMAIL_KEYS]
    call_command("rotate_email_keys")
    settings.EMAIL_KEYS = settings.EMAIL_KEYS[:1]
    app = Authenticator.objects.get(type="totp")
    assert email_addresses.decrypt(app.data["secret"]) == protected.secret
    codes = Authenticator.objects.get(type="recovery_codes").wrap()
    assert codes.generate_codes() == protected.codes


def test_recovery_codes_alone_are_no_second_factor(db: None) -> None:
    user = protect(UserFactory()).user
    assert two_factor.is_on(user)
    Authenticator.objects.filter(type="totp").delete()
    assert not two_factor.is_on(user)


def test_taking_it_away_leaves_nothing_behind(db: None) -> None:
    user, other = UserFactory(), UserFactory()
    TOTP.activate(other, "A" * 32)
    protect(user)
    assert two_factor.remove(user)
    assert not two_factor.remove(user)
    assert [left.user for left in Authenticator.objects.all()] == [other]
