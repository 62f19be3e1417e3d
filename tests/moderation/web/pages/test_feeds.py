"""Feeds, as feed readers see them."""

from datetime import timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from comments.models import Comment, Site, Status, Thread
from tests.factories import NOW, CommentFactory, ThreadFactory

ATOM, THREADING = "{http://www.w3.org/2005/Atom}", "{http://purl.org/syndication/thread/1.0}"
ADDRESS = "/sites/gazette/feed.atom"


@pytest.fixture
def thread(site: Site) -> Thread:
    return ThreadFactory(site=site, url=f"{site.origins[0]}/article")


def get(**query: str):
    answer = Client().get(ADDRESS, query)
    assert answer.status_code == 200
    return answer


def entries(**query: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(get(**query).content).findall(f"{ATOM}entry")


def test_it_has_no_controls_of_direction(thread: Thread) -> None:
    Thread.objects.update(title="Title \u202e")
    CommentFactory(thread=thread, author_name="Ann\u202e", body="a &#x202e; b")
    assert "\u202e" not in get(thread=thread.url).content.decode()


def test_it_is_a_feed_without_faults(thread: Thread, site: Site) -> None:
    comment = CommentFactory(thread=thread, author_url="https://ann.example/", body="*Well* said.")
    feed = feedparser.parse(get().content)
    assert (feed.bozo, feed.version, feed.feed.title) == (False, "atom10", site.name)
    (entry,) = feed.entries
    assert entry.content[0].value == "<p><em>Well</em> said.</p>"
    assert entry.author_detail == {"name": comment.author_name, "href": "https://ann.example/"}
    assert entry.link == f"{thread.url}#comment-{comment.pk}"


@pytest.mark.parametrize("query", [{}, {"thread": "nobody wrote there yet"}])
def test_a_feed_has_all_that_the_standard_asks_for(site: Site, query: dict[str, str]) -> None:
    CommentFactory(thread=ThreadFactory(site=site), author_name="", author=None)
    feed = ElementTree.fromstring(get(**query).content)
    assert all(feed.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
    assert {link.get("rel") for link in feed.findall(f"{ATOM}link")} == {"self", "alternate"}
    for entry in feed.findall(f"{ATOM}entry"):
        assert all(entry.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
        assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Anonymous"


def test_the_newest_come_first_and_only_what_is_public(thread: Thread) -> None:
    first, second = CommentFactory.create_batch(2, thread=thread)
    for status in set(Status) - {Status.APPROVED}:
        CommentFactory(thread=thread, status=status)
    ids = [entry.findtext(f"{ATOM}id") or "" for entry in entries()]
    assert [entry.rsplit("/", 1)[1] for entry in ids] == [str(second.pk), str(first.pk)]


def test_a_feed_of_a_thread_has_its_comments_alone(thread: Thread, site: Site) -> None:
    CommentFactory(thread=thread)
    CommentFactory(thread=ThreadFactory(site=site))
    assert len(entries()) == 2
    assert len(entries(thread=thread.key)) == 1


def test_another_sites_comments_are_not_in_it(thread: Thread) -> None:
    foreign = CommentFactory()
    assert entries() == entries(thread=foreign.thread.key) == []


def test_an_entry_says_what_it_answers(thread: Thread) -> None:
    top = CommentFactory(thread=thread)
    CommentFactory(thread=thread, parent=top)
    answer, first = entries()
    answered = answer.find(f"{THREADING}in-reply-to")
    assert answered is not None
    assert answered.get("ref") == first.findtext(f"{ATOM}id")
    article = first.find(f"{THREADING}in-reply-to")
    assert article is not None
    assert article.get("href") == thread.url


def test_ids_stay_and_updates_show(thread: Thread) -> None:
    comment = CommentFactory(thread=thread)
    (before,) = entries()
    edited = NOW + timedelta(hours=1)
    Comment.objects.filter(pk=comment.pk).update(edited_at=edited, body_html="<p>New.</p>")
    (after,) = entries()
    assert after.findtext(f"{ATOM}id") == before.findtext(f"{ATOM}id")
    assert after.findtext(f"{ATOM}updated") == "2026-11-24T13:00:00+00:00"


def test_a_feed_that_is_known_is_not_sent_again(thread: Thread) -> None:
    CommentFactory(thread=thread)
    headers = get().headers
    for known in (
        {"If-None-Match": headers["ETag"]},
        {"If-Modified-Since": headers["Last-Modified"]},
    ):
        assert Client().get(ADDRESS, headers=known).status_code == 304


def test_no_address_is_in_it(thread: Thread) -> None:
    comment = CommentFactory(thread=thread)
    content = get().content.decode()
    assert comment.author.email_digest not in content
    assert "@" not in content


@settings(max_examples=30)
# NUL is refused with the comment, and by PostgreSQL.
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_whatever_people_write_it_can_be_read(thread: Thread, text: str) -> None:
    html = text.replace("&", "&amp;").replace("<", "&lt;")
    Comment.objects.all().delete()
    CommentFactory(thread=thread, author_name=text[:100], body="b", body_html=html)
    assert len(entries()) == 1


def test_there_is_no_feed_of_no_site(db: None) -> None:
    assert Client().get("/sites/unknown/feed.atom").status_code == 404


def test_the_thread_page_leads_to_its_feed(thread: Thread) -> None:
    page = Client().get("/sites/gazette/thread", {"url": thread.url}).content.decode()
    assert f'<link rel="alternate" type="application/atom+xml" href="{ADDRESS}?thread=' in page
