"""`/status/{token}`: an author follows the own comment, without an account or JavaScript."""

import html
import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from comments.models import Author, Comment, Site, Status
from moderation.models import Appeal, AuditAction, AuditEntry, SuppressionReason
from moderation.notifications.mail import outbox
from moderation.review.people import appeals
from tests.conftest import Api
from tests.factories import CommentFactory, MembershipFactory
from tests.flows.test_life_of_a_comment import decide
from tests.mailbox import link, press, screened, sent
from tests.submissions import EMAIL, post

pytestmark = pytest.mark.django_db


class Writer:
    """Somebody who posted a comment and kept the status link."""

    def __init__(self, reader: Api, **changes: Any) -> None:
        answer = post(reader, **changes)
        self.path = answer.json()["status_url"].removeprefix("http://testserver")
        self.comment = screened(answer)

    def look(self) -> str:
        return html.unescape(Client().get(self.path).content.decode())

    def press(self, act: str, **data: Any) -> Any:
        answer = press(self.path, act, **data)
        self.comment.refresh_from_db()
        return answer


def test_a_new_comment_is_being_looked_at(reader: Api) -> None:
    path = post(reader).json()["status_url"].removeprefix("http://testserver")
    page = Client().get(path).content.decode()
    assert "It is being looked at" in page
    assert "Only you see it." in page


def test_a_published_comment_is_shown_with_where_it_stands(reader: Api) -> None:
    author = Writer(reader)
    assert "It is published" in author.look()
    assert f"#comment-{author.comment.pk}" in author.look()


def test_a_held_comment_waits_for_a_person(reader: Api) -> None:
    assert "It waits for a person" in Writer(reader, body="What an idiot.").look()


def test_a_refusal_by_the_rules_says_why_in_plain_words(reader: Api) -> None:
    page = Writer(reader, body="This is vile.").look()
    assert "It is not published" in page
    assert "Readers may find this hurtful." in page
    assert "without a person" in page


def test_a_refusal_by_a_person_says_what_the_person_wrote(reader: Api, review: Api) -> None:
    author = Writer(reader)
    decide(review, author.comment, "REJECT", reasoning="Please stay on the <ferry>.")
    assert "Please stay on the <ferry>." in author.look()
    assert "&lt;ferry&gt;" in Client().get(author.path).content.decode()


def test_spam_is_told_without_the_tricks_by_which_it_was_found(reader: Api) -> None:
    page = Writer(reader, body="viagra", side_remark="bot@mail.example").look()
    assert "It was taken for advertising." in page
    assert "field" not in page.split("<article")[0].split("<main")[1]


def test_the_page_is_private(reader: Api) -> None:
    answer = Client().get(Writer(reader).path)
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
    assert "http" not in answer.cookies
    assert EMAIL not in answer.content.decode()


def test_the_site_alone_may_show_it_in_a_frame(reader: Api, site: Site) -> None:
    answer = Client().get(Writer(reader).path)
    assert f"frame-ancestors 'self' {site.origins[0]}" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("token", ["x", "x:y:z", "0" * 200, "%00", "..", "é"])
def test_a_link_that_is_none_leads_nowhere(db: None, token: str) -> None:
    answer = Client().get(f"/status/{token}")
    assert answer.status_code == 404


# Changing and deleting.


def test_the_author_changes_the_text_and_it_is_looked_at_again(reader: Api) -> None:
    author = Writer(reader)
    assert author.press("edit", body="A better text.").status_code == 303
    assert (author.comment.body, author.comment.status) == ("A better text.", Status.PENDING)


def test_the_end_of_a_line_counts_as_one_character(reader: Api) -> None:
    author = Writer(reader)
    author.press("edit", body="\r\n".join("x" * 2500))
    assert author.comment.body == "\n".join("x" * 2500)


@pytest.mark.parametrize(("body", "told"), [("", "required"), ("x" * 5001, "5000")])
def test_a_text_that_can_not_be_is_shown_again_with_what_is_wrong(
    reader: Api, body: str, told: str
) -> None:
    author = Writer(reader)
    answer = author.press("edit", body=body)
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert body in answer.content.decode()
    assert author.comment.body != body


def test_a_change_that_leaves_nothing_to_read_is_refused(reader: Api) -> None:
    answer = Writer(reader).press("edit", body="&nbsp;")
    assert answer.status_code == 400
    assert "There is nothing to read in this comment." in answer.content.decode()


def test_when_the_time_is_over_nothing_is_changed(reader: Api) -> None:
    author = Writer(reader)
    Comment.objects.update(created_at=timezone.now() - timedelta(minutes=16))
    assert "Change it" not in author.look()
    answer = author.press("edit", body="Too late")
    assert "can’t be changed any more" in html.unescape(answer.content.decode())
    assert author.comment.revision == 1


def test_the_author_deletes_the_comment(reader: Api) -> None:
    author = Writer(reader)
    author.press("delete")
    assert author.comment.status == Status.DELETED
    assert "It is deleted" in author.look()


def test_opening_the_page_changes_nothing(reader: Api) -> None:
    author = Writer(reader)
    Client().get(author.path, {"act": "delete"})
    author.comment.refresh_from_db()
    assert author.comment.status == Status.APPROVED


def test_a_button_that_is_not_ours_does_nothing(reader: Api) -> None:
    assert Writer(reader).press("explode").status_code == 400


# Appealing.


def test_an_appeal_is_filed_once_and_its_state_shown(reader: Api, site: Site) -> None:
    author = Writer(reader, body="This is vile.")
    assert "Was that wrong?" in author.look()
    assert author.press("appeal", text="It was about the weather.").status_code == 303
    assert "Another person will look at it." in author.look()
    assert author.press("appeal", text="Again!").status_code == 400
    appeal = Appeal.objects.get()
    moderator = MembershipFactory(site=site).user
    appeals.uphold(appeal, moderator=moderator, reasoning="It is vile.", now=timezone.now())
    assert "agrees with the decision" in author.look()
    assert "It is vile." in author.look()


