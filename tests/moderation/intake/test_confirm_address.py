"""A first comment's address is confirmed by its owner, before it counts."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone

from comments.accounts import single_sign_on
from comments.models import Author, Comment, Site, Status
from moderation.intake import confirm_address
from moderation.models import Mail, MailKind, Reviewable, Screening, Suppression
from moderation.screening import screen, tasks
from tests.conftest import Api
from tests.factories import NOW, CommentFactory, PolicyFactory
from tests.flows.test_life_of_a_comment import decide
from tests.mailbox import link, press, screened, sent
from tests.moderation.web.pages.test_thread import fields
from tests.submissions import EMAIL, post, submission

pytestmark = pytest.mark.django_db
PLACE = "email/confirm"


@pytest.fixture
def first(site: Site) -> None:
    PolicyFactory(site=site, confirm_email="first")


@pytest.fixture
def trust(site: Site) -> None:
    PolicyFactory(site=site, confirm_email="trust", trust_after=1)


def confirm(path: str, *comments: Comment) -> None:
    answer = press(path, "confirm", comment=[str(comment.pk) for comment in comments])
    assert b"Your address is confirmed" in answer.content


def again(comment: Comment) -> Comment:
    tasks.sweep()
    comment.refresh_from_db()
    return comment


def test_where_the_site_does_not_ask_no_mail_is_sent(reader: Api) -> None:
    assert screened(post(reader)).status == Status.APPROVED
    assert sent() == []


def test_a_first_comment_waits_for_its_writer_and_is_published_then(
    reader: Api, first: None
) -> None:
    comment = screened(post(reader))
    assert comment.status == Status.HELD
    (message,) = sent()
    assert message.to == [EMAIL]
    path = link(message, PLACE)
    page = Client().get(path)
    assert "What a thoughtful article." in page.content.decode()
    assert EMAIL not in page.content.decode()
    assert again(comment).status == Status.HELD  # Opening the link changes nothing.
    confirm(path, comment)
    assert again(comment).status == Status.APPROVED
    assert Author.objects.get().verified_at is not None


def test_a_link_that_has_been_used_says_so(reader: Api, first: None) -> None:
    comment = screened(post(reader))
    path = link(sent()[0], PLACE)
    confirm(path, comment)
    assert "nothing left to do" in Client().get(path).content.decode()


def test_a_comment_that_waits_for_its_writer_is_no_work_for_moderators(
    reader: Api, first: None
) -> None:
    screened(post(reader))
    assert not Reviewable.objects.exists()


def test_what_is_held_for_other_reasons_is_still_held_when_the_address_is_confirmed(
    reader: Api, first: None
) -> None:
    comment = screened(post(reader, body="What an idiot."))
    confirm(link(sent()[0], PLACE), comment)
    assert again(comment).status == Status.HELD
    assert Reviewable.objects.open().filter(comment=comment).exists()


def test_a_moderators_decision_outlasts_the_confirmation(
    reader: Api, review: Api, first: None
) -> None:
    comment = screened(post(reader))
    decide(review, comment, "REJECT")
    confirm(link(sent()[0], PLACE), comment)
    assert again(comment).status == Status.REJECTED


def test_the_next_comment_of_this_browser_goes_straight_through(reader: Api, first: None) -> None:
    answer = post(reader)
    comment = screened(answer)
    confirm(link(sent()[0], PLACE), comment)
    known = Api(reader.base, **{"X-Edit-Token": answer.json()["edit_token"]})
    assert screened(post(known, body="Another calm thought.")).status == Status.APPROVED
    assert sent() == []


def test_who_types_an_address_that_was_confirmed_is_asked_all_the_same(
    reader: Api, first: None
) -> None:
    comment = screened(post(reader))
    confirm(link(sent()[0], PLACE), comment)
    foreign = screened(post(reader, body="I am somebody else."))
    assert foreign.status == Status.HELD
    # Its owner has just followed a mail, so the next one need not wait.
    (message,) = sent()
    confirm(link(message, PLACE), foreign)
    assert again(foreign).status == Status.APPROVED


def test_a_cookieless_reader_is_asked_by_mail_each_time(site: Site, first: None) -> None:
    page, reader = f"/sites/{site.slug}/thread?key=an-article", Client()
    for body in ("The first one.", "Another one.", "And a third one."):
        with patch("moderation.screening.checks.form_token.find", return_value=[]):
            sending = {**fields(reader.get(page)), "author_name": "Ann", "author_email": EMAIL}
            reader.post(page, {**sending, "body": body})
            screen.sweep(now=timezone.now())
        comment = Comment.objects.get(body=body)
        assert comment.status == Status.HELD
        confirm(link(sent()[0], PLACE), comment)
        assert again(comment).status == Status.APPROVED


def test_spam_makes_us_write_to_nobody(reader: Api, first: None) -> None:
    screened(post(reader, body="viagra"))
    screened(post(reader, body="This is vile."))
    assert sent() == []


def test_nobody_can_fill_a_strangers_mailbox(reader: Api, first: None) -> None:
    for n in range(6):
        screened(post(reader, body=f"Calm comment number {n}."))
    assert len(sent()) == 1


def test_the_mail_is_sent_again_on_request_less_and_less_often(reader: Api, first: None) -> None:
    answer = post(reader)
    screened(answer)
    status = answer.json()["status_url"].removeprefix("http://testserver")
    assert b"a short while ago" in press(status, "confirm").content
    Mail.objects.update(created_at=timezone.now() - timedelta(minutes=6))
    assert press(status, "confirm").status_code == 303
    Mail.objects.update(created_at=timezone.now() - timedelta(minutes=6))
    assert b"a short while ago" in press(status, "confirm").content


def test_one_mail_confirms_all_that_waits_and_only_what_is_ones_own(
    reader: Api, first: None
) -> None:
    mine, foreign = (screened(post(reader, body=body)) for body in ("It is mine.", "It is not."))
    confirm(link(sent()[0], PLACE), mine)
    assert again(mine).status == Status.APPROVED
    foreign.refresh_from_db()
    assert (foreign.status, foreign.author_verified) == (Status.HELD, False)


def test_the_owner_of_an_address_disowns_what_somebody_else_wrote(reader: Api, first: None) -> None:
    comment = screened(post(reader, notify="replies"))
    path = link(sent()[0], PLACE)
    assert b"not connected with your address" in press(path, "disown", never_again="1").content
    comment.refresh_from_db()
    assert (comment.author, comment.status) == (None, Status.HELD)
    assert not Author.objects.exists()
    assert Suppression.objects.get().reason == "objection"


def test_a_link_that_was_tampered_with_confirms_nothing(reader: Api, first: None) -> None:
    comment = screened(post(reader))
    path = link(sent()[0], PLACE)
    assert press(path[:-2] + "xx", "confirm", comment=[str(comment.pk)]).status_code == 404
    assert press(f"/{PLACE}/{'x' * 40}", "confirm").status_code == 404
    assert again(comment).status == Status.HELD


def test_a_link_for_one_purpose_serves_no_other(reader: Api, first: None) -> None:
    answer = post(reader)
    screened(answer)
    token = answer.json()["status_url"].rsplit("/", 1)[1]
    assert Client().get(f"/{PLACE}/{token}").status_code == 404
    confirming = link(sent()[0], PLACE).rsplit("/", 1)[1]
    assert Client().get(f"/status/{confirming}").status_code == 404


# Before trust.


def test_before_trust_a_comment_is_published_and_its_writer_asked(reader: Api, trust: None) -> None:
    comment = screened(post(reader))
    assert comment.status == Status.APPROVED
    confirm(link(sent()[0], PLACE), comment)
    comment.refresh_from_db()
    assert comment.author_verified


def test_the_browser_whose_comment_was_confirmed_is_known_from_then_on(
    reader: Api, trust: None
) -> None:
    answer = post(reader)
    confirm(link((screened(answer), sent())[1][0], PLACE), Comment.objects.get())
    tokens = {"X-Edit-Token": answer.json()["edit_token"]}
    idiot = {"body": "What an idiot."}
    known = Api(reader.base, **tokens)
    assert screened(post(known, **idiot)).status == Status.APPROVED
    assert screened(post(reader, body="What an idiot, again.")).status == Status.HELD


def test_another_authors_edit_token_proves_nothing(reader: Api, trust: None) -> None:
    answer = post(reader, author_email="somebody.else@mail.example")
    confirm(link((screened(answer), sent())[1][0], PLACE), Comment.objects.get())
    known = Api(reader.base, **{"X-Edit-Token": answer.json()["edit_token"]})
    assert not screened(post(known)).author_verified


def test_a_reader_who_is_signed_on_is_asked_nothing(reader: Api, site: Site, first: None) -> None:
    person = single_sign_on.SignedOnReader("Ann", EMAIL)
    token = single_sign_on.issue_reader_token(person, site=site, now=timezone.now())
    assert screened(post(reader, reader_token=token)).status == Status.APPROVED
    assert sent() == []


def test_the_mail_is_in_the_language_of_the_page(reader: Api, first: None) -> None:
    screened(reader.post("comments?lang=de", submission(reader)))
    confirmation = Mail.objects.get(kind=MailKind.CONFIRM)
    assert confirmation.language == "de"
    assert '<html lang="de"' in confirmation.html


def test_nobody_has_us_deliver_a_message_to_a_stranger(reader: Api, first: None) -> None:
    thread = {"key": "an-article", "title": "BUY NOW"}
    screened(post(reader, thread=thread, author_name="BUY NOW", body="Please buy this, BUY NOW."))
    (message,) = sent()
    assert "BUY NOW" not in message.subject + message.body + message.alternatives[0].content


def test_no_address_is_in_the_headers_or_text_of_a_mail(reader: Api, first: None) -> None:
    screened(post(reader))
    (message,) = sent()
    assert EMAIL not in message.body + message.alternatives[0].content + message.subject


def test_confirming_screens_nobodys_else_comment_anew(site: Site) -> None:
    own, other = (CommentFactory(site=site, status=Status.HELD) for _ in range(2))
    confirm_address.confirm(own.author, [own.pk], now=NOW)
    assert not Screening.objects.filter(comment=other).exists()
