"""Refused and deleted comments end after a time; what is needed of them later does not."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models import RestrictedError

from comments.models import Author, Comment, Picture, Site, Status, Subscriber, Thread, Trust
from comments.models.comment import ANONYMOUS, text_digest
from comments.models.ids import id_at
from comments.threads import reading
from moderation.decisions.decide import decide
from moderation.decisions.proposals import CommentGone, Proposal
from moderation.insight import transparency
from moderation.intake import changes
from moderation.management import refused_comments
from moderation.models import (
    Appeal,
    Campaign,
    CampaignMember,
    Decision,
    DecisionSource,
    Finding,
    KeptFigures,
    Label,
    Note,
    Report,
    Reviewable,
)
from moderation.rules.outcomes import STATUS_OF_VERDICT
from moderation.rules.verdicts import Verdict
from tests.factories import (
    NOW,
    AuthorFactory,
    CommentFactory,
    DecisionFactory,
    MembershipFactory,
    ReviewableFactory,
    SiteKeyFactory,
    ThreadFactory,
)

pytestmark = pytest.mark.django_db
AUTOMATION, MODERATOR = DecisionSource.AUTOMATION, DecisionSource.MODERATOR
LONG_AGO = NOW - timedelta(days=40)


@pytest.fixture(autouse=True)
def _thirty_days(settings: Any) -> None:
    settings.REFUSED_KEEP_DAYS = 30


@pytest.fixture
def thread(site: Site) -> Thread:
    return ThreadFactory(site=site)


def written(thread: Thread, verdict: Verdict, *, days_ago: int = 40, **more: Any) -> Comment:
    at = NOW - timedelta(days=days_ago)
    status = STATUS_OF_VERDICT[verdict]
    comment = CommentFactory(id=id_at(at), thread=thread, status=status, created_at=at, **more)
    DecisionFactory(id=id_at(at), comment=comment, verdict=verdict, decided_at=at)
    return comment


def overruled(
    comment: Comment, verdict: Verdict, *, days_ago: int = 40, source: DecisionSource = MODERATOR
) -> Decision:
    """Return a further decision about a comment, which its status follows."""
    at = NOW - timedelta(days=days_ago)
    Comment.objects.filter(pk=comment.pk).update(status=STATUS_OF_VERDICT[verdict])
    return DecisionFactory(
        id=id_at(at),
        comment=comment,
        verdict=verdict,
        source=source,
        overrides=comment.decisions.effective().get(),
        decided_at=at + timedelta(minutes=5),
    )


def left() -> set[UUID]:
    return set(Comment.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("verdict", [Verdict.SPAM, Verdict.REJECT, Verdict.DELETE])
def test_what_was_refused_is_deleted_after_its_days(thread: Thread, verdict: Verdict) -> None:
    old, new = written(thread, verdict), written(thread, verdict, days_ago=29)
    Finding.objects.create(decision=old.decisions.get(), check_name="links", reason="has_links")
    assert refused_comments.purge(now=NOW) == 1
    assert left() == {new.pk}
    assert not Finding.objects.exists()


@pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.HOLD])
def test_what_is_public_or_waits_is_kept_for_good(thread: Thread, verdict: Verdict) -> None:
    kept = written(thread, verdict, days_ago=4000)
    refused_comments.purge(now=NOW)
    assert left() == {kept.pk}


def test_a_chain_of_decisions_goes_with_its_comment(thread: Thread) -> None:
    comment = written(thread, Verdict.APPROVE)
    overruled(comment, Verdict.REJECT)
    overruled(comment, Verdict.SPAM)
    refused_comments.purge(now=NOW)
    assert not Decision.objects.exists()


def test_a_decision_alone_cannot_be_deleted_while_another_overrides_it(thread: Thread) -> None:
    comment = written(thread, Verdict.APPROVE)
    later = overruled(comment, Verdict.REJECT)
    with pytest.raises(RestrictedError):
        later.overrides.delete()


def test_the_days_begin_with_the_last_decision(thread: Thread) -> None:
    comment = written(thread, Verdict.APPROVE)
    overruled(comment, Verdict.SPAM, days_ago=29)
    refused_comments.purge(now=NOW)
    assert left() == {comment.pk}


def test_what_somebody_reviews_is_kept(thread: Thread) -> None:
    waits, seen = written(thread, Verdict.SPAM), written(thread, Verdict.SPAM)
    ReviewableFactory(comment=waits)
    ReviewableFactory(comment=seen, closed_at=LONG_AGO)
    refused_comments.purge(now=NOW)
    assert left() == {waits.pk}
    assert Reviewable.objects.count() == 1


def test_what_an_author_appeals_against_is_kept_until_the_answer(thread: Thread) -> None:
    comment, _other = written(thread, Verdict.REJECT), written(thread, Verdict.REJECT)
    appeal = Appeal.objects.create(
        decision=comment.decisions.get(), text="No!", submitted_at=LONG_AGO
    )
    refused_comments.purge(now=NOW)
    assert left() == {comment.pk}
    appeal.resolved_at, appeal.outcome = LONG_AGO, "UPHELD"
    appeal.save()
    refused_comments.purge(now=NOW)
    assert left() == set()


# Threads.


def test_replies_keep_their_place_below_an_emptied_comment(thread: Thread) -> None:
    top = written(thread, Verdict.APPROVE)
    rude = written(thread, Verdict.REJECT, parent=top)
    reply = written(thread, Verdict.APPROVE, parent=rude)
    before = tree(thread)
    refused_comments.purge(now=NOW)
    assert tree(thread) == before == [(top.pk, [(rude.pk, [(reply.pk, [])])])]


def test_of_an_emptied_comment_nothing_is_left_but_its_place_and_the_grounds(
    thread: Thread,
) -> None:
    rude = written(thread, Verdict.REJECT)
    written(thread, Verdict.APPROVE, parent=rude)
    fill(rude)
    assert not {
        name: nothing for name, nothing in ANONYMOUS.items() if getattr(rude, name) == nothing
    }
    refused_comments.purge(now=NOW)
    rude.refresh_from_db()
    assert {name: getattr(rude, name) for name in ANONYMOUS} == ANONYMOUS
    assert (rude.body, rude.body_html, rude.body_digest) == ("", "", text_digest(""))
    assert (rude.purged_at, rude.status) == (NOW, Status.REJECTED)
    decision = rude.decisions.get()
    assert (decision.reasoning, decision.private_notes) == ("", "")
    assert (decision.grounds, decision.findings.get().evidence) == ([{"reason": "words"}], {})
    assert (Appeal.objects.get().text, Report.objects.get().text) == ("", "")


def fill(comment: Comment) -> None:
    """Have everything that is stored about a comment say who wrote it, or what."""
    for name in ("address_digest", "network_digest", "user_agent", "avatar_seed", "badge_label"):
        setattr(comment, name, name[:12])
    comment.author_url, comment.badge_kind = "https://ann.example", "custom"
    comment.intake, comment.picture = {"decoy": True}, picture(comment.site)
    comment.save()
    decision = comment.decisions.get()
    decision.reasoning, decision.private_notes = "Ann, no!", "Ann again"
    decision.grounds = [{"reason": "words"}]
    decision.save()
    Finding.objects.create(decision=decision, check_name="words", evidence={"word": "Ann"})
    ended = {"submitted_at": LONG_AGO, "resolved_at": LONG_AGO, "outcome": "UPHELD"}
    Appeal.objects.create(decision=decision, text="I, Ann", **ended)
    about = {"comment": comment, "revision": 1, "created_at": LONG_AGO}
    Report.objects.create(reason="HATE", text="That Ann!", **about)


def picture(site: Site) -> Picture:
    return Picture.objects.create(site=site, url="https://ann.example/me", used_at=NOW)


def tree(thread: Thread) -> list[Any]:
    def outline(node: reading.Node) -> tuple[UUID, list[Any]]:
        return node.comment.pk, [outline(reply) for reply in node.replies]

    return [outline(node) for node in reading.page(thread, reading.TreeQuery()).nodes]


def test_a_refused_branch_is_deleted_as_a_whole(thread: Thread) -> None:
    top = written(thread, Verdict.SPAM)
    reply = written(thread, Verdict.SPAM, parent=top)
    written(thread, Verdict.REJECT, parent=reply)
    refused_comments.purge(now=NOW)
    assert left() == set()


def test_an_emptied_comment_goes_with_its_last_reply(thread: Thread) -> None:
    top = written(thread, Verdict.SPAM)
    middle = written(thread, Verdict.SPAM, parent=top)
    last = written(thread, Verdict.REJECT, parent=middle, days_ago=20)
    refused_comments.purge(now=NOW)
    assert left() == {top.pk, middle.pk, last.pk}
    refused_comments.purge(now=NOW + timedelta(days=20))
    assert left() == set()


def test_nobody_decides_about_an_emptied_comment_or_fills_it_again(thread: Thread) -> None:
    top = written(thread, Verdict.SPAM)
    written(thread, Verdict.APPROVE, parent=top)
    refused_comments.purge(now=NOW)
    moderator = MembershipFactory(site=thread.site).user
    proposal = Proposal(
        comment_id=top.pk,
        revision=1,
        verdict=Verdict.APPROVE,
        source=MODERATOR,
        decided_by=moderator,
    )
    (refusal,) = decide([proposal], now=NOW)
    assert isinstance(refusal, CommentGone)
    top.refresh_from_db()
    with pytest.raises(changes.EditWindowOver):
        changes.replace_text(top, body="Anew.", now=NOW, key=SiteKeyFactory(site=thread.site))
    assert refused_comments.purge(now=NOW) == 0


def test_many_are_deleted_in_batches(thread: Thread, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refused_comments, "BATCH", 2)
    top = written(thread, Verdict.SPAM)
    for _ in range(4):
        written(thread, Verdict.SPAM, parent=top)
    assert refused_comments.purge(now=NOW) == 5
    assert left() == set()


# What outlives them.


def test_the_transparency_report_counts_them_still(thread: Thread) -> None:
    site, moderator = thread.site, MembershipFactory(site=thread.site).user
    spam = [{"category": "SPAM", "reason": "score"}]
    for n in range(5):
        comment = written(thread, Verdict.SPAM)
        decided_at = comment.created_at + timedelta(seconds=10 * n)
        comment.decisions.update(grounds=spam, decided_at=decided_at)
    rude = written(thread, Verdict.APPROVE)
    Report.objects.create(
        id=id_at(LONG_AGO), comment=rude, revision=1, reason="HATE", created_at=LONG_AGO
    )
    ruling = overruled(rude, Verdict.REJECT)
    Decision.objects.filter(pk=ruling.pk).update(
        decided_by=moderator, is_illegal=True, refusal_reason="hate"
    )
    Appeal.objects.create(
        id=id_at(LONG_AGO),
        decision=ruling,
        text="No!",
        submitted_at=LONG_AGO,
        resolved_at=LONG_AGO + timedelta(hours=1),
        outcome="UPHELD",
    )
    wrong = written(thread, Verdict.SPAM)
    overruled(wrong, Verdict.APPROVE)
    before = transparency.report(site, 2026)
    assert before["restrictions"]["total"] == 7
    assert before["reports"]["led_to_a_restriction"] == 1
    assert refused_comments.purge(now=NOW) == 6
    after = transparency.report(site, 2026)
    medians = [(before["restrictions"], after["restrictions"], "seconds_to_decision")]
    medians += [(before[name], after[name], "seconds_to_answer") for name in ("reports", "appeals")]
    for exact, kept, name in medians:
        assert kept.pop(name) == pytest.approx(exact.pop(name), rel=0.01)
    assert after == before


def test_figures_of_a_year_add_up_from_run_to_run(thread: Thread) -> None:
    for days in (60, 50, 40):
        written(thread, Verdict.SPAM, days_ago=days)
        refused_comments.purge(now=NOW)
    assert KeptFigures.objects.get().year == 2026
    assert transparency.report(thread.site, 2026)["comments_received"] == 3
    assert transparency.report(thread.site, 2025)["comments_received"] == 0


def test_each_year_keeps_its_own_figures(thread: Thread) -> None:
    comment = written(thread, Verdict.APPROVE, days_ago=400)
    overruled(comment, Verdict.REJECT)
    refused_comments.purge(now=NOW)
    first, second = (transparency.report(thread.site, year) for year in (2025, 2026))
    assert (first["comments_received"], first["restrictions"]["total"]) == (1, 0)
    assert (second["comments_received"], second["restrictions"]["total"]) == (0, 1)


def test_what_a_moderator_taught_outlives_the_comment(thread: Thread) -> None:
    comment = written(thread, Verdict.APPROVE)
    Label.objects.create(
        site=thread.site,
        comment=comment,
        decision=overruled(comment, Verdict.SPAM),
        text="Cheap pills",
        author_name="Pills Paul",
        author_url="https://pills.example",
        category="SPAM",
        value=True,
        source="MODERATOR",
    )
    refused_comments.purge(now=NOW)
    label = Label.objects.get()
    assert (label.text, label.value, label.comment, label.decision) == (
        *("Cheap pills", True),
        *(None, None),
    )
    assert (label.author_name, label.author_url) == ("", "")


def test_a_campaign_that_goes_on_keeps_the_comment_by_which_it_is_decided(thread: Thread) -> None:
    campaign = Campaign.objects.create(site=thread.site, sketch=b"", last_seen_at=NOW)
    ruled, copy = written(thread, Verdict.HOLD), written(thread, Verdict.SPAM)
    for comment in (ruled, copy):
        CampaignMember.objects.create(comment=comment, campaign=campaign)
    ruling = overruled(ruled, Verdict.SPAM)
    refused_comments.purge(now=NOW)
    assert left() == {ruled.pk}
    assert Campaign.objects.decisions([campaign.pk]) == {campaign.pk: ruling}
    campaign.delete()
    refused_comments.purge(now=NOW)
    assert left() == set()


# Authors.


def test_an_author_of_nothing_else_is_forgotten(thread: Thread) -> None:
    stranger, regular = written(thread, Verdict.SPAM).author, written(thread, Verdict.SPAM).author
    written(thread, Verdict.APPROVE, author=regular)
    refused_comments.purge(now=NOW)
    assert set(Author.objects.all()) == {regular}
    assert stranger.pk != regular.pk


def test_an_author_about_whom_somebody_decided_is_kept(thread: Thread) -> None:
    author = written(thread, Verdict.SPAM).author
    Author.objects.filter(pk=author.pk).update(trust=Trust.WATCHED)
    refused_comments.purge(now=NOW)
    assert not Comment.objects.filter(status=Status.SPAM).exists()
    assert Author.objects.get() == author


def test_an_author_who_gets_notifications_or_has_a_note_is_kept(thread: Thread) -> None:
    told, noted = (written(thread, Verdict.SPAM).author for _ in range(2))
    Subscriber.objects.create(author=told, language="en", asked_at=LONG_AGO)
    Note.objects.create(author=noted, text="Rude, but right", written_at=LONG_AGO)
    refused_comments.purge(now=NOW)
    assert set(Author.objects.all()) == {told, noted}


def test_an_author_whose_first_comment_is_being_stored_is_kept(thread: Thread) -> None:
    new = AuthorFactory(site=thread.site)
    written(thread, Verdict.SPAM)
    refused_comments.purge(now=NOW)
    assert set(Author.objects.all()) == {new}
