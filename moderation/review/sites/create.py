"""Make a site, and change its name and origins, with an entry in the audit trail."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from comments.models import Membership, Role, Site, User
from comments.models.site import origin_of
from moderation.decisions import audit
from moderation.models import Actor, AuditAction


class InvalidSite(ValueError):
    """A site can't be like that; the message says why."""


def may_create(user: User) -> bool:
    """Tell whether somebody may make a site: superusers, and owners where the operator lets them.

    `OWNERS_ADD_SITES` is the operator's word.
    """
    owned = Membership.objects.filter(user=user, role=Role.OWNER)
    return user.is_superuser or (settings.OWNERS_ADD_SITES and owned.exists())


@transaction.atomic
def create(
    *, slug: str, name: str, origins: Iterable[str], by: Actor | None, now: datetime
) -> Site:
    """Make a site; a person who makes it owns it. Raises InvalidSite."""
    site = Site(slug=slug, name=name, origins=_origins(origins))
    try:
        site.full_clean()
    except ValidationError as error:
        raise InvalidSite(" ".join(error.messages)) from None
    site.save()
    if isinstance(by, User):
        Membership.objects.create(site=site, user=by, role=Role.OWNER)
    detail = {"changed": ["slug", "name", "origins"]}
    audit.record(AuditAction.SITE_SET, site=site, by=by, now=now, subject=site.pk, detail=detail)
    return site


@transaction.atomic
def change(
    site: Site, *, name: str, more_origins: Iterable[str], by: Actor | None, now: datetime
) -> list[str]:
    """Rename a site unless `name` is "", add origins, and return what changed. Raises InvalidSite.

    A name or origin that is there already is no change.
    """
    site = Site.objects.select_for_update().get(pk=site.pk)
    former = site.name, site.origins
    site.name = name or site.name
    site.origins = list(dict.fromkeys([*site.origins, *_origins(more_origins)]))
    changed = [
        field
        for field, old in zip(("name", "origins"), former, strict=True)
        if getattr(site, field) != old
    ]
    if changed:
        site.full_clean()
        site.save(update_fields=changed)
        detail = {"changed": changed}
        act = AuditAction.SITE_SET
        audit.record(act, site=site, by=by, now=now, subject=site.pk, detail=detail)
    return changed


def _origins(given: Iterable[str]) -> list[str]:
    try:
        return list(dict.fromkeys(origin_of(text) for text in given))
    except ValueError as error:
        raise InvalidSite(str(error)) from None
