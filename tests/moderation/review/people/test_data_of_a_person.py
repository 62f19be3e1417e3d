"""What is told of a person, part by part, and which traces beside the comments go with them."""

from typing import Any

import pytest

from comments.models import Author, Comment, IdempotencyKey, Site, Subscription, Vote
from comments.privacy import email_addresses
from comments.threads import subscriptions
from comments.threads.subscriptions import SubscriptionChoice
from moderation.models import Appeal, AuditAction, AuditEntry, Ban, Event, Mail
from moderation.models.ban import BanTarget
from moderation.models.webhook import EventType
from moderation.review.people import data_requests
from moderation.rules.verdicts import Verdict
from tests.factories import (
    NOW,
    AuthorFactory,
    CommentFactory,
    DecisionFactory,
    MembershipFactory,
    SiteFactory,
)
from tests.submissions import EMAIL

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(site: Site) -> Author:
    return AuthorFactory(site=site, email=EMAIL)


@pytest.fixture
def comment(site: Site, author: Author) -> Comment:
    return CommentFactory(thread__site=site, author=author)


def mail_to(site: Site, address: str = EMAIL, **more: Any) -> Mail:
    digest = email_addresses.email_digest(address)
    times = {"created_at": NOW, "next_attempt_at": NOW}
    return Mail.objects.create(
        site=site, kind="decision", subject="Hello", recipient_digest=digest, **times, **more
    )


def told(site: Site) -> dict[str, Any]:
    return data_requests.export_person(site, EMAIL, now=NOW)


def erase(site: Site) -> None:
    data_requests.erase_person(site, EMAIL, remove_text=False, now=NOW)


def test_who_asked_for_nobody_is_on_the_record(site: Site) -> None:
    user = MembershipFactory(site=site).user
    assert data_requests.export_person(site, EMAIL, now=NOW, by=user) == {}
    entry = AuditEntry.objects.get(act=AuditAction.ADDRESS_SEARCHED)
    assert (entry.site, entry.by, entry.at, entry.detail) == (site, user, NOW, {"found": False})


def test_who_erased_is_on_the_record(site: Site, comment: Comment) -> None:
    user = MembershipFactory(site=site).user
    data_requests.erase_person(site, EMAIL, remove_text=False, now=NOW, by=user)
    entry = AuditEntry.objects.get(act=AuditAction.PERSON_ERASED)
    assert (entry.by, entry.detail) == (user, {"comments": 1})


def test_votes_at_another_site_are_not_told(site: Site, author: Author) -> None:
    elsewhere = CommentFactory(thread__site=SiteFactory())
    voter = email_addresses.email_digest(EMAIL)
    Vote.objects.create(comment=elsewhere, voter=voter, value=1, voted_at=NOW)
    assert told(site)["votes"] == []


def test_mails_are_told_and_erased_at_the_site_alone(site: Site, author: Author) -> None:
    mail_to(site, sent_at=NOW)
    others = [mail_to(SiteFactory()), mail_to(site, "else@mail.example")]
    assert told(site)["mails"] == [
        {"kind": "decision", "subject": "Hello", "created_at": NOW, "sent_at": NOW}
    ]
    erase(site)
    assert set(Mail.objects.all()) == set(others)


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


def test_the_address_goes_from_what_the_person_wrote_in_any_case(
    site: Site, comment: Comment
) -> None:
    Comment.objects.update(body=f"Ask {EMAIL.upper()}")
    decision = DecisionFactory(comment=comment, verdict=Verdict.REJECT)
    Appeal.objects.create(decision=decision, text=f"I am {EMAIL}", submitted_at=NOW)
    erase(site)
    comment.refresh_from_db()
    assert comment.body == "Ask [removed]"
    assert Appeal.objects.get().text == "I am [removed]"


def test_the_digests_of_addresses_go(site: Site, comment: Comment) -> None:
    Comment.objects.update(address_digest="a", network_digest="n")
    erase(site)
    comment.refresh_from_db()
    assert (comment.address_digest, comment.network_digest) == ("", "")


def test_of_the_events_only_which_comment_was_deleted_is_kept(site: Site, comment: Comment) -> None:
    data = {"comment": {"id": str(comment.pk), "author": {"email": EMAIL}}}
    for kind in (EventType.RECEIVED, EventType.DELETED):
        Event.objects.create(site=site, comment=comment, type=kind, data=data, created_at=NOW)
    erase(site)
    kept = Event.objects.get()
    assert (kept.type, kept.data) == (EventType.DELETED, {"comment": {"id": str(comment.pk)}})


def test_mails_about_the_comments_go_whoever_got_them(site: Site, comment: Comment) -> None:
    mail_to(site, "else@mail.example", comment=comment)
    erase(site)
    assert not Mail.objects.exists()


def test_the_stored_answer_to_the_post_goes(site: Site, comment: Comment) -> None:
    for created in (comment.pk, "another"):
        IdempotencyKey.objects.create(
            scope="x", key=str(created), fingerprint="f", status_code=201, created_id=str(created)
        )
    erase(site)
    assert IdempotencyKey.objects.get().created_id == "another"
