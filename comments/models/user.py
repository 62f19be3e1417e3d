"""The people who sign in: owners, moderators and viewers of sites. Readers never do."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes users who sign in with an email address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new user; without a password only a token can sign them in."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new user who may do everything on every site."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        """Find a user by address, however it was capitalised."""
        return self.get(email=(email or "").strip().lower())


class User(AbstractUser):
    """Somebody who signs in, by email address; what they may do hangs on their memberships."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("email address"), unique=True)

    # In which they signed in last: mails to them are in it.
    language = models.CharField(max_length=16, blank=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta(AbstractUser.Meta):
        verbose_name = _("person")  # type: ignore[assignment]
        verbose_name_plural = _("people")  # type: ignore[assignment]

    @property
    def mail_language(self) -> str:
        """The language of mails to this person."""
        return self.language or settings.LANGUAGE_CODE

    def note_language(self, language: str) -> None:
        """Keep the language in which somebody signs in."""
        if self.language != language:
            self.language = language
            self.save(update_fields=["language"])

    def __str__(self) -> str:
        return self.get_full_name() or self.email
