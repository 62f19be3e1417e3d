"""House rules tried on what was decided before, through both APIs."""

from collections.abc import Callable
from typing import Any

import pytest

from comments.models import Comment, Role, Site
from moderation.models import DecisionSource, Policy, SectionRules
from moderation.rules.verdicts import Verdict
from moderation.screening.policy.time_budget import one_at_a_time
from tests.conftest import Api, signed_in
from tests.decided import decided
from tests.factories import MembershipFactory, PolicyFactory, SiteFactory, ThreadFactory

pytestmark = pytest.mark.django_db
NEVER = {"hold_at": 1.01, "reject_at": 1.01}


@pytest.fixture
def server(connect: Callable[..., Api]) -> Api:
    return connect("policy")


def simulate(api: Api, **policy: Any) -> dict[str, Any]:
    answer = api.post("policy/simulate", {"policy": policy})
    assert answer.status_code == 200, answer.json()
    return answer.json()


def test_the_present_rules_agree_with_themselves(server: Api, site: Site) -> None:
    for body in ("Calm.", "What an idiot.", "Cheap viagra.", "This is vile."):
        decided(site, body)
    told = simulate(server)
    assert (told["compared"], told["same"], told["changes"]) == (4, 4, [])
    assert told["before"] == told["after"] == {"APPROVE": 1, "HOLD": 1, "SPAM": 1, "REJECT": 1}


def test_thresholds_are_held_against_stored_scores(server: Api, site: Site) -> None:
    rude = decided(site, "What an idiot.")
    told = simulate(server, thresholds={"TOXICITY": {"hold_at": 0.5, "reject_at": 0.6}})
    (change,) = told["changes"]
    assert change["comment"] == str(rude.pk)
    assert (change["decided"], change["would_be"]) == ("HOLD", "REJECT")
    assert change["grounds"] == ["TOXICITY 0.70, rejected from 0.60"]


def test_the_rules_of_sections_stand_above_those_that_are_tried(server: Api, site: Site) -> None:
    for path in ("/blog/a", "/news/a", "/news/b"):
        thread = ThreadFactory(site=site, url=f"https://gazette.example{path}")
        comment = decided(site, f"A calm word about {path}.")
        Comment.objects.filter(pk=comment.pk).update(thread=thread)
    SectionRules.objects.create(site=site, kind="prefix", value="/blog/", preset="balanced")
    SectionRules.objects.create(
        site=site, kind="prefix", value="/news/b", preset="everything_waits"
    )
    told = simulate(server, hold_all=True)
    assert told["before"] == {"APPROVE": 2, "HOLD": 1}
    assert told["after"] == {"APPROVE": 1, "HOLD": 2}


def test_words_are_looked_for_anew(server: Api, site: Site) -> None:
    decided(site, "Come to the c4sino.")
    assert simulate(server, rejected_words=["casino*"])["after"] == {"REJECT": 1}


def test_links_and_records_are_counted_anew(server: Api, site: Site) -> None:
    decided(site, "See https://a.example and https://b.example")
    assert simulate(server, max_links=1)["after"] == {"HOLD": 1}
    assert simulate(server, hold_first_comment=True)["after"] == {"HOLD": 1}


def test_trust_is_reckoned_anew(server: Api, site: Site) -> None:
    for body in ("First.", "Second."):
        decided(site, body, email="ann@reader.example")
    decided(site, "You idiot.", email="ann@reader.example")
    assert simulate(server, trust_after=3)["after"] == {"APPROVE": 2, "HOLD": 1}
    assert simulate(server, trust_after=2)["after"] == {"APPROVE": 3}


def test_what_goes_against_a_moderators_word_comes_first(server: Api, site: Site) -> None:
    refused = decided(site, "What an idiot.", by_moderator=Verdict.REJECT)
    decided(site, "Another idiot.")
    told = simulate(server, thresholds={"TOXICITY": NEVER})
    assert told["contradictions"] == 1
    assert told["changes"][0]["comment"] == str(refused.pk)
    assert {"source": "MODERATOR", "decided": "REJECT", "would_be": "APPROVE", "comments": 1} in (
        told["table"]
    )


def test_to_ask_a_person_contradicts_nobody(server: Api, site: Site) -> None:
    decided(site, "What an idiot.", by_moderator=Verdict.APPROVE)
    assert simulate(server)["contradictions"] == 0


def test_what_was_never_screened_is_left_out(server: Api, site: Site) -> None:
    decided(site, "From elsewhere.", source=DecisionSource.IMPORT)
    told = simulate(server)
    assert (told["compared"], told["left_out"]["not_screened"]) == (0, 1)


def test_what_came_while_the_classifier_was_away_is_left_out(
    server: Api, site: Site, no_classifier: None
) -> None:
    decided(site, "Calm.")
    assert simulate(server)["left_out"]["not_scored"] == 1


def test_the_latest_so_many_are_looked_at(server: Api, site: Site) -> None:
    for body in ("First.", "Second.", "Third, an idiot."):
        decided(site, body)
    told = server.post("policy/simulate", {"policy": {}, "limit": 2}).json()
    assert told["before"] == {"APPROVE": 1, "HOLD": 1}


def test_nothing_is_saved(server: Api, site: Site) -> None:
    simulate(server, max_links=0)
    assert not Policy.objects.exists()


@pytest.mark.parametrize("body", [{"policy": {"held_words": ["/(/"]}}, {"policy": {}, "limit": 0}])
def test_rules_that_make_no_sense_are_refused(server: Api, body: dict) -> None:
    answer = server.post("policy/simulate", body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] in ("/policy/held_words", "/limit")


def test_another_sites_comments_are_not_looked_at(server: Api, site: Site) -> None:
    decided(SiteFactory(min_seconds=0), "Elsewhere.")
    assert simulate(server)["compared"] == 0


# The same for moderators' tools.


def test_members_try_rules_at_their_sites(site: Site, review: Api) -> None:
    decided(site, "What an idiot.")
    body = {"policy": {"thresholds": {"TOXICITY": NEVER}}}
    told = review.post(f"policy/simulate?site={site.slug}", body).json()
    assert told["after"] == {"APPROVE": 1}
    elsewhere = SiteFactory().slug
    assert review.post(f"policy/simulate?site={elsewhere}", body).status_code == 404


def test_owners_set_rules_and_others_read_them(site: Site, review: Api) -> None:
    PolicyFactory(site=site, revision=1)
    owner = signed_in(MembershipFactory(site=site, role=Role.OWNER).user)
    where = f"policy?site={site.slug}"
    assert review.put(where, {"max_links": 7}).status_code == 403
    assert owner.put(where, {"max_links": 7}).json()["revision"] == 2
    assert review.get(where).json()["max_links"] == 7
    revisions = review.get(f"policy/revisions?site={site.slug}").json()["results"]
    assert [row["revision"] for row in revisions] == [2, 1]


def test_a_viewer_starts_no_simulation(site: Site) -> None:
    body = {"policy": {}}
    for role, status in ((Role.VIEWER, 403), (Role.MODERATOR, 200)):
        api = signed_in(MembershipFactory(site=site, role=role).user)
        assert api.post(f"policy/simulate?site={site.slug}", body).status_code == status


def test_a_second_simulation_waits_for_the_first(server: Api, site: Site) -> None:
    with one_at_a_time(site, "simulation"):
        answer = server.post("policy/simulate", {"policy": {}})
    assert answer.status_code == 409
    assert answer.json()["type"].endswith(":already-running")
    assert answer.headers["Retry-After"]
