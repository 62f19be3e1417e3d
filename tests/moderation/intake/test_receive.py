"""The way in: what is kept of a comment, whose it is, and what its author may do later."""

from datetime import timedelta

import pytest
from django.db import transaction

from comments.models import Author, Comment, Site, Status, Subscription, Thread, User
from comments.privacy import email_addresses
from comments.text.markdown import render
from comments.threads.subscriptions import SubscriptionChoice
from comments.threads.threads import PageReference
from moderation.decisions.decide import decide_one
from moderation.decisions.proposals import AlreadySettled
from moderation.intake import changes, receive
from moderation.intake.changes import EditWindowOver
from moderation.intake.refusals import PageForeign, ParentUnknown, Paused, ThreadClosed, TooDeep
from moderation.intake.submission import Submission
from moderation.models import DecisionSource, Event, Screening, SectionRules, Webhook
from moderation.rules.verdicts import Verdict
from moderation.screening import tasks
from tests.decided import rule
from tests.factories import (
    NOW,
    CommentFactory,
    SiteFactory,
    SiteKeyFactory,
    ThreadFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
EMAIL = "ann@mail.example"
LATER = NOW + timedelta(minutes=5)


def take(site: Site, *, now=NOW, **fields: object) -> Comment:
    fields = {"page": PageReference(key="a"), "body": "Hello *there*.", **fields}
    return receive.receive(Submission(**fields), site=site, now=now)


@pytest.fixture
def enqueued(monkeypatch: pytest.MonkeyPatch) -> list:
    ids: list = []
    monkeypatch.setattr(tasks, "enqueue_screening", ids.append)
    return ids


def test_a_paused_path_takes_no_first_comment_on_a_page_told_by_the_sites_own_key() -> None:
    site = SiteFactory(origins=["https://news.example"])
    SectionRules.objects.create(site=site, kind="prefix", value="/live/", paused=True)
    with pytest.raises(Paused), transaction.atomic():
        take(site, page=PageReference(key="a", url="https://news.example/live/a"))
    take(site, page=PageReference(key="b", url="https://news.example/quiet/b"))
    # The site's own server says where its pages are.
    named = PageReference(key="c", url="https://news.example/quiet/c")
    receive.receive(Submission(page=named, body="Hello."), site=site, now=NOW, limited=False)
    take(site, page=PageReference(key="c", url="https://news.example/live/c"))


def test_what_was_sent_is_kept(site: Site) -> None:
    fields = {
        "author_name": "Ann",
        "author_url": "https://ann.example",
        "language": "de",
        "address": "198.51.100.1",
        "user_agent": "b" * 301,
        "intake": {"form": {"state": "valid"}},
    }
    comment = Comment.objects.get(pk=take(site, **fields).pk)
    assert (comment.site, comment.thread.key, comment.status) == (site, "a", Status.PENDING)
    assert (comment.author_name, comment.author_url) == ("Ann", "https://ann.example")
    assert (comment.body, comment.body_html) == ("Hello *there*.", render("Hello *there*."))
    assert (comment.page_language, comment.user_agent) == ("de", "b" * 300)
    assert (comment.created_at, comment.intake) == (NOW, {**fields["intake"], "page": {}})
    assert comment.address_digest == email_addresses.address_digest("198.51.100.1")
    assert comment.network_digest == email_addresses.network_digest("198.51.100.1")


def test_it_waits_for_its_screening_and_is_told(
    webhook: Webhook, site: Site, enqueued: list
) -> None:
    comment = take(site)
    assert Screening.objects.unclaimed().get().comment == comment
    assert enqueued == [comment.pk]
    event = Event.objects.get()
    assert (event.type, event.comment, event.created_at) == ("comment.received", comment, NOW)


PAGE = PageReference(key="k", url="https://gazette.example/k", title="A title")


def names(thread: Thread) -> tuple[str, str]:
    thread.refresh_from_db()
    return thread.url, thread.title


def publish(comment: Comment, *, verdict: Verdict = Verdict.APPROVE) -> None:
    decide_one(rule(comment, verdict, UserFactory()), now=LATER)


def test_the_page_is_known_by_its_key(site: Site) -> None:
    thread = take(site, page=PAGE).thread
    assert (thread.key, thread.created_at) == ("k", NOW)
    assert take(site, page=PAGE).thread == thread


def test_what_a_reader_calls_the_page_counts_once_the_comment_is_public(site: Site) -> None:
    comment = take(site, page=PAGE)
    assert names(comment.thread) == ("", "")
    publish(comment)
    assert names(comment.thread) == (PAGE.url, PAGE.title)


@pytest.mark.parametrize("verdict", [Verdict.SPAM, Verdict.REJECT, Verdict.HOLD])
def test_what_a_comment_that_is_not_public_calls_the_page_counts_never(
    site: Site, verdict: Verdict
) -> None:
    comment = take(site, page=PAGE)
    publish(comment, verdict=verdict)
    assert names(comment.thread) == ("", "")


def test_the_latest_public_comment_names_the_page(site: Site) -> None:
    moved = PageReference(key="k", url="https://gazette.example/moved", title="Moved")
    first, second = take(site, page=PAGE), take(site, page=moved, now=LATER)
    publish(second)
    publish(first)
    assert names(first.thread) == (moved.url, moved.title)


def test_a_foreign_address_is_never_the_pages(site: Site) -> None:
    comment = take(site, page=PageReference(key="k", url="https://evil.example/login", title="A"))
    publish(comment)
    assert names(comment.thread) == ("", "A")


def test_what_the_sites_own_server_says_counts_at_once_and_stays(site: Site) -> None:
    vouched = Submission(page=PAGE, body="From the server.")
    thread = receive.receive(vouched, site=site, now=NOW, limited=False).thread
    assert names(thread) == (PAGE.url, PAGE.title)
    publish(take(site, page=PageReference(key="k", title="Another"), now=LATER))
    assert names(thread) == (PAGE.url, PAGE.title)


def test_a_foreign_address_makes_no_thread(site: Site) -> None:
    with pytest.raises(PageForeign, match="tell its owner"), transaction.atomic():
        take(site, page=PageReference(url="https://evil.example/"))
    assert not Thread.objects.exists()


def test_a_site_without_origins_takes_comments_on_any_page(site: Site) -> None:
    site.origins = []
    assert take(site, page=PageReference(url="https://a.example/")).thread.url


def test_a_closed_page_takes_nothing(site: Site) -> None:
    ThreadFactory(site=site, url="https://a.example/", closed_at=NOW)
    with pytest.raises(ThreadClosed, match="no more replies"):
        take(site, page=PageReference(url="https://a.example/"))


# Replies.


def test_a_reply_knows_its_parent_its_root_and_its_depth(site: Site) -> None:
    root = CommentFactory(thread=ThreadFactory(site=site))
    page = PageReference(url=root.thread.url)
    first = take(site, page=page, parent=root.pk)
    Comment.objects.update(status=Status.APPROVED)
    second = take(site, page=page, parent=first.pk)
    assert (first.parent, first.root, first.depth) == (root, root, 1)
    assert (second.parent, second.root, second.depth) == (first, root, 2)


def test_what_is_no_reply_has_no_parent(site: Site) -> None:
    comment = take(site)
    assert (comment.parent, comment.root, comment.depth) == (None, None, 0)


def test_a_parent_on_another_page_is_unknown(site: Site) -> None:
    parent = CommentFactory(thread__site=site)
    with pytest.raises(ParentUnknown, match="no such comment on this page"):
        take(site, parent=parent.pk)


@pytest.mark.parametrize(("depth", "is_taken"), [(3, True), (4, False)])
def test_replies_go_as_deep_as_the_site_says(site: Site, depth: int, is_taken: bool) -> None:
    parent = CommentFactory(thread=ThreadFactory(site=site), depth=depth)
    page = PageReference(url=parent.thread.url)
    if is_taken:
        assert take(site, page=page, parent=parent.pk).depth == 4
        return
    with pytest.raises(TooDeep, match="go 4 deep here"):
        take(site, page=page, parent=parent.pk)


# Whose it is.


def test_an_author_is_kept_encrypted_and_known_again_at_the_same_site(site: Site) -> None:
    first = take(site, author_email=EMAIL, author_name="Ann").author
    assert first is not None
    assert email_addresses.decrypt(first.email_encrypted) == EMAIL
    assert (first.site, first.name, first.first_seen_at) == (site, "Ann", NOW)
    again = take(site, author_email=EMAIL.upper(), author_name="Ann R.").author
    elsewhere = take(SiteFactory(), author_email=EMAIL, author_name="Ann").author
    assert again == first
    assert elsewhere != first
    first.refresh_from_db()
    assert first.name == "Ann R."


def test_a_new_name_changes_no_other_author(site: Site) -> None:
    take(site, author_email="bob@mail.example", author_name="Bob")
    for name in ("Ann", "Ann R."):
        take(site, author_email=EMAIL, author_name=name)
    assert set(Author.objects.values_list("name", flat=True)) == {"Bob", "Ann R."}


def test_without_an_address_there_is_no_author(site: Site) -> None:
    comment = take(site, author_name="Ann", verified=True)
    assert (comment.author, comment.author_verified) == (None, False)


def test_a_typed_address_is_nobodys_until_it_is_shown_to_be(site: Site) -> None:
    comment = take(site, author_email=EMAIL)
    assert comment.author_verified is False
    assert comment.author is not None
    assert comment.author.verified_at is None


def test_an_address_that_is_known_is_verified_from_then_on(site: Site) -> None:
    comment = take(site, author_email=EMAIL, verified=True)
    take(site, author_email=EMAIL, verified=True, now=LATER)
    assert comment.author_verified is True
    assert Author.objects.get().verified_at == NOW


def test_the_browser_of_a_confirmed_comment_is_its_authors(site: Site) -> None:
    known = take(site, author_email=EMAIL, verified=True)
    assert take(site, author_email=EMAIL, own_comments=[known.pk]).author_verified is True


@pytest.mark.parametrize("whose", ["an unconfirmed comment", "another author"])
def test_the_browser_of_anything_else_is_not(site: Site, whose: str) -> None:
    known = take(
        site,
        author_email=EMAIL if whose == "an unconfirmed comment" else "bob@mail.example",
        verified=whose == "another author",
    )
    take(site, author_email=EMAIL, verified=True)
    assert take(site, author_email=EMAIL, own_comments=[known.pk]).author_verified is False


@pytest.mark.parametrize(
    ("offers", "wants", "is_kept"),
    [
        (True, SubscriptionChoice.THREAD, True),
        (True, SubscriptionChoice.NOTHING, False),
        (False, SubscriptionChoice.THREAD, False),
    ],
)
def test_mail_is_asked_for_where_the_site_offers_it(
    site: Site, offers: bool, wants: SubscriptionChoice, is_kept: bool
) -> None:
    site.notify = offers
    take(site, author_email=EMAIL, notify=wants, language="de")
    assert Subscription.objects.exists() is is_kept


# What its author does later.


def test_a_new_text_is_screened_at_once(site: Site, enqueued: list) -> None:
    comment = CommentFactory(thread__site=site, created_at=NOW)
    revised = changes.edit(comment, body="Another text.", now=LATER)
    assert (revised.body, revised.edited_at, revised.status) == (
        "Another text.",
        LATER,
        Status.PENDING,
    )
    assert enqueued == [comment.pk]


def test_the_same_text_is_no_edit(site: Site, enqueued: list) -> None:
    comment = CommentFactory(thread__site=site, created_at=NOW)
    assert changes.edit(comment, body=comment.body, now=LATER).revision == 1
    assert enqueued == []


@pytest.mark.parametrize(("minutes", "is_taken"), [(15, True), (15.1, False)])
def test_a_text_is_changed_in_the_sites_time_to_edit(
    site: Site, minutes: float, is_taken: bool
) -> None:
    comment = CommentFactory(thread__site=site, created_at=NOW)
    now = NOW + timedelta(minutes=minutes)
    if is_taken:
        assert changes.edit(comment, body="Another text.", now=now).revision == 2
        return
    with pytest.raises(EditWindowOver, match="changed any more"):
        changes.edit(comment, body="Another text.", now=now)


@pytest.mark.parametrize("status", [Status.REJECTED, Status.SPAM, Status.DELETED])
def test_what_was_refused_is_not_changed(site: Site, status: Status) -> None:
    comment = CommentFactory(thread__site=site, created_at=NOW, status=status)
    with pytest.raises(EditWindowOver):
        changes.edit(comment, body="Another text.", now=NOW)


def test_an_author_takes_a_comment_back(site: Site) -> None:
    comment = CommentFactory(thread__site=site, revision=2)
    decision = changes.withdraw(comment, now=LATER)
    assert (decision.verdict, decision.source) == (Verdict.DELETE, DecisionSource.AUTHOR)
    assert (decision.revision, decision.decided_at) == (2, LATER)


# What the site's own software does.


@pytest.mark.parametrize("status", [Status.APPROVED, Status.REJECTED, Status.SPAM])
def test_the_site_corrects_a_text_at_any_time(site: Site, status: Status, enqueued: list) -> None:
    comment = CommentFactory(thread__site=site, created_at=NOW, status=status)
    revised = changes.replace_text(
        comment,
        body="Another text.",
        key=SiteKeyFactory(site=comment.site),
        now=NOW + timedelta(days=99),
    )
    assert (revised.body, revised.edited_at) == ("Another text.", NOW + timedelta(days=99))
    assert enqueued == [comment.pk]


def test_the_site_does_not_correct_what_is_deleted(site: Site) -> None:
    comment = CommentFactory(thread__site=site, status=Status.DELETED)
    with pytest.raises(EditWindowOver, match="deleted"):
        changes.replace_text(
            comment, body="Another text.", key=SiteKeyFactory(site=comment.site), now=NOW
        )


def test_the_site_decides_with_a_reason(site: Site) -> None:
    comment = CommentFactory(thread__site=site, revision=2)
    decision = changes.decide_for_site(
        comment,
        Verdict.REJECT,
        key=SiteKeyFactory(site=comment.site),
        now=LATER,
        reasoning="Off topic.",
    )
    assert (decision.verdict, decision.source) == (Verdict.REJECT, DecisionSource.SITE)
    assert (decision.revision, decision.decided_at) == (2, LATER)
    assert decision.reasoning == "Off topic."


def test_the_site_does_not_override_a_moderator(site: Site, moderator: User) -> None:
    comment = CommentFactory(thread__site=site)
    decide_one(rule(comment, Verdict.APPROVE, moderator), now=NOW)
    with pytest.raises(AlreadySettled):
        changes.decide_for_site(
            comment, Verdict.REJECT, key=SiteKeyFactory(site=comment.site), now=LATER
        )
    assert Thread.objects.get().comments.get().status == Status.APPROVED
