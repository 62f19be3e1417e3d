"""Error reports to Sentry, and traces to an OpenTelemetry collector, where an operator names them.

Both libraries are in `requirements-observability.txt`, and are imported only where they are wanted.
What leaves passes `log_redaction.redact`, has no request bodies, cookies, headers or local
variables, and no email address.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from config.log_redaction import redact
from leave_a_reply import __version__

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

    from config.postgresql.base import PreparedCursor

ADDRESS = re.compile(r"[^\s@<>\"'=:,;()]{1,64}@[^\s@<>\"',;()]{1,255}")
NAME = "leave-a-reply"
NOTHING: Any = {"mode": "off"}
# What Sentry's library adds to an error: of its own accord it would add nearly all there is.
COLLECTED: Any = {
    "user_info": False,
    "cookies": NOTHING,
    "http_headers": {"request": NOTHING},
    "http_bodies": [],
    "url_query_params": NOTHING,
    "database_query_data": False,
    "queues": False,
    "stack_frame_variables": False,
}


def start(*, sentry: str, collector: str) -> None:
    """Begin to report errors to this DSN, and to send traces to this URL; "" for neither."""
    if sentry:
        report_errors(sentry)
    if collector:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        send_traces(OTLPSpanExporter(endpoint=f"{collector.rstrip('/')}/v1/traces"))


def report_errors(dsn: str, **options: Any) -> None:
    """Report unhandled errors of requests and tasks, and what is logged as an error."""
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        release=__version__,
        data_collection=COLLECTED,
        # Queries, log lines and requests before the error, which would tell more than it.
        max_breadcrumbs=0,
        before_send=lambda event, _hint: cleaned_event(event),
        **options,
    )


def cleaned_event(event: Any) -> Any:
    """Return a report without what opens something or names somebody."""
    request = event.get("request", {})
    for part in ("headers", "cookies", "data", "env"):
        request.pop(part, None)
    event.pop("user", None)
    return cleaned(event)


def cleaned(value: Any) -> Any:
    """Return a text redacted, or a list or mapping whose texts are."""
    if isinstance(value, str):
        return ADDRESS.sub("[address]", redact(value))
    if isinstance(value, Mapping):
        return {name: cleaned(inner) for name, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return type(value)(map(cleaned, value))  # type: ignore[call-arg]
    return value


def send_traces(exporter: "SpanExporter") -> "TracerProvider":
    """Trace requests, tasks and queries, as the library's own variables (`OTEL_*`) say."""
    from opentelemetry.instrumentation.celery import CeleryInstrumentor
    from opentelemetry.instrumentation.django import DjangoInstrumentor
    from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    from config.postgresql.base import DatabaseWrapper

    resource = Resource.create({"service.name": NAME, "service.version": __version__})
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(cleaning(exporter)))
    for instrumentor in (DjangoInstrumentor, CeleryInstrumentor, PsycopgInstrumentor):
        instrumentor().instrument(tracer_provider=provider)
    # Which the library does not know of.
    DatabaseWrapper.prepared_class = traced(DatabaseWrapper.prepared_class, provider)
    return provider


def traced(cursor: type["PreparedCursor"], provider: "TracerProvider") -> type["PreparedCursor"]:
    """Return a kind of cursor whose statements are traced as those of the others are."""
    from opentelemetry.trace import SpanKind

    tracer = provider.get_tracer(NAME)

    class Traced(cursor):  # type: ignore[misc, valid-type]
        """Makes a span of each statement."""

        def execute(self, query: str, *args: Any, **options: Any) -> Any:
            attributes = {"db.system": "postgresql", "db.statement": query}
            name = query.split(maxsplit=1)[0]
            with tracer.start_as_current_span(name, kind=SpanKind.CLIENT, attributes=attributes):
                return super().execute(query, *args, **options)

    return Traced


def cleaning(exporter: "SpanExporter") -> "SpanExporter":
    """Return an exporter that hands spans to this one without what is not for others."""
    from opentelemetry.sdk.trace.export import SpanExporter

    class Cleaning(SpanExporter):
        """Passes redacted copies on; a span that has ended can't be changed."""

        def export(self, spans: "Sequence[ReadableSpan]") -> "SpanExportResult":
            """Export the copies."""
            return exporter.export([cleaned_span(span) for span in spans])

        def shutdown(self) -> None:
            """Shut the other exporter down."""
            exporter.shutdown()

        def force_flush(self, timeout_millis: int = 30_000) -> bool:
            """Have the other exporter send what it has."""
            return exporter.force_flush(timeout_millis)

    return Cleaning()


def cleaned_span(span: "ReadableSpan") -> "ReadableSpan":
    """Return a copy of a span with its texts redacted, and without the traceback of an exception.

    Sentry is for these; a message of an exception may quote what a reader wrote.
    """
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.trace import Status

    return ReadableSpan(
        name=cleaned(span.name),
        context=span.get_span_context(),
        parent=span.parent,
        resource=span.resource,
        attributes=cleaned(dict(span.attributes or {})),
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )
