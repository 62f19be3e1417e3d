"""Find a site by the name in a path, which every call of the public API does."""

from django.db import models

from comments.models.compiled import CompiledQuery, Parameter, columns, instance
from comments.models.site import Site

_named = CompiledQuery(
    lambda: (
        Site.objects.filter(slug=Parameter("slug", models.CharField()))
        .order_by()
        .values_list(*columns(Site))
    )
)


def find_site(slug: str) -> Site | None:
    """Return the site with this slug; None where there is none."""
    rows = _named.rows(slug=slug)
    return instance(Site, rows[0]) if rows else None
