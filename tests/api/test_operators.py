"""What monitoring asks."""

import pytest
from django.test import Client


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
