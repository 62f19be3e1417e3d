"""Health checks and metrics."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from tests.factories import ReviewableFactory


def test_the_liveness_check_responds() -> None:
    assert Client().get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_the_readiness_check_names_what_is_available() -> None:
    response = Client().get("/readyz")
    assert response.json() == {"database": "ok", "broker": "ok", "classifier": "ok"}


@pytest.mark.django_db
def test_the_readiness_check_fails_without_a_classifier(no_classifier: None) -> None:
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["classifier"] == "ClassifierAway"


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/sites/unknown/form"])
@pytest.mark.django_db
def test_the_api_responds_with_problem_details_and_not_pages(path: str) -> None:
    response = Client().get(path)
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


def test_the_openapi_document_is_served() -> None:
    assert "openapi: 3.1" in Client().get("/api/schema/").content.decode()[:20]


def measured(**headers: str) -> dict[str, float]:
    response = Client(headers=headers).get("/metrics")
    assert response.status_code == 200
    families = text_string_to_metric_families(response.content.decode())
    return {sample.name: sample.value for family in families for sample in family.samples}


@pytest.mark.django_db
def test_metrics_have_the_size_and_age_of_the_backlogs() -> None:
    ReviewableFactory(opened_at=timezone.now() - timedelta(hours=2))
    ReviewableFactory(closed_at=timezone.now())
    values = measured()
    assert values["leave_a_reply_reviews_waiting"] == 1
    assert values["leave_a_reply_reviews_oldest_seconds"] == pytest.approx(7200, abs=60)
    assert values["leave_a_reply_classifier_info"] == 1


@pytest.mark.django_db
def test_metrics_say_whether_there_is_a_classifier(no_classifier: None) -> None:
    assert measured()["leave_a_reply_classifier_up"] == 0


@pytest.mark.django_db
def test_metrics_need_the_token_or_a_local_caller(settings: Any) -> None:
    assert Client(REMOTE_ADDR="203.0.113.9").get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a token"
    assert Client().get("/metrics").status_code == 404
    assert measured(Authorization="Bearer a token")
