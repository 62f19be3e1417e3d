"""What a site's classifier has learned, by the review API."""

from typing import Any

import pytest

from comments.models import Role, Site
from moderation.models import LearningState, Policy, SiteClassifier
from tests.conftest import Api, signed_in
from tests.factories import MembershipFactory, SiteClassifierFactory, SiteFactory, measured

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(site: Site) -> Api:
    return signed_in(MembershipFactory(site=site, role=Role.OWNER).user)


def where(path: str, site: Site) -> str:
    return f"{path}?site={site.slug}"


def standing(site: Site) -> int | None:
    found = SiteClassifier.objects.filter(site=site, state=LearningState.STANDING).first()
    return found.number if found else None


def test_they_are_listed_the_newest_first_with_what_was_measured(review: Api, site: Site) -> None:
    SiteClassifierFactory.create_batch(2, site=site)
    SiteClassifierFactory()
    rows = review.get(where("classifiers", site)).json()["results"]
    assert [row["number"] for row in rows] == [2, 1]
    assert rows[0]["gate"]["candidate"] == {"misses": 2, "false_alarms": 2}


def test_the_words_of_one_are_read(review: Api, site: Site) -> None:
    SiteClassifierFactory(site=site)
    (words,) = review.get(where("classifiers/1", site)).json()["words"]
    assert words["up"][0] == {"name": "kasino", "weight": 2.5}
    assert words["down"] == [{"name": "walk", "weight": -1.25}]


def test_an_owner_promotes_and_rolls_back(owner: Api, site: Site) -> None:
    SiteClassifierFactory(site=site)
    assert owner.post(where("classifiers/1/promote", site)).json()["state"] == "STANDING"
    assert owner.get(where("learning", site)).json()["standing"] == 1
    assert owner.post(where("classifiers/rollback", site)).json()["standing"] is None


def test_one_that_did_not_pass_is_promoted_anyway_or_not_at_all(owner: Api, site: Site) -> None:
    SiteClassifierFactory(site=site, gate=measured(refusals=["more false alarms"]))
    refused = owner.post(where("classifiers/1/promote", site))
    assert (refused.status_code, refused.json()["type"][-10:]) == (409, "not-passed")
    owner.post(where("classifiers/1/promote", site), {"anyway": True})
    assert standing(site) == 1


def test_the_mode_is_set_without_touching_other_rules(owner: Api, site: Site) -> None:
    owner.put(where("policy", site), {"max_links": 3})
    answer = owner.put(where("learning", site), {"mode": "off"}).json()
    assert answer == {"mode": "off", "standing": None, "shadow": None}
    assert Policy.objects.current(site).max_links == 3


def test_a_word_is_ignored(owner: Api, site: Site) -> None:
    SiteClassifierFactory(site=site, state=LearningState.SHADOW)
    answer = owner.post(where("learning/ignored_words", site), {"word": "kasino"}).json()
    assert answer["shadow"] == 2
    again = owner.post(where("learning/ignored_words", site), {"word": "kasino"})
    assert (again.status_code, again.json()["type"][-11:]) == (409, "not-learned")


@pytest.mark.parametrize(
    ("path", "code"),
    [("classifiers/rollback", "nothing-to-roll-back"), ("classifiers/1/promote", "cannot-promote")],
)
def test_what_cannot_be_done_is_a_problem(owner: Api, site: Site, path: str, code: str) -> None:
    SiteClassifierFactory(site=site, base_version="an older release")
    answer = owner.post(where(path, site))
    assert answer.status_code == 409
    assert answer.json()["type"].endswith(code)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("put", "learning", {"mode": "off"}),
        ("post", "learning/ignored_words", {"word": "kasino"}),
        ("post", "classifiers/1/promote", {}),
        ("post", "classifiers/rollback", {}),
    ],
)
def test_who_owns_no_site_changes_nothing(
    review: Api, site: Site, method: str, path: str, body: Any
) -> None:
    SiteClassifierFactory(site=site, state=LearningState.SHADOW)
    assert getattr(review, method)(where(path, site), body).status_code == 403
    assert not Policy.objects.exists()
    assert standing(site) is None


def test_another_sites_are_not_there(owner: Api) -> None:
    other = SiteFactory()
    SiteClassifierFactory(site=other)
    assert owner.get(where("classifiers/1", other)).status_code == 404
