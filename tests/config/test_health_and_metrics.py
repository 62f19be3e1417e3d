"""Health checks and metrics."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from comments.models import Site
from comments.models.ids import id_at
from leave_a_reply import __version__
from moderation.insight import heartbeat, tasks
from moderation.models import DecisionSource, Event, Webhook
from tests.factories import CommentFactory, DecisionFactory, ReviewableFactory
from tests.services.processes import ROOT


def test_the_liveness_check_responds() -> None:
    assert Client().get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_the_readiness_check_names_what_is_available() -> None:
    response = Client().get("/readyz")
    assert response.json() == {
        "database": "ok",
        "broker": "ok",
        "classifier": "ok",
        "second_reader": "ok",
        "replica": "off",
    }


@pytest.mark.django_db
def test_the_readiness_check_fails_without_a_classifier(no_classifier: None) -> None:
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["classifier"] == "ClassifierAway"


@pytest.mark.django_db
def test_the_service_is_ready_without_a_second_reader_and_says_so(no_second_reader: None) -> None:
    response = Client().get("/readyz")
    assert response.status_code == 200
    assert response.json()["second_reader"] == "away"
    assert measured()["leave_a_reply_second_reader_up"] == 0


@pytest.mark.django_db
def test_a_second_reader_that_is_turned_off_is_not_missed(settings: Any) -> None:
    settings.SECOND_READER = False
    assert Client().get("/readyz").json()["second_reader"] == "off"


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


@pytest.mark.django_db
@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via"])
def test_metrics_need_the_token_behind_a_proxy_on_this_machine(header: str) -> None:
    assert Client().get("/metrics").status_code == 200
    assert Client(headers={header: "127.0.0.1"}).get("/metrics").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "value"), [("TRUSTED_PROXIES", ["127.0.0.1"]), ("HTTPS", True)])
def test_metrics_need_the_token_where_a_proxy_is_expected(
    name: str, value: Any, settings: Any
) -> None:
    setattr(settings, name, value)
    assert Client().get("/metrics").status_code == 404
    assert Client(headers={"X-Forwarded-For": "127.0.0.1"}).get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a token"
    assert measured(Authorization="Bearer a token")


def labelled(name: str) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(Client().get("/metrics").content.decode())
    return {
        tuple(sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
        if sample.name == f"leave_a_reply_{name}"
    }


@pytest.mark.django_db
def test_metrics_have_what_came_in_and_was_decided_of_late(site: Site) -> None:
    CommentFactory(pk=id_at(timezone.now() - timedelta(hours=1)), site=site, status="approved")
    comment = CommentFactory(site=site, status="held")
    decided_at = comment.created_at + timedelta(seconds=4)
    DecisionFactory(
        comment=comment, verdict="HOLD", source=DecisionSource.AUTOMATION, decided_at=decided_at
    )
    assert labelled("recent_comments") == {("held",): 1}
    assert labelled("recent_decisions") == {("AUTOMATION", "HOLD"): 1}
    assert labelled("screening_seconds") == {("mean",): 4, ("longest",): 4}


@pytest.mark.django_db
def test_metrics_have_how_far_webhooks_are_behind(webhook: Webhook) -> None:
    now = timezone.now()
    assert labelled("delivery_seconds") == {}
    for seconds in (2, 6):
        event = Event.objects.create(site=webhook.site, type="comment.approved", created_at=now)
        taken_at = now + timedelta(seconds=seconds)
        event.deliveries.create(
            webhook=webhook, state="delivered", next_attempt_at=now, delivered_at=taken_at
        )
    assert labelled("delivery_seconds") == {("mean",): 4, ("longest",): 6}


@pytest.mark.django_db
def test_metrics_say_which_version_runs_and_when_beat_last_did() -> None:
    assert "leave_a_reply_beat_seconds" not in measured()
    heartbeat.record(now=timezone.now() - timedelta(minutes=5))
    assert measured()["leave_a_reply_beat_seconds"] == pytest.approx(300, abs=30)
    (labels,) = labelled("build_info")
    assert __version__ in labels


def test_periodic_work_leaves_its_mark(db: None) -> None:
    tasks.watch_queues()
    assert heartbeat.last() is not None


@pytest.mark.django_db
def test_the_dashboard_asks_for_metrics_that_there_are() -> None:
    heartbeat.record(now=timezone.now())
    text = (ROOT / "deploy/grafana/leave-a-reply.json").read_text()
    panels = json.loads(text)["panels"]
    asked = set(re.findall(r"leave_a_reply_\w+", text))
    served = Client().get("/metrics").content.decode()
    assert len(panels) >= 8
    assert {name for name in asked if f"# HELP {name} " not in served} == set()
