"""For operators: is the process alive, and is everything there that it needs?"""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from config.celery import app
from moderation.screening import classifier


def alive(request: HttpRequest) -> JsonResponse:
    """Answer 200 whenever this process can answer at all."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database, broker and classifier are there, and 503 with what is not.

    Without a broker or a classifier comments are still accepted; they wait.
    """
    parts = {"database": _database, "broker": _broker, "classifier": classifier.classifier}
    states = {name: _state(ask) for name, ask in parts.items()}
    ok = all(state == "ok" for state in states.values())
    return JsonResponse(states, status=200 if ok else 503)


def _state(ask: Callable[[], object]) -> str:
    try:
        ask()
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
