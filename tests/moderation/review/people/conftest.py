"""Somebody whose comment left traces everywhere."""

import pytest

from comments.models import Author, Comment, Site, Status, Subscriber, Subscription
from comments.privacy import email_addresses
from comments.threads import subscriptions, voting
from comments.threads.subscriptions import SubscriptionChoice
from moderation.intake import changes
from moderation.models import Ban, Notification, ReportReason
from moderation.models.ban import BanTarget
from moderation.notifications.mail import digests as notifications
from moderation.review.people import bans, reports
from moderation.review.queue import actions
from moderation.screening import labels, screen
from tests.conftest import Api
from tests.factories import NOW, AuthorFactory, CommentFactory, MembershipFactory, SiteKeyFactory
from tests.moderation.review.people.person import AGENT, NAME, WEBSITE
from tests.submissions import EMAIL, post


@pytest.fixture
def written(site: Site, reader: Api) -> Comment:
    """A comment that left traces everywhere."""
    answer = post(
        reader,
        author_name=NAME,
        author_url=WEBSITE,
        body=f"Write to {EMAIL.upper()} if you agree, vile as it is.",
        author_email=EMAIL.upper(),
        notify="thread",
    )
    comment = Comment.objects.get(pk=answer.json()["id"])
    Comment.objects.filter(pk=comment.pk).update(user_agent=AGENT)
    changes.replace_text(
        comment,
        body=f"Write to {EMAIL} or see {WEBSITE} you viagra.",
        key=SiteKeyFactory(site=comment.site),
        now=NOW,
    )
    screen.screen(now=NOW)
    comment.refresh_from_db()
    moderator = MembershipFactory(site=site).user
    note = f"This is {EMAIL} again"
    ruling = actions.DecisionRequest(
        comment_id=comment.pk, revision=2, verdict="APPROVE", reasoning=note, private_notes=note
    )
    actions.decide_all([ruling], moderator=moderator, now=NOW)
    labels.store_labels([labels.labelled_comment(comment, {"SPAM": False})], site=site, now=NOW)
    actions.add_note(comment.author, text=f"{NAME} is kind", moderator=moderator, now=NOW)
    wanted = Ban(site=site, target=BanTarget.EMAIL, value=email_addresses.email_digest(EMAIL))
    bans.ban(wanted, moderator=moderator, now=NOW)
    _write_mails(comment)
    other = CommentFactory(thread=comment.thread)
    voter = voting.Voter(email_addresses.address_digest("127.0.0.1"))
    voting.vote(other, voter=voter, value=1, now=NOW)
    reports.report(other, reason=ReportReason.SPAM, text="", address="127.0.0.1", now=NOW)
    return comment


def _write_mails(comment: Comment) -> None:
    """Send a digest with the words of the person to somebody else."""
    Comment.objects.filter(pk=comment.pk).update(status=Status.APPROVED)
    other = CommentFactory(thread=comment.thread, author_verified=True)
    subscriptions.subscribe(other, SubscriptionChoice.THREAD, language="en", now=NOW)
    Subscriber.objects.filter(author=other.author).update(frequency="daily")
    subscription = Subscription.objects.get(subscriber__author=other.author)
    Notification.objects.create(
        subscriber=subscription.subscriber, subscription=subscription, comment=comment, due_at=NOW
    )
    assert notifications.compose(now=NOW)


@pytest.fixture
def author(site: Site) -> Author:
    return AuthorFactory(site=site, email=EMAIL)


@pytest.fixture
def comment(site: Site, author: Author) -> Comment:
    return CommentFactory(thread__site=site, author=author)
