"""API keys: how a site's own servers authenticate, and what each key permits."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comments.models.ids import new_id
from comments.models.site import Site


class Scope(models.TextChoices):
    """A permission of an API key."""

    COMMENTS = "comments", _("Comments: post for readers, list, change, delete")
    CHECKS = "checks", _("Checks: have texts looked at without storing them")
    FEEDBACK = "feedback", _("Feedback: say what a text really was")
    FINDINGS = "findings", _("Findings: answer as the site's external moderator")
    POLICY = "policy", _("Policy: read and change the house rules")
    THREADS = "threads", _("Threads: open, close, move, merge")
    WEBHOOKS = "webhooks", _("Webhooks: be told what happens")
    TRANSFER = "transfer", _("Transfer: move comments in and out")
    PEOPLE = "people", _("People: export and erase what is held on somebody")
    AKISMET = "akismet", _("Akismet: for plugins that speak its protocol")


class KeyMode(models.TextChoices):
    """What else happens when a comment is checked with this key."""

    CHECK = "check", _("Check: answer, and keep nothing")
    QUEUE = "queue", _("Queue: a person of ours looks at what is held; the plugin is told later")
    SHADOW = "shadow", _("Shadow: keep what was said beside what the present service said")


class SiteKeyQuerySet(models.QuerySet["SiteKey"]):
    """Queries for API keys."""

    def valid(self, now: datetime) -> "SiteKeyQuerySet":
        """Keep the keys that are neither revoked nor expired."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)


class SiteKey(models.Model):
    """An API key of a site, of which only the digest is stored.

    `public_id` is what people tell keys apart by; it is no part of what is secret. The digest is
    keyed (HMAC-SHA256 under EMAIL_KEYS); `fingerprint_encrypted` serves to make a new one when
    those keys are rotated.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, related_name="keys", verbose_name=_("site")
    )
    name = models.CharField(_("name"), max_length=100, help_text=_("What uses it."))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    fingerprint_encrypted = models.TextField(editable=False)
    public_id = models.CharField(_("public id"), max_length=12, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("made"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by")
    )
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    expires_at = models.DateTimeField(
        _("ends"), null=True, blank=True, help_text=_("Empty: never.")
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    mode = models.CharField(_("mode"), max_length=16, choices=KeyMode, default=KeyMode.CHECK)

    objects: ClassVar = SiteKeyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("API keys")
        verbose_name = _("API key")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.name} ({self.public_id})"

    def may(self, scope: Scope) -> bool:
        """Return whether the key has this scope."""
        return scope in self.scopes
