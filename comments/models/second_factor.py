"""The second factor of signing in: an authenticator app, and recovery codes for when it is gone."""

from typing import ClassVar

from django.db import models
from django_otp.models import Device, ThrottlingMixin

from comments.models.user import User


class Authenticator(ThrottlingMixin, Device):
    """The app that shows a user a new code every 30 seconds (TOTP, RFC 6238).

    Its secret is kept encrypted; `comments.accounts.two_factor` reads it. `last_step` is the
    step of the last code that was taken: no code is taken twice.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="authenticator")
    secret = models.TextField()
    last_step = models.BigIntegerField(default=-1)
    created_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Authenticator"]] = models.Manager()

    def __str__(self) -> str:
        return f"Authenticator of {self.user}"

    def get_throttle_factor(self) -> float:
        """Return the seconds to wait after the first wrong code; each one doubles them."""
        return 1.0


class RecoveryCode(models.Model):
    """A code that stands in for the authenticator once. Kept as a digest; used ones go."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "digest"], name="one_recovery_code")
        ]

    def __str__(self) -> str:
        return f"Recovery code of {self.user}"
