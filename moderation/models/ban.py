"""Bans of email addresses, networks and domains from a site."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, Site
from comments.models.ids import new_id
from moderation.rules.outcomes import STATUSES_NOT_REFUSED


class BanTarget(models.TextChoices):
    """What a ban matches comments by."""

    EMAIL = "EMAIL", _("Email address")
    NETWORK = "NETWORK", _("Network")
    DOMAIN = "DOMAIN", _("Website or linked domain")


class BanQuerySet(models.QuerySet["Ban"]):
    """Bans, filtered by whether they apply."""

    def in_force(self, now: datetime) -> "BanQuerySet":
        """Keep those that have not expired."""
        return self.filter(Q(until=None) | Q(until__gt=now))


class Ban(models.Model):
    """A ban from one site; `value` is a domain, or the digest of an email address or network."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, related_name="bans", verbose_name=_("site")
    )
    target = models.CharField(_("kind"), max_length=16, choices=BanTarget)
    value = models.CharField(_("whom"), max_length=253)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    until = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Empty: for good."))
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("by")
    )

    objects: ClassVar = BanQuerySet.as_manager()

    class Meta:
        verbose_name = _("ban")
        verbose_name_plural = _("bans")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "target", "value"], name="one_ban_per_target")
        ]

    def __str__(self) -> str:
        return f"{self.get_target_display()}: {self.site}"

    def retroactive_comments(self, *, until: datetime) -> QuerySet[Comment]:
        """Return the comments that a ban of that moment rejects: none for a domain."""
        origins = {
            BanTarget.EMAIL.value: Q(author__email_digest=self.value),
            BanTarget.NETWORK.value: Q(network_digest=self.value),
        }
        if self.target not in origins:
            return Comment.objects.none()
        comments = Comment.objects.filter(origins[self.target], site=self.site)
        return comments.filter(status__in=STATUSES_NOT_REFUSED, created_at__lte=until)
