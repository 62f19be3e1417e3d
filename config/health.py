"""Health checks for operators: liveness and readiness."""

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse

from comments.databases import replica
from moderation.insight.doctor import services
from moderation.screening import classifier


def alive(request: HttpRequest) -> JsonResponse:
    """Respond 200 whenever the process can respond at all (liveness)."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """Respond 200 when database, broker and classifier are available, else 503 with what is not.

    Without a broker or a classifier, comments are still accepted; they wait. Without the second
    reader the words alone decide, and without a replica the database is read in its place, which is
    no reason to take no requests.
    """
    checks = {
        "database": services.reach_database,
        "broker": services.reach_broker,
        "classifier": classifier.classifier,
    }
    states = {name: _state(check) for name, check in checks.items()}
    ok = all(state == "ok" for state in states.values())
    more = {"second_reader": _second_reader(), "replica": _replica()}
    return JsonResponse({**states, **more}, status=200 if ok else 503)


def _second_reader() -> str:
    if not settings.SECOND_READER:
        return "off"
    try:
        return "away" if classifier.second_reader_away() else "ok"
    except classifier.ClassifierAway:
        return "away"


def _replica() -> str:
    """Return how this process found the replica; asking one that is away would take too long."""
    if not replica.is_set():
        return "off"
    return "away" if replica.breaker.is_open else "ok"


def _state(check: Callable[[], object]) -> str:
    try:
        check()
    except (DatabaseError, OSError, classifier.ClassifierAway) as error:
        return type(error).__name__
    return "ok"
