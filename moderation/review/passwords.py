"""What a new password ends, by whichever way it was set."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from comments.models import User
from moderation.notifications.mail import security
from moderation.review import review_tokens


class EndReviewTokens:
    """A password validator (`AUTH_PASSWORD_VALIDATORS`) that accepts any password.

    Django tells validators of every password that was changed and saved: by the desk, by a mail, by
    a superuser, by a command. Rehashing at sign-in is no change.
    """

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Accept the password: others judge it."""

    def get_help_text(self) -> str:
        """Return what a new password does."""
        return gettext("A new password ends your review tokens.")

    @transaction.atomic
    def password_changed(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """End the review tokens, and tell the owner of an account that was in use."""
        if not isinstance(user, User):
            return
        now = timezone.now()
        had_tokens = review_tokens.end_all(user, by=None, now=now)
        if had_tokens or user.last_login:
            security.write(user, security.PASSWORD, now=now)
