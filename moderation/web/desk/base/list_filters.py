"""Filters of lists by what a user looks after, which ask nothing of the rows that are listed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from moderation.web.desk.base.permissions import ScopedAdmin, sites_of


class SiteListFilter(admin.RelatedFieldListFilter):
    """Offers the user's sites.

    Django's `RelatedOnlyFieldListFilter` offers those of which there are rows, and reads all rows
    to know.
    """

    # From what is offered to its site.
    site_path = "pk"

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: Any
    ) -> list[tuple[str, Any]]:
        """Return the choices, by name."""
        role = model_admin.seen_by if isinstance(model_admin, ScopedAdmin) else ScopedAdmin.seen_by
        own = {f"{self.site_path}__in": sites_of(request, role)}
        ordering = self.field_admin_ordering(field, request, model_admin)
        choices: Any = field.get_choices(
            include_blank=False, limit_choices_to=own, ordering=ordering
        )
        return list(choices)


class OfSiteListFilter(SiteListFilter):
    """Offers what belongs to the user's sites, such as webhooks."""

    site_path = "site"
