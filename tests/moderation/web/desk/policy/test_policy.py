"""The house rules: what owners set, kept as revisions."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comments.models import Role, Site
from moderation.models import AuditEntry, DecisionSource, Policy
from moderation.rules.presets import PRESETS
from moderation.rules.verdicts import Verdict
from tests.decided import decided
from tests.factories import PolicyFactory, SiteFactory
from tests.moderation.web.desk.desk import member, read
from tests.moderation.web.desk.desk import page_of as page_of_comment

ADD = reverse("admin:moderation_policy_add")


@pytest.fixture
def owner(site: Site) -> Client:
    return member(Role.OWNER, site)


def rules(**changes: Any) -> dict[str, Any]:
    return {
        "trust_after": 3,
        "confirm_email": "never",
        "learning": "shadow",
        "max_links": 5,
        "near_duplicates": "hold",
        "held_words": "casino*\n\npoker\npoker",
        "rejected_words": "",
        "thresholds-TOXICITY-hold_at": "70",
        "thresholds-TOXICITY-reject_at": "92.5",
        "reports_to_hold": 3,
        "close_after_days": "",
        "score_use": "measured",
        "audit_percent": 1,
        "slow_seconds": 0,
        **changes,
    }


def page_of(policy: Policy) -> str:
    return reverse("admin:moderation_policy_change", args=[policy.pk])


def test_an_owner_sets_the_first_rules_of_a_site(owner: Client, site: Site) -> None:
    owner.post(ADD, rules(site=site.pk))
    policy = Policy.objects.get()
    assert (policy.site, policy.revision) == (site, 1)
    assert policy.created_by in [membership.user for membership in site.memberships.all()]


def test_words_are_typed_one_a_line(owner: Client, site: Site) -> None:
    owner.post(ADD, rules(site=site.pk))
    assert Policy.objects.get().held_words == ["casino*", "poker"]
    assert "casino*\npoker</textarea>" in read(owner, page_of(Policy.objects.get()))


def test_thresholds_are_typed_in_percent(owner: Client, site: Site) -> None:
    owner.post(ADD, rules(site=site.pk))
    policy = Policy.objects.get()
    assert policy.thresholds == {"TOXICITY": {"hold_at": 0.7, "reject_at": 0.925}}
    page = read(owner, page_of(policy))
    assert 'value="70"' in page
    assert 'value="92.5"' in page


def test_the_recommendation_of_the_classifier_shows_where_nothing_is_typed(owner: Client) -> None:
    page = read(owner, ADD)
    assert 'placeholder="50"' in page
    assert "Spam: hold from" in page


def test_rules_can_be_set_while_the_classifier_is_away(
    owner: Client, site: Site, no_classifier: None
) -> None:
    assert "Identity attack" in read(owner, ADD)
    owner.post(ADD, rules(site=site.pk))
    assert Policy.objects.exists()


def test_saving_adds_a_revision_and_keeps_the_one_before(owner: Client, site: Site) -> None:
    first = PolicyFactory(site=site, revision=1, max_links=2)
    owner.post(page_of(first), rules(max_links=7))
    kept = list(Policy.objects.order_by("revision").values_list("revision", "max_links"))
    assert kept == [(1, 2), (2, 7)]


def test_earlier_revisions_can_be_read_and_not_saved(owner: Client, site: Site) -> None:
    first = PolicyFactory(
        site=site,
        revision=1,
        held_words=["casino*"],
        thresholds={"SPAM": {"hold_at": 0.4, "reject_at": 1.01}},
    )
    PolicyFactory(site=site, revision=2)
    page = read(owner, page_of(first))
    assert "casino*" in page
    assert "Spam in percent: held from 40, rejected from never" in page
    assert 'name="_save"' not in page


def test_who_edited_rules_that_were_replaced_meanwhile_is_led_to_the_newest(
    owner: Client, site: Site
) -> None:
    first, second = (PolicyFactory(site=site, revision=revision) for revision in (1, 2))
    answer = owner.post(page_of(first), rules(max_links=7))
    assert answer.headers["Location"] == page_of(second)
    assert Policy.objects.count() == 2


def test_a_site_is_set_its_first_rules_once(owner: Client, site: Site) -> None:
    PolicyFactory(site=site)
    assert owner.post(ADD, rules(site=site.pk)).status_code == 403
    assert Policy.objects.count() == 1


@pytest.mark.parametrize(
    ("hold_at", "reject_at"), [("70", ""), ("", "70"), ("90", "10"), ("x", "y"), ("-1", "102")]
)
def test_thresholds_that_make_no_sense_are_named(
    owner: Client, site: Site, hold_at: str, reject_at: str
) -> None:
    typed = {"thresholds-SPAM-hold_at": hold_at, "thresholds-SPAM-reject_at": reject_at}
    answer = owner.post(ADD, rules(site=site.pk, **typed))
    assert "Spam needs two numbers" in answer.content.decode()
    assert not Policy.objects.exists()


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.VIEWER])
def test_others_read_the_rules_and_do_not_set_them(site: Site, role: Role) -> None:
    policy, other = PolicyFactory(site=site, held_words=["casino*"]), member(role, site)
    assert "casino*" in read(other, page_of(policy))
    assert other.post(page_of(policy), rules()).status_code == 403
    assert other.post(ADD, rules(site=SiteFactory().pk)).status_code == 403
    assert Policy.objects.count() == 1


def test_an_owner_does_not_set_rules_for_other_sites(site: Site) -> None:
    policy, stranger = PolicyFactory(site=site), member(Role.OWNER)
    stranger.post(page_of(policy), rules())
    stranger.post(ADD, rules(site=SiteFactory().pk))
    assert list(Policy.objects.all()) == [policy]


def test_a_threshold_is_told_in_numbers(owner: Client) -> None:
    page = read(owner, ADD)
    assert "From 50 %: holds 95 of 100 such comments, and 7 of 1,000 calm ones." in page


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/cas(ino/", "can&#x27;t be used: missing )"),
        ("/x*/", "found in every comment"),
        ("w" * 201, "longer than 200 characters"),
    ],
)
def test_a_word_that_can_not_be_used_is_named(
    owner: Client, site: Site, line: str, told: str
) -> None:
    answer = owner.post(ADD, rules(site=site.pk, held_words=f"fine\n{line}"))
    assert told in answer.content.decode()
    assert not Policy.objects.exists()


def test_who_set_the_rules_and_what_changed_is_in_the_log(owner: Client, site: Site) -> None:
    PolicyFactory(site=site, revision=1, max_links=5, held_words=["casino*", "poker"])
    owner.post(page_of(Policy.objects.get()), rules(publish_trusted="on"))
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.detail) == ("RULES_SET", {"revision": 2, "changed": ["thresholds"]})


# Trying them first.


def simulate(client: Client, site: Site, **changes: Any) -> str:
    where = reverse("admin:moderation_policy_try")
    posted = rules(site=site.pk, try_limit="1000", **changes)
    answer = client.post(where, posted, headers={"HX-Request": "true"})
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


LENIENT = {"thresholds-TOXICITY-hold_at": "101", "thresholds-TOXICITY-reject_at": "101"}


def test_rules_are_tried_before_they_are_saved(owner: Client, site: Site) -> None:
    decided(site, "A calm one.")
    harsh = decided(site, "What an idiot.", by_moderator=Verdict.REJECT)
    page = simulate(owner, site, **LENIENT)
    assert "1 of 2 comments" in page
    assert "<strong>1</strong> would have gone against a moderator's word" in page
    assert page_of_comment(harsh) in page
    assert not Policy.objects.exists()


def test_what_can_not_be_compared_is_told(owner: Client, site: Site) -> None:
    decided(site, "A calm one.")
    decided(site, "From elsewhere.", source=DecisionSource.IMPORT)
    assert "1 could not be compared, since they were never screened" in simulate(owner, site)


def test_rules_that_make_no_sense_are_not_tried(owner: Client, site: Site) -> None:
    page = simulate(owner, site, held_words="/(/")
    assert "Held words: The pattern /(/ can&#x27;t be used" in page


def test_without_javascript_the_simulation_is_a_page_that_saves(owner: Client, site: Site) -> None:
    policy = PolicyFactory(site=site, revision=1)
    where = reverse("admin:moderation_policy_try", args=[policy.pk])
    page = owner.post(where, rules(max_links=9)).content.decode()
    assert "nothing to compare yet" in page
    assert 'name="max_links" value="9"' in page
    assert f'action="{page_of(policy)}"' in page


def test_others_do_not_try_rules(site: Site) -> None:
    assert simulate(member(Role.MODERATOR, site), site) == "403"
    policy = PolicyFactory(site=site)
    where = reverse("admin:moderation_policy_try", args=[policy.pk])
    assert member(Role.OWNER).post(where, rules()).status_code == 404


def test_a_preset_sets_what_it_is_about_and_leaves_the_rest(owner: Client, site: Site) -> None:
    owner.post(ADD, rules(site=site.pk, preset="strict", hold_guests="on", members_only="on"))
    policy = Policy.objects.get()
    assert (policy.preset, policy.max_links, policy.thresholds) == ("strict", 2, {})
    assert (policy.held_words, policy.members_only) == (["casino*", "poker"], True)


def test_a_preset_that_was_followed_before_leaves_what_is_changed(
    owner: Client, site: Site
) -> None:
    policy = PolicyFactory(site=site, revision=1)
    assert policy.preset == "balanced"
    owner.post(page_of(policy), rules(preset="balanced", max_links=4))
    newest = Policy.objects.current(site)
    assert (newest.preset, newest.max_links) == ("", 4)


def test_a_preset_is_tried_before_it_is_saved(owner: Client, site: Site) -> None:
    decided(site, "A calm one.")
    page = simulate(owner, site, preset="everything_waits")
    assert "The house rules hold every comment." in page
    assert not Policy.objects.exists()


def test_each_preset_says_what_it_does(owner: Client) -> None:
    page = read(owner, ADD)
    for preset in PRESETS.values():
        assert f"<strong>{preset.name}</strong>" in page
