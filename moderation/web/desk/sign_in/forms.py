"""Forms of allauth, as far as ours do something else with what was typed."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.webauthn import forms as webauthn_forms
from cryptography.fernet import InvalidToken
from django.http import HttpRequest
from django.utils import timezone

from comments.privacy import email_addresses
from moderation.web.desk.sign_in import limits, password_reset


class ResetPasswordForm(account_forms.ResetPasswordForm):
    """Asks for a mail by which a forgotten password is replaced."""

    def save(self, request: HttpRequest, **options: Any) -> str:
        """Write to whose address it is; answer the same where it is nobody's."""
        address = email_addresses.normalise_email(self.cleaned_data["email"])
        limits.take_reset(request, address)
        # Without a password, somebody signs in at a provider or by a token, and goes on doing so.
        user = next((user for user in self.users if user.has_usable_password()), None)
        password_reset.write(user, to=address, now=timezone.now())
        return address


class _CodeForm(BaseAuthenticateForm):
    """Counts the tries."""

    def clean_code(self) -> str:
        """Return a code that is right; raise ValidationError or, after many, answer 429."""
        with limits.taken_back(limits.take_code(context.request, self.user)):
            return str(super().clean_code())


class AuthenticateForm(_CodeForm, mfa_forms.AuthenticateForm):
    """Takes a code as the second step."""


class ReauthenticateForm(_CodeForm, mfa_forms.ReauthenticateForm):
    """Confirms an act with a code."""


class ActivateTOTPForm(totp_forms.ActivateTOTPForm):
    """Sets up an authenticator app; the session keeps its secret encrypted until the first code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        session = context.request.session
        try:
            session[SECRET_SESSION_KEY] = email_addresses.decrypt(session[SECRET_SESSION_KEY])
        except (KeyError, InvalidToken):
            session.pop(SECRET_SESSION_KEY, None)
        super().__init__(*args, **kwargs)
        session[SECRET_SESSION_KEY] = email_addresses.encrypt(self.secret)

    @property
    def key(self) -> str:
        """Return the secret as people type it: in groups of four."""
        return " ".join(self.secret[n : n + 4] for n in range(0, len(self.secret), 4))


class AddWebAuthnForm(webauthn_forms.AddWebAuthnForm):
    """Adds a passkey; refuses an answer that lacks a part, on which the library would fail."""

    def clean(self) -> dict[str, Any] | None:
        """Return the passkey to add; raise ValidationError."""
        try:
            cleaned: dict[str, Any] | None = super().clean()
        except (LookupError, TypeError, ValueError, AttributeError):
            raise get_adapter().validation_error("incorrect_code") from None
        return cleaned


class _PasskeyForm(webauthn_forms.AuthenticateWebAuthnForm):
    """Refuses an answer that lacks a part, on which the library would fail (KeyError)."""

    def clean_credential(self) -> Authenticator:
        """Return the passkey that was used; raise ValidationError or, after many, answer 429."""
        tries = limits.take_anonymous(context.request, "passkey")
        try:
            with limits.taken_back(tries):
                return super().clean_credential()
        except (LookupError, TypeError, ValueError, AttributeError):
            raise get_adapter().validation_error("incorrect_code") from None


class LoginWebAuthnForm(_PasskeyForm, webauthn_forms.LoginWebAuthnForm):
    """Signs in with a passkey alone."""


class AuthenticateWebAuthnForm(_PasskeyForm):
    """Takes a passkey as the second step."""


class ReauthenticateWebAuthnForm(_PasskeyForm, webauthn_forms.ReauthenticateWebAuthnForm):
    """Confirms an act with a passkey."""
