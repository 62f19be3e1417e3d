"""Allow an origin that called a site in vain, or leave it out."""

from datetime import datetime

from django.db import transaction

from comments.models import RefusedOrigin, Site, User
from moderation.decisions import audit
from moderation.models import AuditAction


@transaction.atomic
def allow(refused: RefusedOrigin, *, by: User, now: datetime) -> None:
    """Add a refused origin to those of its site."""
    site = Site.objects.select_for_update().get(pk=refused.site_id)
    if refused.origin not in site.origins:
        site.origins = [*site.origins, refused.origin]
        site.save(update_fields=["origins"])
        detail = {"changed": ["origins"], "allowed": refused.origin}
        audit.record(
            AuditAction.SITE_SET, site=site, by=by, now=now, subject=site.pk, detail=detail
        )
    refused.delete()
