"""A person is erased, and gone from everywhere."""

import pytest
from django.apps import apps
from django.db import connection

from comments.models import Author, Comment, IdempotencyKey, Site, Status
from comments.models.comment import ANONYMOUS
from comments.privacy import email_addresses
from moderation.models import (
    Appeal,
    AuditAction,
    AuditEntry,
    Ban,
    Event,
    Mail,
    Report,
    ReportReason,
)
from moderation.models.ban import BanTarget
from moderation.models.webhook import EventType
from moderation.review.people import erasure, reports
from moderation.rules.verdicts import Verdict
from tests.factories import (
    NOW,
    AuthorFactory,
    CommentFactory,
    DecisionFactory,
    MembershipFactory,
    SiteFactory,
    ThreadFactory,
)
from tests.moderation.review.people.person import AGENT, NAME, WEBSITE, mail_to
from tests.submissions import EMAIL

pytestmark = pytest.mark.django_db


def erase(site: Site) -> None:
    erasure.erase_person(site, EMAIL, remove_text=False, now=NOW)


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


@pytest.mark.parametrize("remove_text", [True, False])
def test_an_erased_person_is_nowhere_in_the_database(
    site: Site, written: Comment, remove_text: bool
) -> None:
    assert {trace.rsplit(": ", 1)[1] for trace in traces(*needles())} == set(needles())
    assert erasure.erase_person(site, EMAIL, remove_text=remove_text, now=NOW) == 1
    kept = [WEBSITE] if not remove_text else []  # The text that stays has the link in it.
    assert [t for t in traces(*needles()) if not any(k in t for k in kept)] == []


def test_the_mails_that_told_of_the_person_are_gone(site: Site, written: Comment) -> None:
    assert Mail.objects.count() == 2
    erasure.erase_person(site, EMAIL, remove_text=False, now=NOW)
    assert not Mail.objects.exists()


def test_texts_may_stay_without_an_author(site: Site, written: Comment) -> None:
    erasure.erase_person(site, EMAIL, remove_text=False, now=NOW)
    written.refresh_from_db()
    assert written.status == Status.APPROVED
    assert written.body == f"Write to [removed] or see {WEBSITE} you viagra."
    assert (written.author, written.author_name) == (None, "")


def test_neither_a_badge_nor_a_drawn_picture_ties_the_comments_together(
    site: Site, written: Comment
) -> None:
    Comment.objects.update(badge_kind="custom", badge_label="Mayor", avatar_seed="0123456789ab")
    erasure.erase_person(site, EMAIL, remove_text=False, now=NOW)
    written.refresh_from_db()
    assert (written.badge.label, written.badge_kind, written.avatar_seed) == ("", "", "")


TELLING_NOTHING = {
    *("id", "site", "thread", "parent", "root", "depth", "page_language"),
    *("body", "body_html", "body_digest", "revision", "created_at", "edited_at"),
    *("status", "purged_at", "pinned_at", "featured", "up_votes", "down_votes", "best"),
    "author_verified",
}


def test_each_field_of_a_comment_is_erased_or_tells_nothing_of_the_writer() -> None:
    assert {field.name for field in Comment._meta.fields} == TELLING_NOTHING | set(ANONYMOUS)


def test_texts_may_go_as_well(site: Site, written: Comment) -> None:
    erasure.erase_person(site, EMAIL, remove_text=True, now=NOW)
    written.refresh_from_db()
    assert (written.status, written.body, written.body_html) == (Status.DELETED, "", "")


def test_the_same_person_at_another_site_stays(site: Site, written: Comment) -> None:
    elsewhere = CommentFactory(author_name=NAME)
    Author.objects.filter(pk=elsewhere.author_id).update(
        email_digest=email_addresses.email_digest(EMAIL)
    )
    erasure.erase_person(site, EMAIL, remove_text=True, now=NOW)
    elsewhere.refresh_from_db()
    assert (elsewhere.author_name, elsewhere.status) == (NAME, Status.APPROVED)


def test_other_peoples_comments_stay(site: Site, written: Comment) -> None:
    other = CommentFactory(thread=written.thread, parent=written)
    erasure.erase_person(site, EMAIL, remove_text=True, now=NOW)
    other.refresh_from_db()
    assert (other.status, other.parent) == (Status.APPROVED, written)


def test_that_it_was_done_is_on_the_record_and_to_whom_is_not(site: Site, written: Comment) -> None:
    erasure.erase_person(site, EMAIL, remove_text=True, now=NOW)
    entry = AuditEntry.objects.get(act=AuditAction.PERSON_ERASED)
    assert (entry.subject, entry.detail) == ("", {"comments": 1})


def test_bans_of_others_stay(site: Site, written: Comment) -> None:
    kept = Ban.objects.create(site=site, target=BanTarget.EMAIL, value="another")
    foreign = Ban.objects.create(
        site=CommentFactory().site,
        target=BanTarget.EMAIL,
        value=email_addresses.email_digest(EMAIL),
    )
    erasure.erase_person(site, EMAIL, remove_text=False, now=NOW)
    assert set(Ban.objects.all()) == {kept, foreign}


def test_who_reported_is_forgotten_and_that_somebody_did_is_not(
    site: Site, written: Comment
) -> None:
    erasure.erase_person(site, EMAIL, remove_text=False, now=NOW)
    assert Report.objects.get().reporter.startswith("erased ")


def test_what_somebody_reported_while_signed_on_is_not_theirs_any_more(site: Site) -> None:
    comment = CommentFactory(thread__site=site)
    given = {"reason": ReportReason.SPAM, "text": "", "address": "127.0.0.1", "now": NOW}
    reports.report(comment, identity=email_addresses.email_digest(EMAIL), **given)
    reports.report(comment, identity="somebody else", **given)
    erasure.erase_person(site, EMAIL, remove_text=False, now=NOW)
    erased, kept = Report.objects.order_by("pk")
    assert erased.reporter.startswith("erased ")
    assert kept.reporter == "somebody else"


def test_readers_see_the_change_at_once(site: Site, written: Comment) -> None:
    before = written.thread.version
    erasure.erase_person(site, EMAIL, remove_text=False, now=NOW)
    written.thread.refresh_from_db()
    assert written.thread.version > before


def test_many_comments_are_erased_piece_by_piece(site: Site) -> None:
    author = AuthorFactory(site=site, email=EMAIL)
    thread = ThreadFactory(site=site)
    for _ in range(3):
        CommentFactory(thread=thread, author=author, author_name=NAME)
    erased = erasure.erase_person(site, EMAIL, remove_text=True, now=NOW)
    assert erased == 3
    assert not Comment.objects.exclude(author_name="", body="", status=Status.DELETED).exists()


def test_who_erased_is_on_the_record(site: Site, comment: Comment) -> None:
    user = MembershipFactory(site=site).user
    erasure.erase_person(site, EMAIL, remove_text=False, now=NOW, by=user)
    entry = AuditEntry.objects.get(act=AuditAction.PERSON_ERASED)
    assert (entry.by, entry.detail) == (user, {"comments": 1})


def test_mails_to_the_person_go_at_the_site_alone(site: Site, author: Author) -> None:
    mail_to(site)
    others = [mail_to(SiteFactory()), mail_to(site, "else@mail.example")]
    erase(site)
    assert set(Mail.objects.all()) == set(others)


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
