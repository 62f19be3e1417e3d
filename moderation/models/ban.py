"""Bans: who may not write at a site."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from comments.models import Site
from comments.models.ids import new_id


class BanTarget(models.TextChoices):
    """What a ban recognises somebody by."""

    EMAIL = "EMAIL", "Email address"
    NETWORK = "NETWORK", "Network"
    DOMAIN = "DOMAIN", "Website or linked domain"


class BanQuerySet(models.QuerySet["Ban"]):
    """Bans, by whether they hold."""

    def in_force(self, now: datetime) -> "BanQuerySet":
        """Keep those that have not run out."""
        return self.filter(Q(until=None) | Q(until__gt=now))


class Ban(models.Model):
    """Refuses comments at one site. Email and network are kept as digests, a domain as it is."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="bans")
    target = models.CharField(max_length=16, choices=BanTarget)
    value = models.CharField(max_length=253)
    reason = models.CharField(max_length=300, blank=True)
    until = models.DateTimeField(null=True, blank=True, help_text="Empty: for good.")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)

    objects: ClassVar = BanQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "target", "value"], name="one_ban_per_target")
        ]

    def __str__(self) -> str:
        return f"{self.get_target_display()} banned from {self.site}"
