"""Find a site by the name in a path, which every call of the public API does."""

from collections.abc import Sequence
from threading import Lock
from typing import Any

from cachetools import LRUCache
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
_remembered: LRUCache[str, Sequence[Any]] = LRUCache(maxsize=1000)
_lock = Lock()


class SiteChanged(Exception):
    """A site is not as this process remembered it, or is not there any more."""


def find_site(slug: str) -> Site | None:
    """Return the site with this slug; None where there is none."""
    rows = _named.rows(slug=slug)
    with _lock:
        if rows:
            _remembered[slug] = rows[0]
        else:
            _remembered.pop(slug, None)
    return instance(Site, rows[0]) if rows else None


def recall_site(slug: str) -> Site | None:
    """Return the site as this process saw it last, which saves a statement.

    What is done by it counts only once `has_changed` says that it is still so.
    """
    with _lock:
        values = _remembered.get(slug)
    if values is None:
        return find_site(slug)
    site = instance(Site, values)
    site.recalled = values  # type: ignore[union-attr]
    return site


def is_recalled(site: Site) -> bool:
    """Tell whether a site comes from memory."""
    return hasattr(site, "recalled")


def has_changed(site: Site, values: Sequence[Any]) -> bool:
    """Tell whether a site that was recalled has other values of its `columns` by now."""
    return is_recalled(site) and list(values) != list(site.recalled)  # type: ignore[attr-defined]
