"""Prometheus metrics at `/metrics`: the sizes and ages of the backlogs, and what happened of late.

They are computed from the database on each request, so that the numbers are the same whichever of
many processes responds, and survive restarts. Every query scans an index of pending rows.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import Error
from django.db.models import Min, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from comments.databases import replica
from comments.http import guesses
from comments.http.forwarding import client_address, was_forwarded
from config.environment.addresses import is_local
from config.recent_metrics import Recent
from moderation.models import Delivery, DeliveryState, Mail, Reviewable, Screening
from moderation.screening import classifier

PREFIX = "leave_a_reply"


def metrics(request: HttpRequest) -> HttpResponse:
    """Respond in Prometheus's text format, or 404 to unauthorized callers.

    With METRICS_TOKEN set, callers must send it as a bearer token. Without one, only callers on
    this machine are authorized, and only where no proxy passes on what comes from elsewhere.
    """
    if not _is_authorized(request):
        guesses.mark(request)
        raise Http404
    registry = CollectorRegistry()
    registry.register(Backlog(timezone.now()))
    registry.register(Recent(timezone.now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Backlog(Collector):
    """Collects the sizes and ages of the backlogs at a time."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[GaugeMetricFamily | InfoMetricFamily]:
        """Yield the metrics; the classifier's version only while there is a classifier."""
        for name, (description, rows, time_field) in BACKLOGS.items():
            aggregate = rows().aggregate(oldest=Min(time_field))
            age = (self._now - aggregate["oldest"]).total_seconds() if aggregate["oldest"] else 0.0
            yield _gauge(f"{name}_waiting", f"{description} that wait.", rows().count())
            yield _gauge(
                f"{name}_oldest_seconds", f"How long the oldest of them waits: {description}.", age
            )
        dead = Delivery.objects.filter(state=DeliveryState.DEAD).count()
        yield _gauge("deliveries_dead", "Deliveries to webhooks that were given up.", dead)
        given_up = Mail.objects.filter(state=DeliveryState.DEAD).count()
        yield _gauge("mails_dead", "Mails that were given up.", given_up)
        yield from _classifier()
        yield from _replica()


BACKLOGS: Mapping[str, tuple[str, Callable[[], QuerySet[Any]], str]] = {
    "screenings": ("Comments for the machine", Screening.objects.all, "comment__created_at"),
    "reviews": ("Comments for a moderator", Reviewable.objects.open, "opened_at"),
    "deliveries": (
        "Deliveries to webhooks",
        lambda: Delivery.objects.filter(state=DeliveryState.WAITING),
        "event__created_at",
    ),
    "mails": ("Mails", lambda: Mail.objects.filter(state=DeliveryState.WAITING), "created_at"),
}


def _classifier() -> Iterator[GaugeMetricFamily | InfoMetricFamily]:
    try:
        version = classifier.classifier().version
    except classifier.ClassifierAway:
        yield _gauge("classifier_up", "Whether there is a classifier.", 0)
        return
    yield _gauge("classifier_up", "Whether there is a classifier.", 1)
    reads = bool(settings.SECOND_READER and not classifier.second_reader_away())
    yield _gauge("second_reader_up", "Whether doubtful comments are read twice.", reads)
    yield InfoMetricFamily(f"{PREFIX}_classifier", "Which classifier.", {"version": version})


def _replica() -> Iterator[GaugeMetricFamily]:
    """Yield whether the replica answers, and how far behind it is; nothing where none is set."""
    if not replica.is_set():
        return
    try:
        state = replica.ask()
    except Error:
        state = replica.State(is_ours=False, lag=None)
    yield _gauge("replica_up", "Whether the replica answers.", state.is_ours)
    if state.lag is not None:
        description = "Since what the replica replayed last was written."
        yield _gauge("replica_lag_seconds", description, state.lag)


def _gauge(name: str, description: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{PREFIX}_{name}", description, value=value)


def _is_authorized(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        authorization = request.headers.get("Authorization", "")
        return constant_time_compare(authorization, f"Bearer {settings.METRICS_TOKEN}")
    # HTTPS ends at a proxy, and one on this machine makes a local caller of everybody.
    if settings.TRUSTED_PROXIES or settings.HTTPS or was_forwarded(request):
        return False
    return is_local(client_address(request))
