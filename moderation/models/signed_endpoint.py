"""Endpoints of sites that receive signed requests (Standard Webhooks 1.0.0)."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models.ids import new_id


class SignedEndpoint(models.Model):
    """An address with a signing secret, until it is disabled.

    Secrets are kept encrypted. After a rotation the former one signs, too, until `former_until`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    url = models.URLField(_("address"), max_length=2000)
    secret = models.TextField(editable=False)
    former_secret = models.TextField(blank=True, editable=False)
    former_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_because = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.url

    def enable(self) -> None:
        """Send requests again; what happened meanwhile is not sent."""
        self._set_disabled(None, because="")

    def disable(self, *, because: str, now: datetime) -> None:
        """Send no further request."""
        self._set_disabled(now, because=because)

    def _set_disabled(self, at: datetime | None, *, because: str) -> None:
        self.disabled_at, self.disabled_because = at, because
        endpoints = type(self)._base_manager.filter(pk=self.pk)
        endpoints.update(disabled_at=at, disabled_because=because)
