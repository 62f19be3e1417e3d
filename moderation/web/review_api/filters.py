"""Filters of the review API's lists."""

from collections import OrderedDict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import Filter
from rest_framework import serializers
from rest_framework.exceptions import NotFound

from comments.http.filters import OrderFilter, QueryFilter, QueryFilterSet
from comments.models import Author, Comment, Status, Trust
from comments.models.ids import min_id_at
from comments.privacy import email_addresses
from comments.threads import search
from moderation.models import Appeal, AuditAction, AuditEntry, ReportReason, Reviewable
from moderation.models.appeal import AppealOutcome
from moderation.review.queue import queue
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

    @classmethod
    def get_filters(cls) -> OrderedDict[str, Filter]:
        """Return a filter for each field of the serializer."""
        fields = QueueFilterSerializer().get_fields()
        parameters = [(name, QueryFilter(field)) for name, field in fields.items()]
        return OrderedDict([*parameters, *super().get_filters().items()])

    def filter_queryset(self, queryset: QuerySet[Reviewable]) -> QuerySet[Reviewable]:
        """Return the queue entries that match."""
        values = {name: value for name, value in self.given().items() if name != "order"}
        return queue.select(
            to_queue_filters(values),
            sites=self.view.sites(),
            user=self.view.user,
            now=timezone.now(),
        ).with_comments()


class CommentSearchFilterSet(QueryFilterSet):
    """Which comments to find, in whatever status."""

    site = SiteFilter()
    status = QueryFilter(serializers.ChoiceField(choices=Status.choices))
    author = QueryFilter(serializers.UUIDField())
    thread = QueryFilter(serializers.UUIDField())
    q = QueryFilter(
        serializers.CharField(max_length=200, help_text="Words in the text."), method="matching"
    )

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
        """Keep the authors of this address, of which only digests are searchable."""
        return rows.filter(email_digest__in=email_addresses.email_digests(value))


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
    who = QueryFilter(serializers.EmailField(help_text="The address of who did it."))
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
