"""Revisions of policies: a change is a new row, and the newest one counts."""

from typing import TYPE_CHECKING

from django.db import models, transaction

from comments.models import Site

if TYPE_CHECKING:
    from moderation.models.policy import Policy


class PolicyQuerySet(models.QuerySet["Policy"]):
    """Query and append the policies of sites."""

    def current(self, site: Site) -> "Policy":
        """Return the newest policy of a site; unsaved defaults, revision 0, where it has none."""
        newest = self.filter(site=site).order_by("-revision").first()
        return newest or self.model(site=site, revision=0)

    @transaction.atomic
    def append(self, policy: "Policy") -> "Policy":
        """Store a policy as the next revision of its site.

        The row of the site is locked, so that concurrent calls get consecutive revisions.
        """
        Site.objects.select_for_update().get(pk=policy.site_id)
        policy.pk, policy._state.adding = None, True
        policy.revision = self.current(policy.site).revision + 1
        policy.save()
        return policy
