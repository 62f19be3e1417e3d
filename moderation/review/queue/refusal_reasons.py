"""The reasons for refusals that a site offers: its own list, or the standard one."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from comments.models import Site, User
from moderation.decisions import audit
from moderation.decisions.proposals import DecisionRefused
from moderation.models import AuditAction, RefusalReason
from moderation.rules.causes import CAUSES, Cause

# Key, label and kind of the reasons of a site without a list of its own. Their authors are told by
# `moderation.notifications.mail.reasons`, in their language.
ILLEGAL = "illegal"
# The labels of `moderation.rules.causes`, which knows no translations.
LABELS = (
    gettext_noop("Spam"),
    gettext_noop("Insult"),
    gettext_noop("Threat"),
    gettext_noop("Hate"),
    gettext_noop("Profanity"),
    gettext_noop("Sexual"),
    gettext_noop("Off topic"),
    gettext_noop("Illegal content"),
    gettext_noop("Other"),
)
STANDARD = (
    *((key, label, key) for key, label in CAUSES if key != Cause.OTHER),
    (ILLEGAL, "Illegal content", Cause.OTHER.value),
    (Cause.OTHER.value, "Other", Cause.OTHER.value),
)
MOST = 30


class ReasonUnknown(DecisionRefused):
    """The site has no such reason, or no longer."""

    code = "reason-unknown"


def standard() -> list[RefusalReason]:
    """Return the standard list, unsaved and of no site."""
    return [
        RefusalReason(
            key=key,
            label=gettext(label),
            cause=cause,
            is_illegal=key == ILLEGAL,
            position=10 * place,
        )
        for place, (key, label, cause) in enumerate(STANDARD, 1)
    ]


def offered(sites: Iterable[UUID]) -> Mapping[UUID, list[RefusalReason]]:
    """Return the reasons of each of the sites with these ids, in the order of their numbers."""
    own: dict[UUID, list[RefusalReason]] = {site: [] for site in sites}
    for reason in RefusalReason.objects.filter(site__in=own):
        own[reason.site_id].append(reason)
    return {site: reasons or standard() for site, reasons in own.items()}


def common(sites: Iterable[UUID]) -> list[RefusalReason]:
    """Return the reasons that all of the sites with these ids offer, in the order of the first."""
    lists = list(offered(sites).values())
    keys = [{reason.key for reason in reasons} for reasons in lists]
    return [r for r in (lists or [[]])[0] if all(r.key in of_site for of_site in keys)]


def find(key: str, offered: Iterable[RefusalReason]) -> RefusalReason:
    """Return the reason with this key; raise ReasonUnknown where it is not offered."""
    for reason in offered:
        if reason.key == key:
            return reason
    raise ReasonUnknown(
        gettext("This site has no reason “%(key)s”: choose another one.") % {"key": key}
    )


def label(key: str, sites: Iterable[UUID]) -> str:
    """Return what moderators of these sites read for a key; the key where none has it any more."""
    reasons = (reason for of_site in offered(sites).values() for reason in of_site)
    return next((reason.label for reason in reasons if reason.key == key), key)


@transaction.atomic
def adopt_standard(site: Site, *, by: User, now: datetime) -> None:
    """Store the standard list as the site's own, to be changed; where it has none yet."""
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)
    if RefusalReason.objects.filter(site=site).exists():
        return
    reasons = standard()
    for reason in reasons:
        reason.site = site
    RefusalReason.objects.bulk_create(reasons)
    detail = {"reasons": [reason.key for reason in reasons]}
    audit.record(AuditAction.REASONS_SET, site=site, by=by, now=now, detail=detail)
