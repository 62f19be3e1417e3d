"""The page of what a site's classifier has learned: its worth, its words, and which one scores."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comments.models import Role, Site, User
from moderation.models import AuditAction, AuditEntry, LearningState, Policy, SiteClassifier
from moderation.models.audit import SystemActor
from moderation.rules.verdicts import Verdict
from moderation.screening.learning import promotion
from tests.factories import NOW, PolicyFactory, SiteClassifierFactory, SiteFactory, measured
from tests.moderation.audited import audit
from tests.moderation.web.desk.desk import member, read

pytestmark = pytest.mark.django_db


def where(site: Site) -> str:
    return reverse("desk_learned_site", args=[site.slug])


def post(client: Client, site: Site, **data: Any) -> str:
    return client.post(where(site), data, follow=True).content.decode()


def states(site: Site) -> dict[int, str]:
    return dict(SiteClassifier.objects.filter(site=site).values_list("number", "state"))


@pytest.fixture
def owner(site: Site) -> Client:
    return member(Role.OWNER, site)


@pytest.fixture
def scoring(site: Site) -> SiteClassifier:
    learned = SiteClassifierFactory(site=site)
    promotion.promote(learned, by=SystemActor.SERVICE, now=NOW)
    return learned


def test_before_anything_is_learned_it_says_from_when_on(owner: Client, site: Site) -> None:
    page = read(owner, where(site))
    assert "Nothing has been learned here yet" in page
    assert "from 60 labelled texts on" in page


def test_the_entry_of_the_sidebar_leads_to_a_site_of_ones_own(owner: Client, site: Site) -> None:
    SiteFactory(name="A site before all others")
    answer = owner.get(reverse("desk_learned"))
    assert answer.headers["Location"] == where(site)


def test_what_scores_is_named_with_precision_and_recall_as_intervals(
    owner: Client, site: Site, scoring: SiteClassifier
) -> None:
    page = read(owner, where(site))
    assert "Classifier 1, which learned here" in page
    assert "80\N{NO-BREAK SPACE}% (49–94)" in page  # 8 of the 10 that it holds, of the 10 wrong.
    assert "20\N{NO-BREAK SPACE}% (6–51)" in page  # The recall of the shipped one.


def test_a_later_candidate_counts_what_scores_on_newer_decisions(
    owner: Client, site: Site, scoring: SiteClassifier
) -> None:
    gate = measured(against=1, refusals=["no better beyond noise"], texts=77)
    SiteClassifierFactory(site=site, gate=gate)
    assert "77 newest decisions" in read(owner, where(site))


def test_words_are_shown_with_what_they_add(
    owner: Client, site: Site, scoring: SiteClassifier
) -> None:
    page = read(owner, where(site))
    assert page.index("Rather so") < page.index("kasino") < page.index("Rather not")
    assert page.index("Rather not") < page.index("<bdi>walk</bdi>")


def test_words_of_readers_are_shown_as_text(owner: Client, site: Site) -> None:
    weights = {"SPAM": {"<script>x": 2.0}}
    SiteClassifierFactory(
        site=site,
        state=LearningState.SHADOW,
        layer={"format": 2, "weights": weights, "discounts": {}},
    )
    assert "<bdi>&lt;script&gt;x</bdi>" in read(owner, where(site))


def test_a_wrong_word_is_forgotten_and_stands_in_the_house_rules(
    owner: Client, site: Site, scoring: SiteClassifier
) -> None:
    page = post(owner, site, act="ignore", word="kasino")
    assert "Nothing is learned from “kasino” any more" in page
    assert Policy.objects.current(site).ignored_words == ["kasino"]
    assert states(site) == {1: LearningState.RETIRED, 2: LearningState.STANDING}
    assert '<button name="word" value="kasino">' not in page
    assert '<button name="word" value="pills">' in page


def test_a_word_that_was_never_learned_changes_nothing(
    owner: Client, site: Site, scoring: SiteClassifier
) -> None:
    assert "Nothing was learned from “horse”" in post(owner, site, act="ignore", word="horse")
    assert not Policy.objects.exists()


def test_one_that_did_not_pass_says_why_and_may_be_used_all_the_same(
    owner: Client, site: Site
) -> None:
    SiteClassifierFactory(site=site, gate=measured(refusals=["no better beyond noise"]))
    page = read(owner, where(site))
    assert "no better beyond noise" in page
    assert "Use it all the same" in page
    post(owner, site, act="promote", number="1")
    assert states(site) == {1: LearningState.STANDING}


def test_rolling_back_is_written_to_the_log(
    owner: Client, site: Site, scoring: SiteClassifier
) -> None:
    assert "The shipped classifier scores again" in post(owner, site, act="rollback")
    assert states(site) == {1: LearningState.RETIRED}
    entry = AuditEntry.objects.get(act=AuditAction.CLASSIFIER_ROLLED_BACK)
    assert entry.by is not None


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"act": "promote", "number": "1"}, "Classifier 1 scores already"),
        ({"act": "rollback"}, "nothing can be rolled back"),
    ],
)
def test_what_cannot_be_done_is_told(
    owner: Client, site: Site, data: dict[str, str], told: str
) -> None:
    standing = data["act"] == "promote"
    state = LearningState.STANDING if standing else LearningState.CANDIDATE
    SiteClassifierFactory(site=site, state=state)
    assert told in post(owner, site, **data)


def test_the_mode_is_a_house_rule(owner: Client, site: Site) -> None:
    PolicyFactory(site=site, revision=1, max_links=3)
    post(owner, site, act="mode", mode="on")
    policy = Policy.objects.current(site)
    assert (policy.revision, policy.learning, policy.max_links) == (2, "on", 3)


@pytest.mark.parametrize(
    "data", [{"act": "mode", "mode": "x"}, {"act": "x"}, {"act": "promote", "number": "9"}, {}]
)
def test_what_there_is_not_is_not_found(owner: Client, site: Site, data: dict[str, str]) -> None:
    assert owner.post(where(site), data).status_code == 404


def test_two_that_were_measured_make_a_curve(owner: Client, site: Site) -> None:
    SiteClassifierFactory(site=site)
    assert 'class="curve"' not in read(owner, where(site))
    SiteClassifierFactory(site=site, gate=measured(refusals=["more false alarms"]))
    page = read(owner, where(site))
    assert page.count("<circle") == 2
    assert page.count('<circle class="passed"') == 1


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.VIEWER])
def test_others_read_and_change_nothing(site: Site, scoring: SiteClassifier, role: Role) -> None:
    client = member(role, site)
    page = read(client, where(site))
    assert "kasino" in page
    assert 'name="act"' not in page
    assert client.post(where(site), {"act": "rollback"}).status_code == 403
    assert states(site) == {1: LearningState.STANDING}


def test_another_sites_page_is_not_there(owner: Client) -> None:
    assert owner.get(where(SiteFactory())).status_code == 404


# Thresholds that the blind audit suggests.


@pytest.fixture
def audited(site: Site, moderator: User) -> None:
    PolicyFactory(site=site, thresholds={"SPAM": {"hold_at": 0.9, "reject_at": 0.99}})
    for number in range(120):
        verdict = Verdict.SPAM if number > 60 else Verdict.APPROVE
        audit(site, moderator, number / 120, verdict)


def test_a_better_threshold_is_suggested_tried_and_used(
    owner: Client, site: Site, audited: None
) -> None:
    page = read(owner, where(site))
    assert "Thresholds by the blind audit" in page
    tried = owner.post(where(site), {"act": "try", "category": "SPAM"}).content.decode()
    assert "comments</strong> would have ended as they did" in tried
    assert Policy.objects.current(site).thresholds["SPAM"]["hold_at"] == 0.9
    post(owner, site, act="adopt", category="SPAM")
    assert Policy.objects.current(site).thresholds["SPAM"]["hold_at"] == pytest.approx(0.5)
    assert "Thresholds by the blind audit" not in read(owner, where(site))


@pytest.mark.parametrize("act", ["try", "adopt"])
def test_what_is_not_suggested_is_not_found(
    owner: Client, site: Site, audited: None, act: str
) -> None:
    data = {"act": act, "category": "TOXICITY"}
    assert owner.post(where(site), data).status_code == 404


@pytest.mark.parametrize("act", ["try", "adopt"])
def test_owners_alone_try_and_use_it(site: Site, audited: None, act: str) -> None:
    data = {"act": act, "category": "SPAM"}
    assert member(Role.MODERATOR, site).post(where(site), data).status_code == 403
    assert "Try it" not in read(member(Role.MODERATOR, site), where(site))
