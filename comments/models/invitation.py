"""Invitations of people to look after a site."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from comments.models.ids import new_id
from comments.models.site import Role, Site


class Invitation(models.Model):
    """A role at a site that is offered to an address; of the link's secret only a digest is kept.

    It is for one use, until `expires_at`. Another one to the same address takes its place.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, models.CASCADE, related_name="invitations", db_index=False)
    email = models.EmailField()
    role = models.CharField(max_length=16, choices=Role)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering: ClassVar = ["email"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "email"], name="one_invitation_per_address")
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.role} of {self.site}"

    @property
    def role_noun(self) -> str:
        """What somebody of the offered role is called in a sentence."""
        return Role(self.role).noun
