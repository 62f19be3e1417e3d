"""Looking back: comments found, appeals answered, words set, figures, the audit trail."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Comment, Role, Site, Status, User
from moderation.models import Appeal, DecisionSource, Policy, ReportReason
from moderation.review.people import appeals, reports
from moderation.rules.verdicts import Verdict
from tests.conftest import Api, signed_in
from tests.decided import refused_by
from tests.factories import CommentFactory, DecisionFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(site: Site) -> Api:
    return signed_in(MembershipFactory(site=site, role=Role.OWNER).user)


@pytest.fixture
def refused(site: Site) -> Comment:
    comment = CommentFactory(thread__site=site, status=Status.REJECTED)
    DecisionFactory(comment=comment, verdict=Verdict.REJECT)
    return comment


def appeal(comment: Comment) -> Appeal:
    return appeals.submit(comment, text="I meant it well.", now=timezone.now())


def answer(api: Api, appeal: Appeal, how: str, reasoning: str = "We looked again."):
    return api.post(f"appeals/{appeal.pk}/{how}", {"reasoning": reasoning})


def test_comments_are_found_in_any_status(review: Api, site: Site) -> None:
    spam = CommentFactory(thread__site=site, status=Status.SPAM, body="Cheap watches here")
    CommentFactory(thread__site=site, body="Cheap talk")
    CommentFactory(body="Cheap watches elsewhere")
    rows = review.get("comments", {"q": "cheap watches"}).json()["results"]
    assert [row["id"] for row in rows] == [str(spam.pk)]
    rows = review.get("comments", {"status": "spam", "site": site.slug}).json()["results"]
    assert [row["id"] for row in rows] == [str(spam.pk)]


def test_reports_are_listed(review: Api, site: Site) -> None:
    comment = CommentFactory(thread__site=site)
    reports.report(
        comment, reason=ReportReason.HATE, text="Look", address="198.51.100.7", now=timezone.now()
    )
    (row,) = review.get("reports").json()["results"]
    assert (row["comment"], row["reason"], row["text"]) == (str(comment.pk), "HATE", "Look")


def test_an_appeal_is_overturned(review: Api, refused: Comment) -> None:
    filed = appeal(refused)
    assert answer(review, filed, "overturn").status_code == 201
    refused.refresh_from_db()
    filed.refresh_from_db()
    assert refused.status == Status.APPROVED
    assert filed.outcome == "OVERTURNED"


def test_an_appeal_is_upheld_with_reasons(review: Api, refused: Comment) -> None:
    filed = appeal(refused)
    told = answer(review, filed, "uphold", "It insults a neighbour.").json()
    assert (told["verdict"], told["reasoning"]) == ("REJECT", "It insults a neighbour.")
    (row,) = review.get("appeals").json()["results"]
    assert row["outcome"] == "UPHELD"


def test_appeals_are_listed_by_state(review: Api, refused: Comment) -> None:
    filed = appeal(refused)
    assert review.get("appeals", {"state": "open"}).json()["results"][0]["id"] == str(filed.pk)
    answer(review, filed, "uphold", "It insults a neighbour.")
    assert review.get("appeals", {"state": "open"}).json()["results"] == []
    assert review.get(f"appeals/{filed.pk}").json()["reasoning"] == "It insults a neighbour."
    assert review.get("appeals", {"site": "elsewhere"}).status_code == 404


def test_a_decision_that_upholds_needs_reasons(review: Api, refused: Comment) -> None:
    appeal(refused)
    ruling = {"verdict": "SPAM", "revision": 1}
    refusal = review.post(f"comments/{refused.pk}/decision", ruling)
    assert (refusal.status_code, refusal.json()["type"][-15:]) == (400, "reasons-missing")
    told = {**ruling, "reasoning": "An advertisement."}
    assert review.post(f"comments/{refused.pk}/decision", told).status_code == 201


def test_reports_are_listed_by_reason(review: Api, refused: Comment) -> None:
    given = {"text": "", "address": "198.51.100.1", "now": timezone.now()}
    reports.report(refused, reason=ReportReason.HATE, **given)
    assert len(review.get("reports", {"reason": "HATE"}).json()["results"]) == 1
    assert review.get("reports", {"reason": "SPAM"}).json()["results"] == []


def test_an_answer_needs_reasons(review: Api, refused: Comment) -> None:
    assert answer(review, appeal(refused), "uphold", "").status_code == 400


def test_an_appeal_is_answered_once(review: Api, refused: Comment) -> None:
    filed = appeal(refused)
    answer(review, filed, "uphold")
    assert answer(review, filed, "overturn").status_code == 409


def test_nobody_judges_an_appeal_against_the_own_decision(
    review: Api, moderator: User, site: Site
) -> None:
    colleague = signed_in(MembershipFactory(site=site).user)
    comment = refused_by(moderator, site)
    filed = appeal(comment)
    refusal = answer(review, filed, "uphold")
    assert refusal.status_code == 409
    assert refusal.json()["type"].endswith(":own-appeal")
    decision = review.post(f"comments/{comment.pk}/decision", {"verdict": "REJECT", "revision": 1})
    assert decision.status_code == 409
    assert answer(colleague, filed, "overturn").status_code == 201


def test_who_moderates_alone_answers_every_appeal(review: Api, moderator: User, site: Site) -> None:
    comment = refused_by(moderator, site)
    assert answer(review, appeal(comment), "overturn").status_code == 201


def test_words_are_set_by_owners_as_a_revision(owner: Api, review: Api, site: Site) -> None:
    words = {"held_words": ["turnip"], "rejected_words": ["swede*"]}
    assert review.put(f"words?site={site.slug}", words).status_code == 403
    assert owner.put(f"words?site={site.slug}", words).json() == words
    assert review.get("words", {"site": site.slug}).json() == words
    assert Policy.objects.current(site).revision == 1


def test_the_figures_of_a_period(review: Api, moderator: User, refused: Comment) -> None:
    now = timezone.now()
    decision = refused.decisions.get()
    DecisionFactory(
        comment=refused,
        verdict=Verdict.APPROVE,
        source=DecisionSource.MODERATOR,
        decided_by=moderator,
        decided_at=now,
        overrides=decision,
    )
    told = review.get("stats").json()
    assert told["received"] == 1
    assert told["decisions"]["MODERATOR"] == {"APPROVE": 1}
    assert told["agreement"] == {"confirmed": 0, "changed": 1}
    assert told["moderators"] == {moderator.email: 1}


def test_a_period_without_anything_is_all_zeros(review: Api, refused: Comment) -> None:
    told = review.get("stats", {"from": "2020-01-01", "to": "2020-01-31"}).json()
    assert (told["received"], told["decisions"], told["seconds_waited"]) == (0, {}, None)


@pytest.mark.parametrize(
    "period", [{"from": "2020-02-01", "to": "2020-01-01"}, {"from": "2010-01-01"}, {"from": "x"}]
)
def test_a_period_that_makes_no_sense_is_refused(review: Api, period: dict) -> None:
    assert review.get("stats", period).status_code == 400


def test_the_audit_trail_is_for_owners(owner: Api, review: Api, site: Site) -> None:
    review.post("bans", {"site": site.slug, "target": "DOMAIN", "value": "pills.example"})
    (entry,) = owner.get("audit").json()["results"]
    assert (entry["act"], entry["site"]) == ("BANNED", site.slug)
    assert review.get("audit").json()["results"] == []


def test_the_median_wait_is_in_seconds(review: Api, site: Site) -> None:
    from tests.factories import ReviewableFactory

    now = timezone.now()
    ReviewableFactory(
        comment__thread__site=site, opened_at=now - timedelta(seconds=90), closed_at=now
    )
    assert review.get("stats").json()["seconds_waited"] == 90


def test_the_figures_come_as_tables(review: Api, site: Site, refused: Comment) -> None:
    answer = review.get("stats/received.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0].startswith("day,pending,approved")
    assert review.get("stats/secrets.csv").status_code == 404


def test_the_transparency_report(review: Api, site: Site, refused: Comment) -> None:
    year = timezone.now().year
    told = review.get(f"transparency/{year}", {"site": site.slug}).json()
    assert told["restrictions"]["total"] == 1
    table = review.get(f"transparency/{year}.csv", {"site": site.slug})
    assert b"restrictions,total,1" in b"".join(table.streaming_content)
    assert review.get(f"transparency/{year}", {"site": "elsewhere"}).status_code == 404
