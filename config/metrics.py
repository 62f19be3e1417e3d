"""What Prometheus reads at `/metrics`: how much waits, and for how long.

All of it is read from the database when it is asked for, so that the numbers are the same whichever
of many processes answers, and survive restarts. Every query is a scan of an index of what waits.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.db.models import Min, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from comments.http.requests import client_address
from moderation.models import Delivery, DeliveryState, Mail, Reviewable, Screening
from moderation.screening import classifier

PREFIX = "leave_a_reply"


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer in Prometheus's text format.

    With METRICS_TOKEN set, whoever sends it as a bearer token is answered; without one, only
    callers on this machine are. To all others there is nothing here.
    """
    if not _may_read(request):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Backlog(timezone.now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Backlog(Collector):
    """What waits at a moment: for the machine, for a person, for other people's servers."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[GaugeMetricFamily | InfoMetricFamily]:
        """Yield the metrics; those of the classifier only while there is one."""
        for name, (meaning, rows, since) in WAITING.items():
            found = rows().aggregate(oldest=Min(since))
            waited = (self._now - found["oldest"]).total_seconds() if found["oldest"] else 0.0
            yield _gauge(f"{name}_waiting", f"{meaning} that wait.", rows().count())
            yield _gauge(
                f"{name}_oldest_seconds", f"How long the oldest of them waits: {meaning}.", waited
            )
        dead = Delivery.objects.filter(state=DeliveryState.DEAD).count()
        yield _gauge("deliveries_dead", "Deliveries to webhooks that were given up.", dead)
        given_up = Mail.objects.filter(state=DeliveryState.DEAD).count()
        yield _gauge("mails_dead", "Mails that were given up.", given_up)
        yield from _classifier()


WAITING: Mapping[str, tuple[str, Callable[[], QuerySet[Any]], str]] = {
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
    yield InfoMetricFamily(f"{PREFIX}_classifier", "Which classifier.", {"version": version})


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{PREFIX}_{name}", meaning, value=value)


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        sent = request.headers.get("Authorization", "")
        return constant_time_compare(sent, f"Bearer {settings.METRICS_TOKEN}")
    try:
        return ip_address(client_address(request)).is_loopback
    except ValueError:
        return False
