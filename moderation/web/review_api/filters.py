"""Filters of the review API's lists."""

from collections import OrderedDict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import Filter
from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied

from comments.http.filters import OrderFilter, QueryFilter, QueryFilterSet
from comments.models import Author, Comment, Role, Site, Status, Trust
from comments.models.ids import min_id_at
from comments.threads import search
from moderation.models import Appeal, AuditAction, AuditEntry, ReportReason, Reviewable
from moderation.models.appeal import AppealOutcome
from moderation.notifications import disclosure
from moderation.review.queue import blind, queue
from moderation.web.review_api.base import NO_SITE
from moderation.web.review_api.requests import QueueFilterSerializer, to_queue_filters


class SiteFilter(QueryFilter):
    """Keeps the rows of one site; nothing for a site that is not one of the caller's.

    `field_name` leads from a row to its site. With `strict` any other site raises NotFound.
    """

    # The FilterSet that the filter is in, which django-filter sets.
    parent: QueryFilterSet

    def __init__(self, field_name: str = "site", *, strict: bool = False) -> None:
        self.path, self.strict = field_name, strict
        super().__init__(serializers.SlugField(), field_name=field_name)

    def filter(self, qs: QuerySet[Any], value: str | None) -> QuerySet[Any]:
        """Return the rows of the site with this slug."""
        if not value:
            return qs
        site: UUID | None = self.parent.view.site_ids.get(value)
        if site is None and self.strict:
            raise NotFound(NO_SITE)
        return qs.filter(**{self.path: site}) if site else qs.none()


class QueueFilterSet(QueryFilterSet):
    """Which part of the queue to list: the filters that claims and bulk decisions take, too."""

    order = OrderFilter(queue.ORDERS)
    as_one = QueryFilter(
        serializers.BooleanField(help_text="Of near-duplicates list the most urgent alone.")
    )

    @classmethod
    def get_filters(cls) -> OrderedDict[str, Filter]:
        """Return a filter for each field of the serializer."""
        fields = QueueFilterSerializer().get_fields()
        parameters = [(name, QueryFilter(field)) for name, field in fields.items()]
        return OrderedDict([*parameters, *super().get_filters().items()])

    def filter_queryset(self, queryset: QuerySet[Reviewable]) -> QuerySet[Reviewable]:
        """Return the queue entries that match."""
        values = self.given()
        values.pop("order", None)
        as_one = values.pop("as_one", False)
        matching = queue.select(
            to_queue_filters(values),
            sites=self.view.sites(),
            user=self.view.user,
            now=timezone.now(),
        )
        self.view.stands_for_others = matching if as_one else None
        listed = matching.without_repetitions() if as_one else matching
        return listed.with_comments()


class CommentSearchFilterSet(QueryFilterSet):
    """Which comments to find, in whatever status."""

    site = SiteFilter()
    status = QueryFilter(serializers.ChoiceField(choices=Status.choices), method="shown_as")
    author = QueryFilter(serializers.UUIDField())
    thread = QueryFilter(serializers.UUIDField())
    q = QueryFilter(
        serializers.CharField(max_length=200, help_text="Words in the text."), method="matching"
    )

    def shown_as(self, rows: QuerySet[Comment], name: str, value: str) -> QuerySet[Comment]:
        """Keep the comments that moderators see as of this status."""
        return rows.filter(blind.shown_as(value))

    def matching(self, rows: QuerySet[Comment], name: str, value: str) -> QuerySet[Comment]:
        """Keep the comments whose text has all of the words."""
        return rows.filter(search.matching(value))


class AuthorFilterSet(QueryFilterSet):
    """Which authors to list."""

    site = SiteFilter()
    trust = QueryFilter(serializers.ChoiceField(choices=Trust.choices))
    email = QueryFilter(
        serializers.EmailField(help_text="The whole address."), method="with_address"
    )

    def with_address(self, rows: QuerySet[Author], name: str, value: str) -> QuerySet[Author]:
        """Keep the authors of this address at sites that the caller moderates.

        Each search is in the audit trail. Raises PermissionDenied for viewers.
        """
        chosen = self.given().get("site")
        sites = Site.objects.of(self.view.user, Role.at_least(Role.MODERATOR))
        moderated = sites.filter(slug=chosen) if chosen else sites
        ids = list(moderated.values_list("pk", flat=True))
        if not ids:
            raise PermissionDenied("Moderators of a site alone search its authors by address.")
        user, now = self.view.user, timezone.now()
        return disclosure.find_authors(rows, value, sites=ids, by=user, now=now)


class ReportFilterSet(QueryFilterSet):
    """Which reports to list."""

    site = SiteFilter("comment__site", strict=True)
    reason = QueryFilter(serializers.ChoiceField(choices=ReportReason.choices))
    comment = QueryFilter(serializers.UUIDField())


class AppealFilterSet(QueryFilterSet):
    """Which appeals to list."""

    site = SiteFilter("decision__comment__site", strict=True)
    state = QueryFilter(
        serializers.ChoiceField(choices=["open", *AppealOutcome.values]), method="in_state"
    )

    def in_state(self, rows: QuerySet[Appeal], name: str, value: str) -> QuerySet[Appeal]:
        """Keep the appeals that are open, or that ended so."""
        return rows.filter(resolved_at=None) if value == "open" else rows.filter(outcome=value)


class AuditFilterSet(QueryFilterSet):
    """Which entries of the audit trail to list; ids are in the order of time (UUIDv7)."""

    site = SiteFilter(strict=True)
    act = QueryFilter(serializers.ChoiceField(choices=AuditAction.choices))
    who = QueryFilter(serializers.CharField(max_length=254, help_text="Who did it, as in `by`."))
    subject = QueryFilter(serializers.CharField(max_length=64, help_text="An id."))
    since = QueryFilter(serializers.DateTimeField(), method="at_or_after")
    until = QueryFilter(serializers.DateTimeField(), method="before")

    def at_or_after(
        self, rows: QuerySet[AuditEntry], name: str, value: datetime
    ) -> QuerySet[AuditEntry]:
        """Keep the entries from a moment on."""
        return rows.filter(pk__gte=min_id_at(value))

    def before(
        self, rows: QuerySet[AuditEntry], name: str, value: datetime
    ) -> QuerySet[AuditEntry]:
        """Keep the entries before a moment."""
        return rows.filter(pk__lt=min_id_at(value))
