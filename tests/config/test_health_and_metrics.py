"""What monitoring asks."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from tests.factories import ReviewableFactory


def test_the_process_is_alive() -> None:
    assert Client().get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_everything_is_ready() -> None:
    answer = Client().get("/readyz")
    assert answer.json() == {"database": "ok", "broker": "ok", "classifier": "ok"}


@pytest.mark.django_db
def test_what_is_missing_is_named(no_classifier: None) -> None:
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["classifier"] == "ClassifierAway"


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/sites/unknown/form"])
@pytest.mark.django_db
def test_programs_get_problems_and_not_pages(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_api_is_described() -> None:
    assert "openapi: 3.1" in Client().get("/api/schema/").content.decode()[:20]


def measured(**headers: str) -> dict[str, float]:
    answer = Client(headers=headers).get("/metrics")
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {sample.name: sample.value for family in families for sample in family.samples}


@pytest.mark.django_db
def test_metrics_tell_how_much_waits_and_for_how_long() -> None:
    ReviewableFactory(opened_at=timezone.now() - timedelta(hours=2))
    ReviewableFactory(closed_at=timezone.now())
    values = measured()
    assert values["leave_a_reply_reviews_waiting"] == 1
    assert values["leave_a_reply_reviews_oldest_seconds"] == pytest.approx(7200, abs=60)
    assert values["leave_a_reply_classifier_info"] == 1


@pytest.mark.django_db
def test_metrics_tell_that_the_classifier_is_away(no_classifier: None) -> None:
    assert measured()["leave_a_reply_classifier_up"] == 0


@pytest.mark.django_db
def test_metrics_are_for_this_machine_and_for_holders_of_the_token(settings: Any) -> None:
    assert Client(REMOTE_ADDR="203.0.113.9").get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a token"
    assert Client().get("/metrics").status_code == 404
    assert measured(Authorization="Bearer a token")
