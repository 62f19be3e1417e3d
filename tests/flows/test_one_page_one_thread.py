"""A page is one thread, whichever door names it and however its URL is written."""

from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from comments.accounts import api_keys
from comments.formats.items import ImportedThread
from comments.models import Comment, Scope, Site, Status, Thread
from moderation.intake.transfers.pages import ImportThreads
from moderation.screening import screen
from tests.conftest import Api
from tests.factories import CommentFactory, PolicyFactory, ThreadFactory
from tests.submissions import post

PAGE = "https://news.example/caf%C3%A9"
SPELLINGS = [
    "https://news.example/café",
    "https://news.example/caf%c3%a9/",
    "http://news.example/cafe\u0301?utm_source=mail",
    "\n https://news.example/./caf%C3%A9#comment-3 ",
]


@pytest.fixture(autouse=True)
def published(reader: Api, site: Site) -> Comment:
    """A comment on the page, posted under its URL, that everybody may read."""
    Site.objects.filter(pk=site.pk).update(origins=["https://news.example"])
    PolicyFactory(site=site)
    answer = post(reader, thread={"url": PAGE, "title": "A café"})
    screen.screen(now=timezone.now())
    return Comment.objects.get(pk=answer.json()["id"], status=Status.APPROVED)


@pytest.mark.parametrize("name", SPELLINGS)
def test_posts_under_other_spellings_join_the_thread(reader: Api, name: str) -> None:
    assert post(reader, thread={"url": name.strip()}, body="Another.").status_code == 201
    assert Thread.objects.count() == 1


@pytest.mark.parametrize("name", SPELLINGS)
def test_it_is_read_under_other_spellings(reader: Api, published: Comment, name: str) -> None:
    for _ in range(2):  # the second time from the cache
        results = reader.get("comments", {"thread": name}).json()["results"]
        assert [result["id"] for result in results] == [str(published.pk)]


def test_it_is_counted_under_the_spellings_that_were_asked_for(reader: Api) -> None:
    counts = reader.get("counts", {"thread": [*SPELLINGS, "other"]}).json()["counts"]
    assert counts == {**dict.fromkeys(SPELLINGS, 1), "other": 0}


@pytest.mark.parametrize("name", SPELLINGS)
def test_feed_and_page_without_javascript_show_it(client: Client, site: Site, name: str) -> None:
    feed = client.get(f"/sites/{site.slug}/feed.atom?{urlencode({'thread': name})}")
    page = client.get(f"/sites/{site.slug}/thread?{urlencode({'url': name.strip()})}")
    assert b"thoughtful" in feed.content
    assert b"thoughtful" in page.content


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_sites_server_finds_it(client: Client, site: Site, name: str) -> None:
    key = api_keys.issue(
        site, scopes=[Scope.COMMENTS, Scope.THREADS], name="server", now=timezone.now()
    )
    headers = {"Authorization": f"Bearer {key.secret}"}
    query = urlencode({"thread": name})
    assert len(client.get(f"/api/v1/comments?{query}", headers=headers).json()["results"]) == 1
    assert len(client.get(f"/api/v1/threads?{query}", headers=headers).json()["results"]) == 1


def test_an_import_joins_it(site: Site) -> None:
    site.refresh_from_db()
    pages = ImportThreads(site, now=timezone.now(), dry_run=False)
    pages.add(ImportedThread(key="http://news.example/café/"))
    assert pages.thread("http://news.example/café/") == Thread.objects.get()


def test_a_sites_own_keys_with_fragments_are_two_threads(reader: Api) -> None:
    for key in ("https://docs.example/#/guide", "https://docs.example/#/install"):
        assert post(reader, thread={"key": key}, body=f"On {key}").status_code == 201
        assert reader.get("comments", {"thread": key}).json()["count"] == 0
    assert Thread.objects.count() == 3


def test_white_space_around_a_key_counts_nowhere(reader: Api) -> None:
    answer = post(reader, thread={"key": "\n  ws-1\n"}, body="A word about it.")
    screen.screen(now=timezone.now())
    assert answer.status_code == 201
    assert reader.get("comments", {"thread": "\n  ws-1\n"}).json()["count"] == 1
    assert reader.get("comments", {"thread": "ws-1"}).json()["count"] == 1


def test_a_link_has_the_scheme_of_the_sites_origin(reader: Api) -> None:
    post(reader, thread={"url": "http://news.example/b"}, body="Another page.")
    assert Thread.objects.filter(url="https://news.example/b").exists()


def test_a_key_is_no_page_of_another_site(reader: Api) -> None:
    CommentFactory(thread=ThreadFactory(url=PAGE))
    assert reader.get("counts", {"thread": PAGE}).json()["counts"] == {PAGE: 1}