def test_an_appeal_that_was_right_is_told(reader: Api, site: Site) -> None:
    author = Writer(reader, body="This is vile.")
    author.press("appeal", text="No.")
    moderator = MembershipFactory(site=site).user
    appeal = Appeal.objects.get()
    appeals.overturn(appeal, moderator=moderator, reasoning="Right.", now=timezone.now())
    assert "you were right" in author.look()


def test_what_was_not_refused_is_not_appealed_for(reader: Api) -> None:
    author = Writer(reader)
    assert "Was that wrong?" not in author.look()
    assert author.press("appeal", text="Why?").status_code == 400


# Everything under the address.


def person_link(author: Writer) -> str:
    assert author.press("person").status_code == 303
    (message,) = sent()
    assert message.to == [EMAIL]
    return link(message, "email/person")


def test_a_person_takes_everything_along(reader: Api, site: Site) -> None:
    path = person_link(Writer(reader))
    answer = press(path, "export")
    assert answer["Content-Disposition"] == f'attachment; filename="{site.slug}.json"'
    told = json.loads(answer.content)
    assert told["email"] == EMAIL
    assert told["comments"][0]["text"] == "What a thoughtful article."
    assert AuditEntry.objects.filter(act=AuditAction.PERSON_EXPORTED).exists()


def test_a_person_is_erased_after_saying_that_they_are_sure(reader: Api) -> None:
    author = Writer(reader)
    path = person_link(author)
    assert press(path, "erase", texts="remove").status_code == 400
    assert Author.objects.exists()
    assert b"You are erased" in press(path, "erase", texts="remove", sure="1").content
    author.comment.refresh_from_db()
    assert (author.comment.body, author.comment.author) == ("", None)
    assert Client().get(path).status_code == 404
    assert "It is deleted" in author.look()


def test_the_texts_may_stay(reader: Api) -> None:
    author = Writer(reader)
    press(person_link(author), "erase", texts="keep", sure="1")
    author.comment.refresh_from_db()
    assert author.comment.body == "What a thoughtful article."


def test_the_link_is_good_for_a_day(reader: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    path = person_link(Writer(reader))
    assert Client().get(path).status_code == 200
    import time

    a_day_later = time.time() + 86_500
    monkeypatch.setattr(time, "time", lambda: a_day_later)
    page = Client().get(path)
    assert page.status_code == 410
    assert "ask for a new one" in page.content.decode()


def test_the_link_to_the_status_is_good_for_the_time_of_appeals(reader: Api) -> None:
    author = Writer(reader)
    for days, status in [(183, 200), (185, 410), (400, 410)]:
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            page = Client().get(author.path)
            assert page.status_code == status
            assert page.headers["Referrer-Policy"] == "no-referrer"
            deleting = Client().post(author.path, {"act": "delete"})
            assert deleting.status_code == (400 if status == 200 else 410)


@pytest.mark.parametrize(("act", "field"), [("edit", "body"), ("appeal", "text")])
def test_a_form_of_another_visitor_is_shown_again_and_loses_nothing(
    reader: Api, act: str, field: str
) -> None:
    author = Writer(reader, body="You spammy idiot." if act == "appeal" else "Fine.")
    Comment.objects.update(status="rejected" if act == "appeal" else "approved")
    token = form_token(author.path)
    sent = {"act": act, field: "What I typed.", "form_token": token}
    page = Client().post(author.path, sent, REMOTE_ADDR="203.0.113.9")
    assert page.status_code == 400
    assert "What I typed.</textarea>" in page.content.decode() or act == "appeal"
    assert "Please try again" in page.content.decode()
    author.comment.refresh_from_db()
    assert author.comment.revision == 1


def test_the_form_of_one_status_page_is_none_for_another(reader: Api) -> None:
    mine, other = Writer(reader), Writer(reader, body="Another one.")
    sent = {"act": "delete", "form_token": form_token(mine.path)}
    assert Client().post(other.path, sent).status_code == 400
    other.comment.refresh_from_db()
    assert other.comment.status != "deleted"


def form_token(path: str) -> str:
    page = Client().get(path).content.decode()
    return re.search(r'name="form_token" value="([^"]*)"', page)[1]


def test_no_more_than_a_few_such_mails_are_sent(reader: Api) -> None:
    author = Writer(reader)
    author.press("person")
    assert b"a short while ago" in author.press("person").content


def test_who_gets_no_mail_any_more_is_told_so(reader: Api) -> None:
    author = Writer(reader)
    outbox.suppress(EMAIL, SuppressionReason.BOUNCE, now=timezone.now())
    assert b"Ask the site" in author.press("person").content


def test_a_comment_without_an_address_offers_no_such_thing(reader: Api, site: Site) -> None:
    Site.objects.update(require_email=False)
    author = Writer(reader, author_email="")
    assert "Everything under your address" not in author.look()
    assert author.press("person").status_code == 400


def test_another_sites_comments_of_the_same_address_stay(reader: Api) -> None:
    author = Writer(reader)
    foreign = CommentFactory()
    Author.objects.filter(pk=foreign.author_id).update(
        email_digest=author.comment.author.email_digest
    )
    press(person_link(author), "erase", texts="remove", sure="1")
    foreign.refresh_from_db()
    assert foreign.status == Status.APPROVED


def test_the_page_speaks_the_readers_language(reader: Api) -> None:
    path = Writer(reader).path
    assert Client().get(path, headers={"Accept-Language": "ar"}).status_code == 200
