"""Privacy requests: a person sees everything that is held, or is gone from everywhere."""

import json

import pytest
from django.apps import apps
from django.db import connection

from comments.models import Author, Comment, Site, Status, Subscriber, Subscription
from comments.privacy import email_addresses
from comments.threads import subscriptions, voting
from comments.threads.subscriptions import SubscriptionChoice
from moderation.intake import changes
from moderation.models import AuditAction, AuditEntry, Ban, Mail, Notification, Report, ReportReason
from moderation.models.ban import BanTarget
from moderation.notifications.mail import digests as notifications
from moderation.review.people import bans, data_requests, reports
from moderation.review.queue import actions
from moderation.screening import labels, screen
from tests.conftest import Api, server
from tests.factories import (
    NOW,
    AuthorFactory,
    CommentFactory,
    MembershipFactory,
    SiteKeyFactory,
    ThreadFactory,
)
from tests.moderation.management.test_commands import run, run_json
from tests.submissions import EMAIL, post

pytestmark = pytest.mark.django_db
NAME = "Annabella Reader"
WEBSITE = "https://annabella.example"
AGENT = "Annabella's Browser"


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


def traces(*needles: str) -> list[str]:
    """Return every cell of the database in which one of the needles is."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    text = str(value).lower()
                    found += [f"{table}.{name}: {n}" for n in needles if n.lower() in text]
    return found


def needles() -> list[str]:
    digests = [email_addresses.email_digest(EMAIL), email_addresses.address_digest("127.0.0.1")]
    return [EMAIL, NAME, WEBSITE, AGENT, *digests, email_addresses.network_digest("127.0.0.1")]


def test_everything_that_is_held_is_handed_out(site: Site, written: Comment) -> None:
    held = data_requests.export_person(site, EMAIL, now=NOW)
    told = json.dumps(held, default=str)
    assert held["email"] == EMAIL.upper()
    assert held["comments"][0]["id"] == written.pk
    assert all(text in told for text in (NAME, WEBSITE, AGENT, "vile as it is", "is kind"))


def test_of_a_stranger_nothing_is_held(site: Site, written: Comment) -> None:
    assert data_requests.export_person(site, "stranger@mail.example", now=NOW) == {}


@pytest.mark.parametrize("remove_text", [True, False])
def test_an_erased_person_is_nowhere_in_the_database(
    site: Site, written: Comment, remove_text: bool
) -> None:
    assert {trace.rsplit(": ", 1)[1] for trace in traces(*needles())} == set(needles())
    assert data_requests.erase_person(site, EMAIL, remove_text=remove_text, now=NOW) == 1
    kept = [WEBSITE] if not remove_text else []  # The text that stays has the link in it.
    assert [t for t in traces(*needles()) if not any(k in t for k in kept)] == []


def test_the_mails_that_told_of_the_person_are_gone(site: Site, written: Comment) -> None:
    assert Mail.objects.count() == 2
    data_requests.erase_person(site, EMAIL, remove_text=False, now=NOW)
    assert not Mail.objects.exists()


def test_texts_may_stay_without_an_author(site: Site, written: Comment) -> None:
    data_requests.erase_person(site, EMAIL, remove_text=False, now=NOW)
    written.refresh_from_db()
    assert written.status == Status.APPROVED
    assert written.body == f"Write to [removed] or see {WEBSITE} you viagra."
    assert (written.author, written.author_name) == (None, "")


def test_texts_may_go_as_well(site: Site, written: Comment) -> None:
    data_requests.erase_person(site, EMAIL, remove_text=True, now=NOW)
    written.refresh_from_db()
    assert (written.status, written.body, written.body_html) == (Status.DELETED, "", "")


def test_the_same_person_at_another_site_stays(site: Site, written: Comment) -> None:
    elsewhere = CommentFactory(author_name=NAME)
    Author.objects.filter(pk=elsewhere.author_id).update(
        email_digest=email_addresses.email_digest(EMAIL)
    )
    data_requests.erase_person(site, EMAIL, remove_text=True, now=NOW)
    elsewhere.refresh_from_db()
    assert (elsewhere.author_name, elsewhere.status) == (NAME, Status.APPROVED)


def test_other_peoples_comments_stay(site: Site, written: Comment) -> None:
    other = CommentFactory(thread=written.thread, parent=written)
    data_requests.erase_person(site, EMAIL, remove_text=True, now=NOW)
    other.refresh_from_db()
    assert (other.status, other.parent) == (Status.APPROVED, written)


def test_that_it_was_done_is_on_the_record_and_to_whom_is_not(site: Site, written: Comment) -> None:
    data_requests.erase_person(site, EMAIL, remove_text=True, now=NOW)
    entry = AuditEntry.objects.get(act=AuditAction.PERSON_ERASED)
    assert (entry.subject, entry.detail) == ("", {"comments": 1})


def test_that_it_was_handed_out_is_on_the_record(site: Site, written: Comment) -> None:
    user = MembershipFactory(site=site).user
    data_requests.export_person(site, EMAIL, now=NOW, by=user)
    entry = AuditEntry.objects.get(act=AuditAction.PERSON_EXPORTED)
    assert (entry.site, entry.by, entry.at) == (site, user, NOW)
    assert entry.subject == str(written.author_id)


def test_what_is_handed_out_has_each_part(site: Site, written: Comment) -> None:
    author = written.author
    assert author is not None
    other = CommentFactory(thread=written.thread)
    voter = voting.Voter(email_addresses.email_digest(EMAIL))
    voting.vote(other, voter=voter, value=1, now=NOW)
    held = data_requests.export_person(site, EMAIL, now=NOW)
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
    assert data_requests.export_person(CommentFactory().site, EMAIL, now=NOW) == {}


def test_bans_of_others_stay(site: Site, written: Comment) -> None:
    kept = Ban.objects.create(site=site, target=BanTarget.EMAIL, value="another")
    foreign = Ban.objects.create(
        site=CommentFactory().site,
        target=BanTarget.EMAIL,
        value=email_addresses.email_digest(EMAIL),
    )
    data_requests.erase_person(site, EMAIL, remove_text=False, now=NOW)
    assert set(Ban.objects.all()) == {kept, foreign}


def test_who_reported_is_forgotten_and_that_somebody_did_is_not(
    site: Site, written: Comment
) -> None:
    data_requests.erase_person(site, EMAIL, remove_text=False, now=NOW)
    assert Report.objects.get().reporter.startswith("erased ")


def test_what_somebody_reported_while_signed_on_is_not_theirs_any_more(site: Site) -> None:
    comment = CommentFactory(thread__site=site)
    given = {"reason": ReportReason.SPAM, "text": "", "address": "127.0.0.1", "now": NOW}
    reports.report(comment, identity=email_addresses.email_digest(EMAIL), **given)
    reports.report(comment, identity="somebody else", **given)
    data_requests.erase_person(site, EMAIL, remove_text=False, now=NOW)
    erased, kept = Report.objects.order_by("pk")
    assert erased.reporter.startswith("erased ")
    assert kept.reporter == "somebody else"


def test_readers_see_the_change_at_once(site: Site, written: Comment) -> None:
    before = written.thread.version
    data_requests.erase_person(site, EMAIL, remove_text=False, now=NOW)
    written.thread.refresh_from_db()
    assert written.thread.version > before


def test_many_comments_are_erased_piece_by_piece(site: Site) -> None:
    author = AuthorFactory(site=site, email=EMAIL)
    thread = ThreadFactory(site=site)
    for _ in range(3):
        CommentFactory(thread=thread, author=author, author_name=NAME)
    erased = data_requests.erase_person(site, EMAIL, remove_text=True, now=NOW)
    assert erased == 3
    assert not Comment.objects.exclude(author_name="", body="", status=Status.DELETED).exists()


# The doors.


def test_the_commands_export_and_erase(site: Site, written: Comment) -> None:
    assert run_json("export_person", site.slug, EMAIL)["names"] == [NAME]
    assert run_json("erase_person", site.slug, EMAIL, "--remove-text") == {"comments": 1}
    assert "[removed]" not in run("erase_person", site.slug, EMAIL)


def test_a_server_exports_and_erases(site: Site, written: Comment) -> None:
    api = server(site, "people")
    assert api.post("people/export", {"email": EMAIL}).json()["names"] == [NAME]
    assert api.post("people/erase", {"email": EMAIL}).json() == {"comments": 1}
    assert api.post("people/export", {"email": EMAIL}).status_code == 404


def test_a_server_of_another_site_erases_nothing(written: Comment) -> None:
    api = server(CommentFactory().site, "people")
    assert api.post("people/erase", {"email": EMAIL}).json() == {"comments": 0}
    assert Author.objects.filter(pk=written.author_id).exists()
