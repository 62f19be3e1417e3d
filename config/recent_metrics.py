"""Prometheus metrics of the last minutes: what came in, what was decided, and how long it took.

Ids are UUIDv7, which sort by time: each query scans the newest end of a primary key, however many
rows there are.
"""

import platform
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Avg, Count, F, Max, QuerySet
from django.db.models.expressions import CombinedExpression
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from comments.models import Comment
from comments.models.ids import min_id_at
from leave_a_reply import __version__
from moderation.insight import heartbeat
from moderation.models import Decision, DecisionSource, Delivery, DeliveryState

PREFIX = "leave_a_reply"
PERIOD = timedelta(minutes=10)
Metric = GaugeMetricFamily | InfoMetricFamily


class Recent(Collector):
    """Collects what happened within PERIOD before a time."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._first = min_id_at(now - PERIOD)

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics."""
        yield from self._comments()
        yield from self._decisions()
        yield from self._screening()
        yield from self._deliveries()
        yield from self._beat()
        yield versions()

    def _comments(self) -> Iterator[Metric]:
        family = _gauge("recent_comments", "Comments of ten minutes, by status.", "status")
        recent = Comment.objects.filter(pk__gte=self._first)
        for status, count in recent.order_by().values_list("status").annotate(Count("pk")):
            family.add_metric([status], count)
        yield family

    def _decisions(self) -> Iterator[Metric]:
        family = _gauge("recent_decisions", "Decisions of ten minutes.", "verdict", "source")
        recent = Decision.objects.filter(pk__gte=self._first).order_by()
        for verdict, source, count in recent.values_list("verdict", "source").annotate(Count("pk")):
            family.add_metric([verdict, source], count)
        yield family

    def _screening(self) -> Iterator[Metric]:
        """Yield how long new comments waited for the machine; nothing where there were none."""
        first = Decision.objects.filter(
            pk__gte=self._first, source=DecisionSource.AUTOMATION, revision=1, overrides=None
        )
        waited = F("decided_at") - F("comment__created_at")
        family = _gauge("screening_seconds", "From comment to decision, in ten minutes.", "of")
        yield _with_lengths(family, first, waited)

    def _deliveries(self) -> Iterator[Metric]:
        """Yield how long webhooks waited for their events; nothing where none took any."""
        taken = Delivery.objects.filter(
            event__pk__gte=self._first, state=DeliveryState.DELIVERED, delivered_at__isnull=False
        )
        lag = F("delivered_at") - F("event__created_at")
        family = _gauge("delivery_seconds", "From event to its delivery, in ten minutes.", "of")
        yield _with_lengths(family, taken, lag)

    def _beat(self) -> Iterator[Metric]:
        if last := heartbeat.last():
            family = _gauge("beat_seconds", "Since beat and a worker last did periodic work.")
            family.add_metric([], (self._now - last).total_seconds())
            yield family


def versions() -> InfoMetricFamily:
    """Return which versions run."""
    described = {
        "version": __version__,
        "python": platform.python_version(),
        "database": connection.vendor,
    }
    return InfoMetricFamily(f"{PREFIX}_build", "What runs.", described)


def _with_lengths(
    family: GaugeMetricFamily, rows: QuerySet[Any], length: CombinedExpression
) -> GaugeMetricFamily:
    """Return a metric with the mean and the longest of a length of time, where there are rows."""
    lengths = rows.order_by().aggregate(mean=Avg(length), longest=Max(length))
    for name, value in lengths.items():
        if value is not None:
            family.add_metric([name], value.total_seconds())
    return family


def _gauge(name: str, description: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{PREFIX}_{name}", description, labels=labels)
