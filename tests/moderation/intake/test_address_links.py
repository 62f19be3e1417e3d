"""Links about an email address: who is mailed, and what a confirmation or objection covers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from comments.models import Author, Comment, Site, Status, Subscriber, Subscription
from comments.privacy import email_addresses
from moderation.intake import confirm_address
from moderation.intake.confirm_address import ConfirmationNotSent
from moderation.models import Mail, MailKind, Screening, Suppression, SuppressionReason
from moderation.notifications.mail import outbox
from tests.factories import NOW, AuthorFactory, CommentFactory

pytestmark = pytest.mark.django_db
EMAIL = "ann@mail.example"
SENDERS = [confirm_address.send_person_link, confirm_address.send_confirmation]


@pytest.fixture
def author(site: Site) -> Author:
    return AuthorFactory(site=site, email=EMAIL)


def written(author: Author | None, site: Site, **changes: Any) -> Comment:
    fields = {"status": Status.HELD, "intake": {"form": "f"}, **changes}
    return CommentFactory(thread__site=site, author=author, author_name="Ann", **fields)


def ids(comments: Any) -> list[Any]:
    return [comment.pk for comment in comments]


# Mails.


@pytest.mark.parametrize(("page_language", "language"), [("de", "de"), ("", "en")])
def test_the_link_to_ones_data_is_mailed_to_the_author(
    site: Site, author: Author, page_language: str, language: str
) -> None:
    confirm_address.send_person_link(written(author, site, page_language=page_language), now=NOW)
    mail = Mail.objects.get()
    assert (mail.kind, mail.site, mail.created_at) == (MailKind.PERSON, site, NOW)
    assert email_addresses.decrypt(mail.recipient) == EMAIL
    assert mail.language.startswith(language)
    assert "/email/person/" in mail.text


def test_a_comment_without_an_address_has_no_link_to_ones_data(site: Site) -> None:
    with pytest.raises(ConfirmationNotSent, match="without an email address"):
        confirm_address.send_person_link(written(None, site), now=NOW)


def test_an_address_that_no_key_decrypts_any_more_is_not_written_to(
    site: Site, author: Author
) -> None:
    author.email_encrypted = "of a key that is gone"
    with pytest.raises(ConfirmationNotSent, match="without an email address"):
        confirm_address.send_person_link(written(author, site), now=NOW)


@pytest.mark.parametrize("send", SENDERS)
def test_nothing_is_mailed_to_a_suppressed_address(
    site: Site, author: Author, send: Callable[..., None]
) -> None:
    outbox.suppress(EMAIL, SuppressionReason.OBJECTION, now=NOW)
    with pytest.raises(ConfirmationNotSent, match="its owner wants none"):
        send(written(author, site), now=NOW)
    assert not Mail.objects.exists()


@pytest.mark.parametrize("send", SENDERS)
def test_a_second_mail_must_wait(site: Site, author: Author, send: Callable[..., None]) -> None:
    comment = written(author, site)
    send(comment, now=NOW)
    with pytest.raises(ConfirmationNotSent, match="a short while ago"):
        send(comment, now=NOW + timedelta(seconds=1))
    assert Mail.objects.count() == 1


# Which comments can be confirmed.


def test_unconfirmed_comments_are_listed_the_newest_first(site: Site, author: Author) -> None:
    comments = [written(author, site, status=status) for status in (Status.HELD, Status.APPROVED)]
    server = written(author, site, intake={"vouched_by": "a key"})
    assert ids(confirm_address.unconfirmed(author)) == ids([server, *comments[::-1]])


def test_verified_refused_imported_and_foreign_comments_cannot_be_confirmed(
    site: Site, author: Author
) -> None:
    written(author, site, author_verified=True)
    for status in (Status.SPAM, Status.DELETED):
        written(author, site, status=status)
    written(author, site, intake={"imported_from": "disqus"})
    written(AuthorFactory(site=site), site)
    assert not confirm_address.unconfirmed(author)


def test_the_number_of_comments_that_can_be_confirmed_is_limited(
    site: Site, author: Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirm_address, "MAX_COMMENTS", 1)
    _, newer = written(author, site), written(author, site)
    assert ids(confirm_address.unconfirmed(author)) == [newer.pk]


# Confirming.


def test_a_confirmation_covers_the_chosen_comments_alone(site: Site, author: Author) -> None:
    chosen, other = written(author, site), written(author, site)
    foreign = written(AuthorFactory(site=site), site)
    confirm_address.confirm(author, [chosen.pk, foreign.pk], now=NOW)
    verified = Comment.objects.filter(author_verified=True)
    assert list(verified) == [chosen]
    assert other.author_verified is False
    verified_authors = Author.objects.exclude(verified_at=None)
    assert list(verified_authors.values_list("pk", "verified_at")) == [(author.pk, NOW)]


def test_held_and_pending_comments_are_screened_again(site: Site, author: Author) -> None:
    statuses = (Status.HELD, Status.PENDING, Status.APPROVED, Status.REJECTED)
    comments = [written(author, site, status=status) for status in statuses]
    confirm_address.confirm(author, ids(comments), now=NOW)
    assert set(Screening.objects.values_list("comment", flat=True)) == set(ids(comments[:2]))


def test_a_confirmation_confirms_the_subscriptions_of_the_author(
    site: Site, author: Author
) -> None:
    mine, foreign = (
        Subscriber.objects.create(author=who, language="en", asked_at=NOW)
        for who in (author, AuthorFactory(site=site))
    )
    confirm_address.confirm(author, [], now=NOW)
    confirmed = dict(Subscriber.objects.values_list("pk", "confirmed_at"))
    assert confirmed == {mine.pk: NOW, foreign.pk: None}


# Objecting.


def object_to(author: Author, *comments: Comment, never_again: bool = False) -> None:
    confirm_address.detach_address(author, ids(comments), never_again=never_again, now=NOW)


def test_the_address_is_detached_from_the_chosen_comments_alone(site: Site, author: Author) -> None:
    chosen, kept = written(author, site, status=Status.APPROVED), written(author, site)
    foreign = written(AuthorFactory(site=site), site)
    object_to(author, chosen, foreign)
    assert list(Comment.objects.filter(author=None)) == [chosen]
    chosen.refresh_from_db()
    assert chosen.status == Status.APPROVED
    assert list(author.comments.all()) == [kept]
    assert Author.objects.filter(pk=author.pk).exists()


def test_an_author_without_comments_is_deleted(site: Site, author: Author) -> None:
    object_to(author, written(author, site))
    assert not Author.objects.exists()


def test_the_authors_own_subscriptions_to_detached_comments_end(site: Site, author: Author) -> None:
    mine, foreign = (
        Subscriber.objects.create(author=who, language="en", asked_at=NOW)
        for who in (author, AuthorFactory(site=site))
    )
    detached, kept = written(author, site), written(author, site)
    for subscriber, comment in ((mine, detached), (mine, kept), (foreign, detached)):
        Subscription.objects.create(
            subscriber=subscriber, thread=comment.thread, comment=comment, created_at=NOW
        )
    object_to(author, detached)
    left = set(Subscription.objects.values_list("subscriber", "comment"))
    assert left == {(mine.pk, kept.pk), (foreign.pk, detached.pk)}


@pytest.mark.parametrize("never_again", [True, False])
def test_an_objection_suppresses_the_address_if_asked_for(
    site: Site, author: Author, never_again: bool
) -> None:
    object_to(author, written(author, site), never_again=never_again)
    assert outbox.is_suppressed(EMAIL) is never_again
    reasons = list(Suppression.objects.values_list("reason", "created_at"))
    assert reasons == ([(SuppressionReason.OBJECTION, NOW)] if never_again else [])
