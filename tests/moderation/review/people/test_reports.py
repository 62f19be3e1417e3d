"""Readers' reports: counted once each, weighed by who was right before, never above a person."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from comments.models import Comment, Site, Status, User
from comments.privacy import email_addresses
from moderation.decisions.decide import decide_one
from moderation.decisions.revise import revise
from moderation.models import (
    Decision,
    DecisionSource,
    Delivery,
    QueueReason,
    Report,
    ReportReason,
    Reviewable,
    Webhook,
)
from moderation.review.people import reports
from moderation.review.people.reports import ReporterRecord
from moderation.rules.verdicts import Reason, Verdict
from tests.conftest import signed_in
from tests.decided import rule
from tests.factories import NOW, CommentFactory, DecisionFactory, PolicyFactory, ReviewableFactory

pytestmark = pytest.mark.django_db
READER = "198.51.100.1"


@pytest.fixture
def public(site: Site) -> Comment:
    comment = CommentFactory(thread__site=site)
    DecisionFactory(comment=comment)
    return comment


def report(comment: Comment, address: str = READER, identity: str = "") -> Report:
    given = {"reason": ReportReason.HATE, "text": "Look", "now": NOW}
    return reports.report(comment, address=address, identity=identity, **given)


def record_of(site: Site, address: str = READER) -> ReporterRecord:
    digest = email_addresses.address_digest(address)
    return reports.reporters(site.pk, [digest], now=NOW)[digest]


def test_a_report_is_kept_without_the_address(public: Comment) -> None:
    report(public)
    kept = Report.objects.get()
    assert (kept.comment, kept.revision, kept.reason, kept.text) == (public, 1, "HATE", "Look")
    assert (kept.reporter, kept.created_at) == (email_addresses.address_digest(READER), NOW)


def test_a_reader_counts_once_for_each_text(webhook: Webhook, public: Comment) -> None:
    assert report(public) == report(public)
    revise(public, body="Another text.", now=NOW)
    report(public)
    assert list(Report.objects.order_by("id").values_list("revision", flat=True)) == [1, 2]
    assert Delivery.objects.filter(event__type="report.created").count() == 2


def test_a_reader_who_is_signed_on_counts_once_wherever(public: Comment) -> None:
    first = report(public, READER, identity="ann")
    assert report(public, "203.0.113.9", identity="ann") == first
    assert (first.reporter, first.network) == ("ann", "")
    report(public, READER, identity="bob")
    report(public, READER)
    assert Report.objects.count() == 3


def test_the_record_of_a_reader_follows_the_sign_on(
    site: Site, public: Comment, moderator: User
) -> None:
    for n in range(3):
        fine = CommentFactory(thread__site=site)
        report(fine, f"198.51.100.{n}", identity="ann")
        decide_one(rule(fine, Verdict.APPROVE, moderator), now=NOW)
    report(public, "203.0.113.9", identity="ann")
    assert not Reviewable.objects.open().exists()
    report(public, "203.0.113.9", identity="bob")
    assert Reviewable.objects.open().exists()


def test_a_report_is_told(webhook: Webhook, public: Comment) -> None:
    kept = report(public)
    told = Delivery.objects.get().event.data
    assert told["report"] == {"id": str(kept.pk), "reason": "HATE", "text": "Look"}


def test_a_reported_comment_stays_public_and_waits_for_a_person(public: Comment) -> None:
    report(public)
    waiting = Reviewable.objects.open().get()
    assert (waiting.comment, waiting.why, waiting.opened_at) == (public, QueueReason.REPORTED, NOW)
    assert Comment.objects.get().status == Status.APPROVED


def test_a_reported_comment_is_found_in_the_queue_by_what_is_in_its_text(public: Comment) -> None:
    public.decisions.get().findings.create(check_name="links", reason=Reason.HAS_LINKS)
    report(public)
    assert Reviewable.objects.found([Reason.HAS_LINKS, Reason.HELD_WORD]).exists()


def test_the_more_complain_the_further_up_it_waits_once(public: Comment) -> None:
    report(public)
    before = Reviewable.objects.get()
    report(public, "198.51.100.2")
    after = Reviewable.objects.get()
    assert (after.priority > before.priority, after.rank > before.rank) == (True, True)


def test_one_more_reader_than_allowed_holds_it(site: Site, public: Comment) -> None:
    PolicyFactory(site=site, reports_to_hold=2)
    report(public)
    assert Comment.objects.get().status == Status.APPROVED
    report(public, "198.51.100.2")
    assert Comment.objects.get().status == Status.HELD
    decision = Decision.objects.effective().get()
    assert (decision.verdict, decision.source) == (Verdict.HOLD, DecisionSource.READERS)
    waiting = Reviewable.objects.open().get()
    assert (waiting.why, waiting.priority > 0.5) == (QueueReason.REPORTED, True)


def test_complaints_about_an_older_text_or_another_comment_do_not_count(
    site: Site, public: Comment
) -> None:
    PolicyFactory(site=site, reports_to_hold=2)
    report(CommentFactory(thread=public.thread))
    report(public)
    assert Comment.objects.get(pk=public.pk).status == Status.APPROVED
    revise(public, body="Another text.", now=NOW)
    Comment.objects.filter(pk=public.pk).update(status=Status.APPROVED)
    report(public, "198.51.100.2")
    assert Comment.objects.get(pk=public.pk).status == Status.APPROVED


def test_what_a_moderator_approved_does_not_wait_again(public: Comment, moderator: User) -> None:
    decide_one(rule(public, Verdict.APPROVE, moderator), now=NOW)
    report(public)
    assert not Reviewable.objects.open().exists()
    assert Report.objects.exists()


def test_what_a_moderator_said_of_an_older_text_does_not_protect_the_new_one(
    public: Comment, moderator: User
) -> None:
    decide_one(rule(public, Verdict.APPROVE, moderator), now=NOW)
    revise(public, body="Another text.", now=NOW)
    Comment.objects.update(status=Status.APPROVED)
    report(public)
    assert Reviewable.objects.open().get().why == QueueReason.REPORTED


def test_what_a_moderator_said_and_a_colleague_took_further_counts_no_more(
    public: Comment, moderator: User
) -> None:
    ruled = decide_one(rule(public, Verdict.APPROVE, moderator), now=NOW)
    DecisionFactory(comment=public, overrides=ruled, source=DecisionSource.SITE)
    report(public)
    assert Reviewable.objects.open().exists()


@pytest.mark.parametrize("status", [Status.HELD, Status.REJECTED, Status.SPAM])
def test_what_is_not_public_does_not_wait_for_a_report(site: Site, status: Status) -> None:
    report(CommentFactory(thread__site=site, status=status))
    assert not Reviewable.objects.exists()


def test_what_waits_already_keeps_why(public: Comment) -> None:
    ReviewableFactory(comment=public, why=QueueReason.APPEALED)
    report(public)
    assert Reviewable.objects.get().why == QueueReason.APPEALED


def test_a_report_by_who_was_right_before_makes_it_more_urgent(site: Site, moderator: User) -> None:
    refused = CommentFactory(thread__site=site)
    report(refused)
    decide_one(rule(refused, Verdict.REJECT, moderator), now=NOW)
    by_address = {}
    for address in (READER, "198.51.100.2"):
        comment = CommentFactory(thread__site=site)
        report(comment, address)
        by_address[address] = Reviewable.objects.get(comment=comment, closed_at=None).priority
    assert by_address[READER] > by_address["198.51.100.2"]


# Who was right before.


@pytest.mark.parametrize(
    ("verdict", "record"),
    [
        (Verdict.REJECT, ReporterRecord(confirmed=1)),
        (Verdict.SPAM, ReporterRecord(confirmed=1)),
        (Verdict.DELETE, ReporterRecord(confirmed=1)),
        (Verdict.APPROVE, ReporterRecord(dismissed=1)),
        (Verdict.HOLD, ReporterRecord()),
    ],
)
def test_a_record_is_what_moderators_said_of_what_was_reported(
    site: Site, public: Comment, moderator: User, verdict: Verdict, record: ReporterRecord
) -> None:
    report(public)
    decide_one(rule(public, verdict, moderator), now=NOW)
    assert record_of(site) == record


def test_a_record_adds_up(site: Site, moderator: User) -> None:
    verdicts = [Verdict.REJECT, Verdict.SPAM, Verdict.REJECT, Verdict.APPROVE, Verdict.APPROVE]
    for verdict in verdicts:
        comment = CommentFactory(thread__site=site)
        report(comment)
        decide_one(rule(comment, verdict, moderator), now=NOW)
    assert record_of(site) == ReporterRecord(confirmed=3, dismissed=2)


def test_what_no_person_decided_is_in_no_record(site: Site, public: Comment) -> None:
    report(public)
    assert record_of(site) == ReporterRecord()


def test_a_decision_that_counts_no_more_is_in_no_record(
    site: Site, public: Comment, moderator: User
) -> None:
    report(public)
    for verdict in (Verdict.REJECT, Verdict.APPROVE):
        decide_one(rule(public, verdict, moderator), now=NOW)
    assert record_of(site) == ReporterRecord(dismissed=1)


def test_a_decision_on_another_text_is_in_no_record(
    site: Site, public: Comment, moderator: User
) -> None:
    decide_one(rule(public, Verdict.REJECT, moderator), now=NOW)
    revise(public, body="Another text.", now=NOW)
    report(public)
    assert record_of(site) == ReporterRecord()


def test_a_record_is_one_readers_at_one_site(site: Site, public: Comment, moderator: User) -> None:
    elsewhere = CommentFactory()
    for comment in (public, elsewhere):
        report(comment)

    decide_one(rule(elsewhere, Verdict.REJECT, moderator), now=NOW)
    assert record_of(site) == ReporterRecord()
    assert record_of(elsewhere.site) == ReporterRecord(confirmed=1)
    assert record_of(elsewhere.site, "198.51.100.2") == ReporterRecord()


@pytest.mark.parametrize(
    ("record", "weight"),
    [
        (ReporterRecord(), 1.0),
        (ReporterRecord(confirmed=2), 1.5),
        (ReporterRecord(dismissed=2), 0.5),
        (ReporterRecord(confirmed=3, dismissed=3), 1.0),
        (ReporterRecord(dismissed=3), 0.0),
        (ReporterRecord(confirmed=1, dismissed=5), 0.5),
        (ReporterRecord(confirmed=1, dismissed=6), 0.0),
    ],
)
def test_a_report_weighs_twice_the_share_that_was_right(
    record: ReporterRecord, weight: float
) -> None:
    assert record.weight == weight


READERS = ["198.51.100.1", "192.0.2.1", "203.0.113.1"]


def dismiss(site: Site, moderator: User, *, times: int, at: datetime = NOW) -> None:
    """Have all READERS report comments that a moderator then approves."""
    for _ in range(times):
        fine = CommentFactory(thread__site=site)
        for reader in READERS:
            report(fine, reader)
        decide_one(rule(fine, Verdict.APPROVE, moderator), now=at)


@pytest.fixture
def strict(site: Site) -> None:
    PolicyFactory(site=site, reports_to_hold=3)


@pytest.mark.usefixtures("strict")
def test_readers_whose_reports_were_all_dismissed_hold_nothing_more(
    site: Site, public: Comment, moderator: User, webhook: Webhook
) -> None:
    dismiss(site, moderator, times=3)
    told = Delivery.objects.filter(event__type="report.created").count()
    for reader in READERS:
        report(public, reader)
    assert Comment.objects.get(pk=public.pk).status == Status.APPROVED
    assert not Reviewable.objects.open().filter(comment=public).exists()
    assert Report.objects.filter(comment=public).count() == 3
    assert Delivery.objects.filter(event__type="report.created").count() == told + 3


@pytest.mark.usefixtures("strict")
def test_one_dismissed_report_leaves_a_reader_a_whole_one(
    site: Site, public: Comment, moderator: User
) -> None:
    dismiss(site, moderator, times=1)
    for reader in READERS:
        report(public, reader)
    assert Comment.objects.get(pk=public.pk).status == Status.HELD


@pytest.mark.usefixtures("strict")
def test_two_dismissed_reports_make_a_reader_half_a_one(
    site: Site, public: Comment, moderator: User
) -> None:
    dismiss(site, moderator, times=2)
    for reader in [*READERS, "100.64.0.1"]:
        assert Comment.objects.get(pk=public.pk).status == Status.APPROVED
        report(public, reader)
    report(public, "100.65.0.1")
    assert Comment.objects.get(pk=public.pk).status == Status.HELD


@pytest.mark.usefixtures("strict")
def test_a_good_record_makes_nobody_more_than_one_reader(
    site: Site, public: Comment, moderator: User
) -> None:
    for _ in range(5):
        bad = CommentFactory(thread__site=site)
        report(bad)
        decide_one(rule(bad, Verdict.REJECT, moderator), now=NOW)
    report(public)
    report(public, "192.0.2.1")
    assert Comment.objects.get(pk=public.pk).status == Status.APPROVED


@pytest.mark.usefixtures("strict")
def test_a_weight_comes_back_with_upheld_reports(
    site: Site, public: Comment, moderator: User
) -> None:
    dismiss(site, moderator, times=3)
    for _ in range(3):
        bad = CommentFactory(thread__site=site)
        for reader in READERS:
            report(bad, reader)
        decide_one(rule(bad, Verdict.REJECT, moderator), now=NOW)
    for reader in READERS:
        report(public, reader)
    assert Comment.objects.get(pk=public.pk).status == Status.HELD


@pytest.mark.usefixtures("strict")
def test_a_weight_comes_back_with_time(site: Site, public: Comment, moderator: User) -> None:
    dismiss(site, moderator, times=5, at=NOW - timedelta(days=181))
    for reader in READERS:
        report(public, reader)
    assert Comment.objects.get(pk=public.pk).status == Status.HELD


@pytest.mark.usefixtures("strict")
def test_of_one_ipv6_network_two_readers_count(public: Comment) -> None:
    for n in range(100):
        report(public, f"2001:db8:0:{n:x}::1")
    assert Report.objects.count() == 100
    assert Comment.objects.get(pk=public.pk).status == Status.APPROVED
    report(public, "2001:db8:1::1")
    assert Comment.objects.get(pk=public.pk).status == Status.HELD


def test_behind_one_ipv4_network_more_people_count(site: Site, public: Comment) -> None:
    PolicyFactory(site=site, reports_to_hold=6)
    for n in range(100):
        report(public, f"198.51.100.{n}")
    assert Comment.objects.get(pk=public.pk).status == Status.APPROVED
    report(public, "203.0.113.1")
    assert Comment.objects.get(pk=public.pk).status == Status.HELD


def test_moderators_read_the_record_with_the_report(
    site: Site, public: Comment, moderator: User
) -> None:
    dismiss(site, moderator, times=5)
    report(public)
    told = signed_in(moderator)
    record = {"confirmed": 0, "dismissed": 5, "weight": 0.0}
    assert told.get("reports").json()["results"][0]["record"] == record
    assert told.get(f"comments/{public.pk}").json()["reports"][0]["record"] == record
    desk = Client()
    desk.force_login(moderator)
    page = desk.get(reverse("admin:moderation_report_change", args=[Report.objects.first().pk]))
    assert "0 of 5 upheld" in page.text
    page = desk.get(f"/admin/comments/comment/{public.pk}/change/")
    assert "0 of 5 upheld" in page.text
