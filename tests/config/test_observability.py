"""Error reports and traces: where settings name a receiver, and nothing that is not for it."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import pytest
import sentry_sdk
from django.test import Client, RequestFactory
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.django import DjangoInstrumentor
from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from config import observability
from leave_a_reply import __version__

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
PATH = f"/status/{TOKEN}?q=ann@mail.example"


class Kept(Transport):
    """Keeps what would be sent to Sentry."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Any] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.events += [event for item in envelope.items if (event := item.get_event())]


@pytest.fixture
def reports() -> Iterator[list[Any]]:
    """The events that reached Sentry."""
    kept = Kept()
    observability.report_errors("https://key@sentry.example/1", transport=kept)
    yield kept.events
    sentry_sdk.init()


@pytest.fixture
def traced() -> Iterator[Callable[[], Sequence[ReadableSpan]]]:
    """Return the spans that reached the collector."""
    kept = InMemorySpanExporter()
    provider = observability.send_traces(kept)
    yield lambda: kept.get_finished_spans() if provider.force_flush() else ()
    for instrumentor in (DjangoInstrumentor(), CeleryInstrumentor(), PsycopgInstrumentor()):
        instrumentor.uninstrument()


def test_an_error_is_reported_without_what_opens_something_or_names_somebody(
    reports: list[Any],
) -> None:
    request = RequestFactory().get(PATH, headers={"X-Edit-Token": "open sesame"})
    with sentry_sdk.isolation_scope() as scope:
        scope.set_user({"email": "ann@mail.example"})
        scope.add_event_processor(
            lambda event, _: (
                event
                | {"request": {"url": request.get_full_path(), "headers": dict(request.headers)}}
            )
        )
        try:
            secret = " ".join(("a", "local", "variable"))
            raise ValueError(f"ann@mail.example wrote with {TOKEN}", len(secret))
        except ValueError as error:
            sentry_sdk.capture_exception(error)
    (report,) = reports
    assert report["exception"]["values"][-1]["type"] == "ValueError"
    assert report["release"] == __version__
    for hidden in ("ann@mail", TOKEN, "sesame", "a local variable"):
        assert hidden not in str(report)


def test_what_is_logged_as_an_error_is_reported(
    reports: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("moderation").error("no mail to %s", "ann@mail.example")
    (report,) = reports
    assert "[address]" in str(report)
    assert "ann@mail" not in str(report)


@pytest.mark.django_db
def test_a_request_is_traced_without_its_token(
    traced: Callable[[], Sequence[ReadableSpan]],
) -> None:
    Client().get(PATH)
    told = str([(span.name, dict(span.attributes or {})) for span in traced()])
    assert "/status/[redacted]" in told
    assert "ann@mail" not in told


def test_a_span_is_sent_without_the_message_of_its_error() -> None:
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(observability.cleaning(kept)))
    tracer = provider.get_tracer("test")
    with suppress(ValueError), tracer.start_as_current_span("screen") as span:
        span.set_attribute("who", ["ann@mail.example"])
        raise ValueError("ann@mail.example wrote")
    (sent,) = kept.get_finished_spans()
    assert sent.attributes == {"who": ("[address]",)}
    assert not sent.events
    assert "ann" not in str(sent.status.description)


def test_nothing_is_started_where_nobody_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observability, "report_errors", pytest.fail)
    monkeypatch.setattr(observability, "send_traces", pytest.fail)
    observability.start(sentry="", collector="")
