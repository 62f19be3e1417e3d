"""What a person is told that a site holds of them, part by part."""

import json
from typing import Any

import pytest

from comments.models import Author, Comment, Site, Subscription, Vote
from comments.privacy import email_addresses
from comments.threads import subscriptions, voting
from comments.threads.subscriptions import SubscriptionChoice
from moderation.models import Appeal, AuditAction, AuditEntry, Ban, Mail
from moderation.models.ban import BanTarget
from moderation.review.people import data_export
from moderation.rules.verdicts import Verdict
from tests.factories import NOW, CommentFactory, DecisionFactory, MembershipFactory, SiteFactory
from tests.moderation.review.people.person import AGENT, NAME, WEBSITE, mail_to
from tests.submissions import EMAIL

pytestmark = pytest.mark.django_db


def told(site: Site) -> dict[str, Any]:
    return data_export.export_person(site, EMAIL, now=NOW)


def test_everything_that_is_held_is_handed_out(site: Site, written: Comment) -> None:
    held = data_export.export_person(site, EMAIL, now=NOW)
    told = json.dumps(held, default=str)
    assert held["email"] == EMAIL.upper()
    assert held["comments"][0]["id"] == written.pk
    assert all(text in told for text in (NAME, WEBSITE, AGENT, "vile as it is", "is kind"))


def test_of_a_stranger_nothing_is_held(site: Site, written: Comment) -> None:
    assert data_export.export_person(site, "stranger@mail.example", now=NOW) == {}


def test_that_it_was_handed_out_is_on_the_record(site: Site, written: Comment) -> None:
    user = MembershipFactory(site=site).user
    data_export.export_person(site, EMAIL, now=NOW, by=user)
    entry = AuditEntry.objects.get(act=AuditAction.PERSON_EXPORTED)
    assert (entry.site, entry.by, entry.at) == (site, user, NOW)
    assert entry.subject == str(written.author_id)


def test_what_is_handed_out_has_each_part(site: Site, written: Comment) -> None:
    author = written.author
    assert author is not None
    other = CommentFactory(thread=written.thread)
    voter = voting.Voter(email_addresses.email_digest(EMAIL))
    voting.vote(other, voter=voter, value=1, now=NOW)
    held = data_export.export_person(site, EMAIL, now=NOW)
    assert (held["site"], held["names"]) == (site.slug, [NAME])
    assert held["first_seen_at"] == author.first_seen_at
    assert held["votes"] == [{"comment": other.pk, "value": 1, "voted_at": NOW}]
    assert held["notes"] == [{"text": f"{NAME} is kind", "written_at": NOW}]
    assert [set(ban) for ban in held["bans"]] == [{"reason", "since", "until"}]
    assert [row["thread"] for row in held["subscriptions"]] == [written.thread.key]
    assert {row["kind"] for row in held["mails"]} <= set(
        Mail.objects.values_list("kind", flat=True)
    )
    written.refresh_from_db()
    (comment,) = held["comments"]
    assert (comment["thread"], comment["status"]) == (written.thread.key, written.status)
    assert (comment["name"], comment["website"], comment["browser"]) == (NAME, WEBSITE, AGENT)
    assert (comment["text"], comment["written_at"]) == (written.body, written.created_at)
    assert [old["number"] for old in comment["earlier_texts"]] == [1]
    assert [row["verdict"] for row in comment["decisions"]] == ["SPAM", "APPROVE"]
    assert (comment["edited_at"], comment["appeals"]) == (NOW, [])


def test_what_is_another_sites_is_not_handed_out(written: Comment) -> None:
    assert data_export.export_person(CommentFactory().site, EMAIL, now=NOW) == {}


def test_who_asked_for_nobody_is_on_the_record(site: Site) -> None:
    user = MembershipFactory(site=site).user
    assert data_export.export_person(site, EMAIL, now=NOW, by=user) == {}
    entry = AuditEntry.objects.get(act=AuditAction.ADDRESS_SEARCHED)
    assert (entry.site, entry.by, entry.at, entry.detail) == (site, user, NOW, {"found": False})


def test_votes_at_another_site_are_not_told(site: Site, author: Author) -> None:
    elsewhere = CommentFactory(thread__site=SiteFactory())
    voter = email_addresses.email_digest(EMAIL)
    Vote.objects.create(comment=elsewhere, voter=voter, value=1, voted_at=NOW)
    assert told(site)["votes"] == []


def test_mails_are_told_of_the_site_and_the_person_alone(site: Site, author: Author) -> None:
    mail_to(site, sent_at=NOW)
    mail_to(SiteFactory())
    mail_to(site, "else@mail.example")
    assert told(site)["mails"] == [
        {"kind": "decision", "subject": "Hello", "created_at": NOW, "sent_at": NOW}
    ]


def test_a_subscription_is_told_with_its_comment_and_time(site: Site, comment: Comment) -> None:
    Comment.objects.update(author_verified=True)
    comment.refresh_from_db()
    subscriptions.subscribe(comment, SubscriptionChoice.REPLIES, language="en", now=NOW)
    made = Subscription.objects.get()
    (row,) = told(site)["subscriptions"]
    assert (row["comment"], row["since"]) == (made.comment_id, made.created_at)


def test_a_ban_of_another_kind_is_not_the_persons(site: Site, author: Author) -> None:
    digest = email_addresses.email_digest(EMAIL)
    Ban.objects.create(site=site, target=BanTarget.NETWORK, value=digest)
    assert told(site)["bans"] == []


def test_decisions_and_appeals_are_told_with_their_times(site: Site, comment: Comment) -> None:
    decision = DecisionFactory(comment=comment, verdict=Verdict.REJECT, reasoning="Rude")
    Appeal.objects.create(decision=decision, text="I object", submitted_at=NOW)
    Appeal.objects.create(decision=DecisionFactory(), text="Of others", submitted_at=NOW)
    (row,) = told(site)["comments"]
    decided = {"verdict": "REJECT", "decided_at": decision.decided_at, "reasoning": "Rude"}
    assert row["decisions"] == [decided]
    assert row["appeals"] == [{"text": "I object", "submitted_at": NOW}]
