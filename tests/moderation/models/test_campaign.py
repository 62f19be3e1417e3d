"""What people made of a campaign: the latest decision that says something of its texts."""

from datetime import timedelta
from typing import Any

import pytest

from comments.models import Comment, Site
from moderation.models import BulkItem, BulkJob, Campaign, CampaignMember, Decision, DecisionSource
from moderation.rules.verdicts import Verdict
from tests.factories import NOW, CommentFactory, DecisionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(site: Site) -> Campaign:
    return Campaign.objects.create(site=site, sketch=b"", last_seen_at=NOW)


def member(campaign: Campaign, **fields: Any) -> Comment:
    comment = CommentFactory(thread__site=campaign.site, **fields)
    CampaignMember.objects.create(comment=comment, campaign=campaign)
    return comment


def ruled(campaign: Campaign, **fields: Any) -> Decision:
    """Return a moderator's decision about a comment of the campaign."""
    values = {"verdict": Verdict.SPAM, "source": DecisionSource.MODERATOR, **fields}
    return DecisionFactory(**{"comment": values.pop("comment", None) or member(campaign), **values})


def in_bulk(decision: Decision, *, repeats: Decision | None = None) -> None:
    job = BulkJob.objects.create(moderator=UserFactory(), repeats=repeats, started_at=NOW)
    BulkItem.objects.create(job=job, comment=decision.comment, decision=decision)


def counts(campaign: Campaign) -> Decision | None:
    return Campaign.objects.decisions([campaign.pk]).get(campaign.pk)


@pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.REJECT, Verdict.SPAM])
def test_what_a_moderator_decided_for_good_counts(campaign: Campaign, verdict: Verdict) -> None:
    decision = ruled(campaign, verdict=verdict)
    assert counts(campaign) == decision


@pytest.mark.parametrize(
    "fields",
    [
        {"verdict": Verdict.HOLD},
        {"verdict": Verdict.DELETE},
        {"source": DecisionSource.AUTOMATION},
        {"undoes": True},
    ],
    ids=["held", "deleted", "by the rules", "an undo"],
)
def test_what_says_nothing_of_the_text_does_not_count(
    campaign: Campaign, fields: dict[str, Any]
) -> None:
    ruled(campaign, **fields)
    assert counts(campaign) is None


def test_a_decision_about_an_earlier_text_does_not_count(campaign: Campaign) -> None:
    ruled(campaign, comment=member(campaign, revision=2), revision=1)
    assert counts(campaign) is None


def test_what_was_overridden_does_not_count(campaign: Campaign) -> None:
    first = ruled(campaign)
    ruled(campaign, comment=first.comment, overrides=first, source=DecisionSource.AUTOMATION)
    assert counts(campaign) is None


@pytest.mark.parametrize("later", [timedelta(0), timedelta(minutes=1)], ids=["at once", "later"])
def test_the_latest_counts(campaign: Campaign, later: timedelta) -> None:
    ids = sorted(DecisionFactory.build(comment=None, revision=1).pk for _ in range(2))
    if later:
        ids.reverse()
    last = ruled(campaign, id=ids[1], decided_at=NOW + later)
    ruled(campaign, id=ids[0], decided_at=NOW)
    assert counts(campaign) == last


def test_a_decision_about_many_counts_only_where_it_repeats_one(campaign: Campaign) -> None:
    read = ruled(campaign)
    in_bulk(ruled(campaign, decided_at=NOW + timedelta(minutes=1)))
    assert counts(campaign) == read
    repetition = ruled(campaign, decided_at=NOW + timedelta(minutes=2))
    in_bulk(repetition, repeats=read)
    assert counts(campaign) == repetition


def test_each_campaign_has_its_own(site: Site, campaign: Campaign) -> None:
    other = Campaign.objects.create(site=site, sketch=b"", last_seen_at=NOW)
    ruled(other)
    decision = ruled(campaign)
    assert Campaign.objects.decisions([campaign.pk]) == {campaign.pk: decision}


def test_the_campaigns_of_comments_are_found(site: Site, campaign: Campaign) -> None:
    other = Campaign.objects.create(site=site, sketch=b"", last_seen_at=NOW)
    one, two, _not_asked_for = member(campaign), member(other), member(campaign)
    alone = CommentFactory(thread__site=site)
    of = Campaign.objects.of_comments([one.pk, two.pk, alone.pk])
    assert of == {one.pk: campaign.pk, two.pk: other.pk}
