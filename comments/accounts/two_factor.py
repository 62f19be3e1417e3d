"""The second factor of signing in (`allauth.mfa`): secrets encrypted at rest; taking it away."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.db import transaction
from django.utils.safestring import mark_safe

from comments.models import User
from comments.privacy import email_addresses

# Where `Authenticator.data` holds a secret: of the app, and of the recovery codes. What is kept of
# a passkey is its public key.
SECRETS = ("secret", "seed")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps secrets under EMAIL_KEYS, and names things as the pages do."""

    def encrypt(self, text: str) -> str:
        """Return a secret as the database keeps it."""
        return email_addresses.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret that `encrypt` was given."""
        return email_addresses.decrypt(encrypted_text)

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002 - allauth's
        """Return the name of a new passkey."""
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def _get_site_name(self) -> str:
        return "Leave a Reply"

    def build_totp_svg(self, url: str) -> str:
        """Return the QR code with a name that screen readers read."""
        picture = super().build_totp_svg(url).partition("<svg ")[2]
        return mark_safe(f'<svg role="img" aria-label="The code to scan" {picture}')  # noqa: S308


def is_on(user: User) -> bool:
    """Tell whether a user has a second factor; recovery codes alone are none."""
    factors = Authenticator.objects.filter(user=user)
    return bool(factors.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


@transaction.atomic
def remove(user: User) -> bool:
    """Take a user's second factor and recovery codes away; return whether there was one."""
    was_on = is_on(user)
    Authenticator.objects.filter(user=user).delete()
    return was_on


def reencrypt() -> None:
    """Bring the secrets under the newest key; those of a key that is gone stay as they are."""
    for authenticator in Authenticator.objects.order_by("pk").iterator():
        try:
            secrets = {
                name: email_addresses.reencrypt(authenticator.data[name])
                for name in SECRETS
                if name in authenticator.data
            }
        except InvalidToken:
            continue
        if secrets:
            authenticator.data |= secrets
            authenticator.save(update_fields=["data"])
