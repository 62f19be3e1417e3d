"""Health checks for operators: liveness and readiness."""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from config.celery import app
from moderation.screening import classifier


def alive(request: HttpRequest) -> JsonResponse:
    """Respond 200 whenever the process can respond at all (liveness)."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """Respond 200 when database, broker and classifier are available, else 503 with what is not.

    Without a broker or a classifier, comments are still accepted; they wait.
    """
    checks = {"database": _database, "broker": _broker, "classifier": classifier.classifier}
    states = {name: _state(check) for name, check in checks.items()}
    ok = all(state == "ok" for state in states.values())
    return JsonResponse(states, status=200 if ok else 503)


def _state(check: Callable[[], object]) -> str:
    try:
        check()
    except (DatabaseError, OSError, classifier.ClassifierAway) as error:
        return type(error).__name__
    return "ok"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker() -> None:
    with app.connection_for_write(connect_timeout=1) as broker:
        try:
            broker.ensure_connection(max_retries=1, timeout=1)
        except broker.connection_errors as error:
            raise OSError(str(error)) from error
