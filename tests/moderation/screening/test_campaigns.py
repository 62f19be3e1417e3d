"""Campaigns: what is noted of near-duplicates, and how one decision marks the next that come."""

from datetime import timedelta

import numpy as np
import pytest

from comments.models import Comment, Site, Status, User
from moderation.models import (
    BulkJob,
    Campaign,
    CampaignBand,
    CampaignMember,
    Decision,
    ReportReason,
    Reviewable,
)
from moderation.review.people import reports
from moderation.review.queue import actions, bulk, bulk_worker
from moderation.review.queue.actions import DecisionRequest
from moderation.review.queue.queue import QueueFilters
from moderation.rules.verdicts import NearDuplicates, Verdict
from moderation.screening import campaigns, preview, screen
from moderation.screening.near_duplicates import (
    PERMUTATIONS,
    Sketch,
    bands,
    stored,
)
from moderation.screening.preview import Draft
from tests.factories import (
    NOW,
    MembershipFactory,
    PolicyFactory,
    SiteFactory,
    WaitingCommentFactory,
)

pytestmark = pytest.mark.django_db
ADVERT = (
    "I was sick for two years until Doctor {} cured me with his herbal medicine, "
    "write to him on {} today and thank me later."
)
FIRST = ADVERT.format("Lucky", "https://one.example/1")
NEXT = ADVERT.format("Ehigie", "www.other.example/cure?id=77")
HONEST = "The council decided this last spring, and nobody who lives there was ever asked about it."


@pytest.fixture
def moderator(site: Site) -> User:
    return MembershipFactory(site=site).user


def screened(site: Site, *bodies: str) -> list[Comment]:
    comments = [WaitingCommentFactory(thread__site=site, body=body) for body in bodies]
    screen.screen(now=NOW)
    for comment in comments:
        comment.refresh_from_db()
    return comments


def decide(comment: Comment, verdict: Verdict, by: User, *, minutes: int = 1) -> Decision:
    request = DecisionRequest(comment_id=comment.pk, revision=comment.revision, verdict=verdict)
    now = NOW + timedelta(minutes=minutes)
    (result,) = actions.decide_all([request], moderator=by, now=now)
    assert isinstance(result, Decision)
    return result


def found(comment: Comment) -> list[str]:
    reasons = comment.decisions.values_list("findings__reason", flat=True)
    return [reason for reason in reasons if reason and reason.startswith("like_")]


def test_nothing_is_noted_of_what_the_rules_publish(site: Site) -> None:
    (comment,) = screened(site, FIRST)
    assert comment.status == Status.APPROVED
    assert not Campaign.objects.exists()


def test_what_is_held_is_noted_with_what_is_like_it(site: Site) -> None:
    PolicyFactory(site=site, hold_all=True)
    one, two, honest = screened(site, FIRST, NEXT, HONEST)
    of = Campaign.objects.of_comments([one.pk, two.pk, honest.pk])
    assert of[one.pk] == of[two.pk] != of[honest.pk]


def test_a_later_batch_joins_the_campaign(site: Site) -> None:
    PolicyFactory(site=site, hold_all=True)
    (one,) = screened(site, FIRST)
    (two,) = screened(site, NEXT)
    of = Campaign.objects.of_comments([one.pk, two.pk])
    assert of[one.pk] == of[two.pk]
    assert Campaign.objects.count() == 1


@pytest.mark.parametrize(
    ("verdict", "reason"), [(Verdict.SPAM, "like_spam"), (Verdict.REJECT, "like_rejected")]
)
def test_the_next_like_what_a_moderator_refused_is_held(
    site: Site, moderator: User, verdict: Verdict, reason: str
) -> None:
    (published,) = screened(site, FIRST)
    decide(published, verdict, moderator)
    (comment, honest) = screened(site, NEXT, HONEST)
    assert (comment.status, found(comment)) == (Status.HELD, [reason])
    assert (honest.status, found(honest)) == (Status.APPROVED, [])
    assert Reviewable.objects.open().get().comment == comment


@pytest.mark.parametrize(
    ("chosen", "verdict", "status"),
    [
        (NearDuplicates.PASS, Verdict.SPAM, Status.APPROVED),
        (NearDuplicates.HOLD, Verdict.SPAM, Status.HELD),
        (NearDuplicates.SET_ASIDE, Verdict.SPAM, Status.SPAM),
        (NearDuplicates.SET_ASIDE, Verdict.REJECT, Status.HELD),
    ],
)
def test_the_house_rules_say_what_becomes_of_them(
    site: Site, moderator: User, chosen: str, verdict: Verdict, status: str
) -> None:
    PolicyFactory(site=site, near_duplicates=chosen)
    (published,) = screened(site, FIRST)
    decide(published, verdict, moderator)
    (comment,) = screened(site, NEXT)
    assert comment.status == status


def test_what_a_moderator_approved_is_no_campaign(site: Site, moderator: User) -> None:
    PolicyFactory(site=site, hold_all=True)
    one, two = screened(site, FIRST, NEXT)
    decide(one, Verdict.SPAM, moderator)
    decide(two, Verdict.APPROVE, moderator, minutes=2)
    (comment,) = screened(site, FIRST.replace("Lucky", "Osas"))
    assert found(comment) == []
    assert Reviewable.objects.open().get().campaign is None


