"""The playground: who may try a text, what it shows, and that nothing of it stays."""

from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from comments.models import Role, Site
from moderation.web.desk.policy import playground
from tests.factories import PolicyFactory, SiteFactory
from tests.moderation.web.desk.desk import member

pytestmark = pytest.mark.django_db
URL = "/try/"


@pytest.fixture
def public(site: Site) -> Site:
    site.public_playground = True
    site.save()
    return site


def attempt(client: Client, text: str = "You idiot", **data: str) -> Any:
    return client.post(URL, {"text": text, **data})


def shown(client: Client, text: str = "You idiot", **data: str) -> str:
    return attempt(client, text, **data).content.decode()


def rows() -> dict[str, int]:
    return {m.__name__: m._base_manager.count() for m in apps.get_models() if m._meta.managed}


def test_it_is_for_members_until_the_owners_open_it(site: Site) -> None:
    assert attempt(Client()).url == "/sign-in/?next=%2Ftry%2F"
    assert attempt(member(Role.OWNER, SiteFactory()), site=site.slug).status_code == 404
    assert attempt(member(Role.VIEWER, site)).status_code == 200
    Site.objects.filter(pk=site.pk).update(public_playground=True)
    assert attempt(Client()).status_code == 200


def test_it_shows_scores_the_words_and_the_outcome(public: Site) -> None:
    page = shown(Client())
    assert "It would wait for a person." in page
    assert '<th scope="row">Toxicity</th>' in page
    assert "<mark" in page


def test_a_calm_text_would_be_published(public: Site) -> None:
    assert "It would be published at once." in shown(Client(), "A fine day")


def test_nothing_is_stored(public: Site) -> None:
    before = rows()
    shown(Client(), "You idiot, ann@mail.example", name="Ann")
    assert rows() == before


def test_what_the_lists_hold_is_told_to_members_alone(public: Site) -> None:
    PolicyFactory(site=public, held_words=["gadgets"])
    assert "words that the house rules hold" in shown(member(Role.VIEWER, public), "Gadgets!")
    page = shown(Client(), "Gadgets!")
    assert str(playground.OTHER_RULE) in page
    assert "words that the house rules hold" not in page


@pytest.mark.parametrize("text", ["", "  ", "x" * 5001])
def test_what_is_no_text_is_refused(public: Site, text: str) -> None:
    answer = attempt(Client(), text)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def test_it_is_limited_for_each_address(public: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playground, "MOST_TRIES", 1)
    assert [attempt(Client()).status_code for _ in range(2)] == [200, 429]


def test_other_websites_can_not_send_it(public: Site) -> None:
    foreign = Client(headers={"Origin": "https://evil.example"})
    assert attempt(foreign).status_code == 403


def test_words_are_looked_for_within_a_time(public: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playground, "SECONDS", 0.0)
    page = shown(Client())
    assert "It would wait for a person." in page
    assert "<mark" not in page


def test_without_a_classifier_it_says_so(public: Site, no_classifier: None) -> None:
    assert "the classifier is away" in shown(Client())


def test_what_is_typed_is_escaped(public: Site) -> None:
    assert "<script>alert" not in shown(Client(), "<script>alert(1)</script>", name="<script>alert")
