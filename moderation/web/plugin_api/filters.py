"""Filters of the plugin API's lists."""

from datetime import datetime

from django.db.models import QuerySet
from rest_framework import serializers

from comments.http.filters import OrderFilter, QueryFilter, QueryFilterSet
from comments.models import Comment, Status, Thread
from comments.models.ids import min_id_at
from comments.models.thread import ThreadQuerySet


class SiteCommentFilterSet(QueryFilterSet):
    """Which comments to list."""

    status = QueryFilter(serializers.ChoiceField(choices=Status.choices))
    thread = QueryFilter(
        serializers.CharField(max_length=2000, help_text="Address or key."), method="in_thread"
    )
    since = QueryFilter(
        serializers.DateTimeField(help_text="Written at or after this."), method="written_since"
    )
    order = OrderFilter({"newest": ("-id",), "oldest": ("id",)})

    def in_thread(self, rows: QuerySet[Comment], name: str, value: str) -> QuerySet[Comment]:
        """Keep the comments of the thread of this address or key."""
        thread = Thread.objects.find(self.view.site, value)
        return rows.filter(thread=thread) if thread else rows.none()

    def written_since(
        self, rows: QuerySet[Comment], name: str, value: datetime
    ) -> QuerySet[Comment]:
        """Keep what was written since; ids are in the order of time (UUIDv7)."""
        return rows.filter(pk__gte=min_id_at(value))


class ThreadFilterSet(QueryFilterSet):
    """Which threads to list."""

    thread = QueryFilter(
        serializers.CharField(
            trim_whitespace=False, allow_blank=True, help_text="Only this one: its address or key."
        ),
        method="named",
    )

    def named(self, rows: ThreadQuerySet, name: str, value: str) -> ThreadQuerySet:
        """Keep the thread of this address or key."""
        thread = rows.find(self.view.site, value)
        return rows.filter(pk=thread.pk) if thread else rows.none()


class DeliveryFilterSet(QueryFilterSet):
    """Which deliveries of a webhook to list."""

    state = QueryFilter(
        serializers.CharField(
            trim_whitespace=False, allow_blank=True, help_text="Such as `dead`: given up."
        )
    )
