from datetime import datetime

import pytest
from django.utils import timezone

from comments.privacy.form_tokens import DECOY_FIELDS
from tests.conftest import Api
from tests.factories import SiteFactory, ThreadFactory


def test_it_gives_all_that_a_page_needs_to_show_the_form(reader: Api) -> None:
    form = reader.get("form", {"thread": "an-article"}).json()
    assert form["decoy_field"] in DECOY_FIELDS
    assert form["consent"] == "Your email address will not be published."
    assert form["form_token"]
    assert form["max_length"] == 5000
    assert form["closed"] is False


def test_it_has_guidelines_and_the_threads_question(reader: Api, site) -> None:
    site.guidelines = "Be *kind*. <img src=x onerror=alert(1)>"
    site.save()
    thread = ThreadFactory(site=site, prompt="What would you do?")
    form = reader.get("form", {"thread": thread.url}).json()
    assert form["guidelines"] == "<p>Be <em>kind</em>. &lt;img src=x onerror=alert(1)&gt;</p>"
    assert form["prompt"] == "What would you do?"
    assert (reader.get("form").json()["guidelines"] != "", reader.get("form").json()["prompt"]) == (
        True,
        "",
    )


@pytest.mark.usefixtures("still_clock")
def test_it_tells_the_time_to_readers_whose_clock_is_wrong(reader: Api) -> None:
    now = datetime.fromisoformat(reader.get("form").json()["now"])
    assert now == timezone.now()


def test_it_is_never_cached(reader: Api) -> None:
    assert reader.get("form").headers["Cache-Control"] == "no-store"


def test_it_tells_that_a_thread_is_closed(reader: Api, site) -> None:
    thread = ThreadFactory(site=site)
    thread.closed_at = thread.created_at
    thread.save()
    assert reader.get("form", {"thread": thread.url}).json()["closed"] is True


@pytest.mark.django_db
def test_it_answers_404_for_an_unknown_site() -> None:
    SiteFactory(slug="known")
    answer = Api("/api/v1/sites/unknown/").get("form")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
