"""Authors are notified of decisions: where the site notifies all of them, or they subscribed."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from comments.models import Comment, Site, Status
from moderation.notifications.mail import outbox
from moderation.review.queue import bulk_worker
from tests.conftest import Api
from tests.factories import PolicyFactory
from tests.flows.test_life_of_a_comment import decide
from tests.mailbox import link, press, screened, sent
from tests.submissions import EMAIL, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(site: Site) -> None:
    PolicyFactory(site=site, tell_authors=True)


def own(reader: Api, **changes: Any) -> Comment:
    """Return a comment whose author has confirmed the address."""
    comment = screened(post(reader, **changes))
    Comment.objects.filter(pk=comment.pk).update(author_verified=True)
    return comment


def later() -> Any:
    return timezone.now() + timedelta(seconds=21)


def test_the_author_of_a_held_comment_is_notified_when_it_is_published(
    reader: Api, review: Api, told: None
) -> None:
    decide(review, own(reader, body="What an idiot."), "APPROVE")
    assert sent() == []
    (message,) = sent(now=later())
    assert message.to == [EMAIL]
    assert message.subject.endswith("is published")


def test_the_author_of_a_refused_comment_is_notified_why_and_how_to_appeal(
    reader: Api, review: Api, told: None
) -> None:
    decide(review, own(reader), "REJECT", reasoning="This is about ferries.")
    (message,) = sent(now=later())
    assert "This is about ferries." in message.body
    assert "you can appeal" in message.body
    assert "Was that wrong?" in Client().get(link(message, "status")).content.decode()


def test_a_decision_that_is_undone_within_the_undo_window_is_not_announced(
    reader: Api, review: Api, told: None
) -> None:
    decision = decide(review, own(reader), "REJECT").json()
    review.post(f"decisions/{decision['id']}/undo")
    assert sent(now=later()) == []


def test_of_two_decisions_within_the_undo_window_the_last_is_announced(
    reader: Api, review: Api, told: None
) -> None:
    comment = own(reader, body="What an idiot.")
    decide(review, comment, "REJECT")
    decide(review, comment, "APPROVE")
    assert [message.subject[-12:] for message in sent(now=later())] == ["is published"]


def test_nothing_is_sent_to_an_unverified_address(reader: Api, review: Api, told: None) -> None:
    decide(review, screened(post(reader)), "REJECT")
    assert sent(now=later()) == []


def test_nobodys_mailbox_is_filled_by_a_ban(reader: Api, review: Api, told: None) -> None:
    comments = [own(reader, body=f"Ferry number {n}.") for n in range(7)]
    ban = {"reason": "Ferries", "retroactive": True}
    job = review.post(f"authors/{comments[0].author_id}/ban", ban).json()["job"]
    bulk_worker.run(job, now=timezone.now())
    assert Comment.objects.filter(status=Status.REJECTED).count() == 7
    assert len(sent(now=later())) == outbox.MOST_ALIKE


def test_an_author_who_was_notified_of_a_refusal_is_notified_when_it_is_reversed(
    reader: Api, review: Api, told: None
) -> None:
    comments = [own(reader, body=f"Ferry number {n}.") for n in range(outbox.MOST_ALIKE)]
    for comment in comments:
        decide(review, comment, "REJECT")
    sent(now=later())
    decide(review, comments[0], "APPROVE")
    (message,) = sent(now=later())
    assert message.subject.endswith("is published")


def test_the_author_of_spam_is_not_notified(reader: Api, review: Api, told: None) -> None:
    decide(review, own(reader), "SPAM")
    assert sent(now=later()) == []


def test_a_subscribed_author_is_notified_where_the_site_notifies_no_others(
    reader: Api, review: Api
) -> None:
    comment = screened(post(reader, notify="replies"))
    press(link(sent()[0], "email/confirm"), "confirm", comment=[str(comment.pk)])
    decide(review, comment, "REJECT")
    assert len(sent(now=later())) == 1


def test_where_the_site_tells_nobody_nobody_else_is(reader: Api, review: Api) -> None:
    decide(review, own(reader), "REJECT")
    assert sent(now=later()) == []


def test_authors_are_not_notified_of_their_own_actions(reader: Api, told: None) -> None:
    answer = post(reader)
    comment = screened(answer)
    Comment.objects.update(author_verified=True)
    tokens = {"X-Edit-Token": answer.json()["edit_token"]}
    assert reader.delete(f"comments/{comment.pk}", headers=tokens).status_code == 204
    assert sent(now=later()) == []
