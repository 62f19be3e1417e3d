"""Subscribers are notified of replies: when confirmed, once, and until they unsubscribe."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from comments.models import Author, Comment, Site, Status, Subscriber, Subscription
from comments.threads.threads import merge
from moderation.models import Mail, Notification
from tests.conftest import Api, server
from tests.factories import CommentFactory, ThreadFactory
from tests.flows.test_life_of_a_comment import decide
from tests.mailbox import link, press, screened, sent
from tests.submissions import post

pytestmark = pytest.mark.django_db
ANN, BEN, EVE = "ann@mail.example", "ben@mail.example", "eve@mail.example"
GRACE = timedelta(seconds=21)


def write(reader: Api, email: str = BEN, **more: Any) -> Comment:
    body = more.pop("body", f"A calm thought, number {Comment.objects.count()}.")
    return screened(post(reader, author_email=email, author_name="Ben", body=body, **more))


def subscribed(reader: Api, wish: str = "replies", email: str = ANN) -> Comment:
    """Return the comment of a confirmed subscriber."""
    comment = write(reader, email, notify=wish)
    (message,) = [message for message in sent() if message.to == [email]]
    press(link(message, "email/confirm"), "confirm", comment=[str(comment.pk)])
    return comment


@pytest.fixture
def comment(reader: Api) -> Comment:
    return subscribed(reader)


def later(**passed: float) -> Any:
    return timezone.now() + timedelta(**passed)


# Who is told of what.


def test_a_reply_is_announced_when_it_is_published(reader: Api, comment: Comment) -> None:
    answer = write(reader, parent=str(comment.pk))
    (message,) = sent()
    assert message.to == [ANN]
    assert "Ben answered you" in message.body
    assert answer.body in message.body
    assert f"#comment-{answer.pk}" in message.body
    assert BEN not in message.body + message.alternatives[0].content + str(message.message())
    assert sent(now=later(days=1)) == []


def test_an_unconfirmed_subscriber_is_not_notified(reader: Api) -> None:
    comment = write(reader, ANN, notify="replies")
    sent()
    write(reader, parent=str(comment.pk))
    assert [message for message in sent() if message.to == [ANN]] == []


def test_one_confirmation_is_remembered(reader: Api, comment: Comment) -> None:
    second = write(reader, ANN, notify="replies")
    assert sent() == []
    write(reader, parent=str(second.pk))
    assert len(sent()) == 1


def test_a_subscriber_to_replies_is_notified_of_nothing_else(reader: Api, comment: Comment) -> None:
    write(reader)
    assert sent() == []


def test_a_subscriber_to_a_page_is_notified_of_all_its_comments(reader: Api) -> None:
    subscribed(reader, "thread")
    write(reader, parent=str(write(reader).pk))
    assert {message.to[0] for message in sent()} == {ANN}
    assert Mail.objects.filter(kind="reply").count() == 2


def test_nobody_is_notified_of_their_own_reply(reader: Api, comment: Comment) -> None:
    write(reader, ANN, parent=str(comment.pk))
    assert sent() == []


def test_who_subscribes_to_both_is_notified_once(reader: Api, comment: Comment) -> None:
    write(reader, ANN, notify="thread")
    write(reader, parent=str(comment.pk))
    assert len(sent()) == 1


def test_another_sites_comments_are_announced_to_nobody_here(reader: Api, comment: Comment) -> None:
    foreign = CommentFactory()
    assert not Subscription.objects.about([foreign]).exists()


def test_a_site_that_does_not_offer_it_takes_no_wishes(reader: Api, site: Site) -> None:
    Site.objects.update(notify=False)
    assert reader.get("form").json()["notify"] is False
    write(reader, ANN, notify="thread")
    assert not Subscriber.objects.exists()


def test_a_sites_server_passes_a_wish_on_and_its_reader_confirms_it(
    reader: Api, site: Site
) -> None:
    about = {"thread": {"key": "an-article"}, "author_name": "Ann", "lang": "fr"}
    sending = {**about, "author_email": ANN, "body": "A calm thought.", "notify": "replies"}
    comment = screened(server(site, "comments").post("comments", sending))
    assert comment.page_language == "fr"
    (message,) = sent()
    press(link(message, "email/confirm"), "confirm", comment=[str(comment.pk)])
    write(reader, parent=str(comment.pk))
    assert len(sent()) == 1


def test_a_wish_for_mail_needs_an_address(reader: Api) -> None:
    Site.objects.update(require_email=False)
    answer = post(reader, author_email="", notify="replies")
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "/author_email"
    assert error["detail"] == "To be sent mail, enter your email address."


def test_an_unknown_wish_is_refused(reader: Api) -> None:
    answer = post(reader, notify="everything")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/notify"


# When.


def test_a_held_reply_is_announced_when_it_is_published(
    reader: Api, review: Api, comment: Comment
) -> None:
    answer = write(reader, parent=str(comment.pk), body="What an idiot.")
    assert sent() == []
    decide(review, answer, "APPROVE")
    assert sent() == []  # A moderator's decision can be undone for a while.
    assert len(sent(now=later(seconds=21))) == 1


def test_what_a_moderator_undoes_within_the_undo_window_is_never_announced(
    reader: Api, review: Api, comment: Comment
) -> None:
    answer = write(reader, parent=str(comment.pk), body="What an idiot.")
    decision = decide(review, answer, "APPROVE").json()
    review.post(f"decisions/{decision['id']}/undo")
    assert sent(now=later(days=1)) == []


def test_a_reply_that_is_refused_before_the_message_is_composed_is_not_announced(
    reader: Api, review: Api, comment: Comment
) -> None:
    answer = write(reader, parent=str(comment.pk))
    decide(review, answer, "REJECT")
    assert sent(now=later(days=1)) == []


def test_a_reply_that_is_published_twice_is_announced_once(
    reader: Api, review: Api, comment: Comment
) -> None:
    answer = write(reader, parent=str(comment.pk))
    assert len(sent()) == 1
    for verdict in ("REJECT", "APPROVE"):
        decide(review, answer, verdict)
    assert sent(now=later(days=1)) == []


# A digest.


def test_who_wants_one_mail_a_day_gets_one_with_all_in_it(reader: Api, comment: Comment) -> None:
    Subscriber.objects.update(frequency="daily", last_digest_at=timezone.now())
    for _ in range(2):
        write(reader, parent=str(comment.pk))
    assert sent(now=later(hours=1)) == []
    (message,) = sent(now=later(hours=25))
    assert message.subject.startswith("2 new replies at ")
    assert message.body.count("A calm thought") == 2
    assert sent(now=later(hours=26)) == []


def test_many_answers_at_once_come_as_one_mail_to_everybody(reader: Api) -> None:
    subscribed(reader, "thread")
    for _ in range(5):
        write(reader)
    (message,) = sent()
    assert message.subject.startswith("5 new replies")


# Mail programs put together what belongs together.


def test_mails_stand_in_the_thread_in_which_the_comments_do(reader: Api) -> None:
    subscribed(reader, "thread")
    first = write(reader)
    (one,) = sent()
    write(reader, parent=str(first.pk))
    (two,) = sent()
    assert two.extra_headers["In-Reply-To"] == one.extra_headers["Message-ID"]
    assert one.extra_headers["Message-ID"] in two.extra_headers["References"]
    assert one.extra_headers["References"] in two.extra_headers["References"]
    assert one.subject == two.subject


def test_two_recipients_get_mails_of_two_ids(reader: Api) -> None:
    subscribed(reader, "thread")
    subscribed(reader, "thread", EVE)
    sent()
    write(reader)
    ids = {message.extra_headers["Message-ID"] for message in sent()}
    assert len(ids) == 2


# It ends.


def unsubscribe_link(reader: Api, comment: Comment) -> tuple[str, Any]:
    write(reader, parent=str(comment.pk))
    (message,) = sent()
    return link(message, "email/unsubscribe"), message


def test_one_click_in_the_mail_program_ends_it(reader: Api, comment: Comment) -> None:
    path, message = unsubscribe_link(reader, comment)
    assert message.extra_headers["List-Unsubscribe"] == f"<http://testserver{path}>"
    one_click = dict([message.extra_headers["List-Unsubscribe-Post"].split("=")])
    assert Client(enforce_csrf_checks=True).post(path, one_click).status_code == 200
    write(reader, parent=str(comment.pk))
    assert sent() == []


def test_opening_the_link_ends_nothing(reader: Api, comment: Comment) -> None:
    path, _ = unsubscribe_link(reader, comment)
    assert b"End this mail" in Client().get(path).content
    assert Subscription.objects.exists()


def test_a_person_ends_all_mail_of_a_site(reader: Api, comment: Comment) -> None:
    write(reader, ANN, notify="thread")
    path, _ = unsubscribe_link(reader, comment)
    assert b"It has ended" in press(path, "all").content
    assert not Subscription.objects.exists()


def test_a_person_gets_it_less_often(reader: Api, comment: Comment) -> None:
    path, _ = unsubscribe_link(reader, comment)
    assert b"one mail a day at most" in press(path, "daily").content
    assert Subscriber.objects.get().frequency == "daily"


def test_pending_notifications_end_with_the_subscription(reader: Api, comment: Comment) -> None:
    path, _ = unsubscribe_link(reader, comment)
    write(reader, parent=str(comment.pk))
    press(path, "this")
    assert sent() == []


def test_a_subscription_moves_with_its_thread(reader: Api, site: Site) -> None:
    old = subscribed(reader, "thread").thread
    other = ThreadFactory(site=site)
    merge(old, into=other)
    assert Subscription.objects.get().thread == other
    merge(other, into=other)


def test_with_a_person_go_the_subscriptions(reader: Api, comment: Comment) -> None:
    unsubscribe_link(reader, comment)
    Author.objects.filter(subscriber__isnull=False).delete()
    assert not Notification.objects.exists()


def test_hidden_answers_are_never_in_a_digest(reader: Api, comment: Comment) -> None:
    Subscriber.objects.update(frequency="daily", last_digest_at=timezone.now())
    write(reader, parent=str(comment.pk))
    Comment.objects.exclude(pk=comment.pk).update(status=Status.HELD)
    assert sent(now=later(hours=25)) == []