def test_an_undone_decision_marks_nothing(site: Site, moderator: User) -> None:
    (published,) = screened(site, FIRST)
    decision = decide(published, Verdict.SPAM, moderator)
    actions.undo(decision, moderator=moderator, now=NOW + timedelta(minutes=2))
    (comment,) = screened(site, NEXT)
    assert (comment.status, found(comment)) == (Status.APPROVED, [])


def test_what_the_machine_refused_marks_nothing(site: Site) -> None:
    PolicyFactory(site=site, rejected_words=["lucky"])
    (one,) = screened(site, FIRST)
    (two,) = screened(site, NEXT)
    assert (one.status, two.status) == (Status.REJECTED, Status.APPROVED)


def test_a_decision_marks_nothing_at_another_site(site: Site, moderator: User) -> None:
    (published,) = screened(site, FIRST)
    decide(published, Verdict.SPAM, moderator)
    (comment,) = screened(SiteFactory(), NEXT)
    assert (comment.status, found(comment)) == (Status.APPROVED, [])


def test_a_preview_knows_the_campaign_and_stores_nothing(site: Site, moderator: User) -> None:
    (published,) = screened(site, FIRST)
    decide(published, Verdict.SPAM, moderator)
    before = CampaignBand.objects.count()
    (previewed,) = preview.preview_drafts([Draft(text=NEXT)], site=site, now=NOW)
    assert previewed.judgement.verdict is Verdict.HOLD
    assert CampaignBand.objects.count() == before


def test_a_changed_text_leaves_its_campaign(site: Site) -> None:
    PolicyFactory(site=site, hold_all=True)
    one, two = screened(site, FIRST, NEXT)
    two.body_html = HONEST
    campaigns.assign([two], now=NOW)
    of = Campaign.objects.of_comments([one.pk, two.pk])
    assert of[one.pk] != of[two.pk]


def test_what_befell_a_comment_in_bulk_marks_nothing(site: Site, moderator: User) -> None:
    PolicyFactory(site=site, hold_all=True)
    screened(site, FIRST)
    bulk.start(QueueFilters(), verdict=Verdict.SPAM, moderator=moderator, now=NOW)
    bulk_worker.run(BulkJob.objects.get().pk, now=NOW)
    (comment,) = screened(site, NEXT)
    assert found(comment) == []


def test_readers_reports_are_shown_with_what_is_like_it(site: Site) -> None:
    one, two = screened(site, FIRST, NEXT)
    for comment, address in ((one, "192.0.2.1"), (two, "198.51.100.1")):
        reports.report(comment, reason=ReportReason.SPAM, text="", address=address, now=NOW)
    first, second = Reviewable.objects.open()
    assert first.campaign == second.campaign is not None


def test_to_refuse_one_notes_no_other(site: Site, moderator: User) -> None:
    one, _other = screened(site, FIRST, HONEST)
    decide(one, Verdict.SPAM, moderator)
    assert list(CampaignMember.objects.values_list("comment", flat=True)) == [one.pk]


def test_what_is_in_a_campaign_stays_there_when_it_is_refused(site: Site, moderator: User) -> None:
    PolicyFactory(site=site, hold_all=True)
    one, two = screened(site, FIRST, NEXT)
    campaign = CampaignMember.objects.get(comment=two).campaign
    Comment.objects.filter(pk=one.pk).update(body_html=f"<p>{HONEST}</p>")
    decide(one, Verdict.SPAM, moderator)
    assert CampaignMember.objects.get(comment=one).campaign == campaign


def sketch(*, alike: int) -> Sketch:
    """Return a sketch of which so many of 128 numbers are those of `sketch(alike=128)`."""
    numbers = np.arange(PERMUTATIONS, dtype=np.uint32)
    return np.where(numbers < alike, numbers, numbers + 1000).astype(np.uint32)


@pytest.mark.parametrize(("alike", "joins"), [(64, True), (63, False), (3, False)])
def test_half_of_a_sketch_makes_two_texts_near_duplicates(
    site: Site, alike: int, joins: bool
) -> None:
    campaign = Campaign(site=site, sketch=b"")
    known = campaigns.KnownCampaigns()
    known.add(campaign, sketch(alike=PERMUTATIONS))
    assert known.find(sketch(alike=alike)) == (campaign.pk if joins else None)


def test_of_several_campaigns_the_nearest_counts(site: Site) -> None:
    known = campaigns.KnownCampaigns()
    rows = {alike: Campaign(site=site, sketch=b"") for alike in (70, 100, 80)}
    for alike, campaign in rows.items():
        known.add(campaign, sketch(alike=alike))
    assert known.find(sketch(alike=PERMUTATIONS)) == rows[100].pk


def test_so_many_campaigns_are_compared_the_latest(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaigns, "MOST_COMPARED", 1)
    text = sketch(alike=PERMUTATIONS)
    older, newer = (
        Campaign.objects.create(site=site, sketch=stored(text), last_seen_at=NOW) for _ in range(2)
    )
    for campaign in (older, newer):
        CampaignBand.objects.create(site=site, campaign=campaign, digest=bands(text)[0])
    other = CampaignBand.objects.create(site=site, campaign=older, digest=1)
    known = campaigns.KnownCampaigns.near(site.pk, [text])
    assert set(known.sketches) == {newer.pk}
    assert other.digest not in known.by_band
