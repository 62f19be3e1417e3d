"""A site's page is asked once what it is called, where the owner allows it, and nowhere else."""

from collections.abc import Iterator
from typing import Any

import pytest

from comments.models import Comment, Site, Status, Thread
from comments.threads.threads import PageReference, name_by_comments, name_by_site
from moderation.intake import page_reader
from tests.factories import NOW, CommentFactory, ThreadFactory
from tests.websites import serving

pytestmark = pytest.mark.django_db
ARTICLE = """<title>The article</title><link rel="canonical" href="/article">
<meta property="article:section" content="Sport">"""


@pytest.fixture
def website(settings: Any, site: Site) -> Iterator[Any]:
    with serving({"/article": (200, {}, ARTICLE.encode())}) as server:
        settings.OUTGOING_ALLOW = [f"127.0.0.1:{server.server_port}"]
        site.origins, site.read_pages = [f"http://127.0.0.1:{server.server_port}"], True
        site.save()
        yield server


def thread_at(site: Site, path: str = "/article", **changes: Any) -> Thread:
    """Return a thread with a public comment, whose page is at a path of the website."""
    thread = ThreadFactory(
        site=site, url=f"{site.origins[0]}{path}", title="By a reader", **changes
    )
    CommentFactory(thread=thread)
    return thread


def read(thread: Thread) -> Thread:
    page_reader.read_due(now=NOW)
    thread.refresh_from_db()
    return thread


def test_the_page_says_what_it_is_called(site: Site, website: Any) -> None:
    thread = read(thread_at(site, "/article"))
    assert (thread.title, thread.section) == ("The article", "Sport")
    assert thread.url == f"{site.origins[0]}/article"


def test_its_canonical_address_counts(site: Site, website: Any) -> None:
    website.pages["/article?print=1"] = (200, {}, ARTICLE.encode())
    thread = read(thread_at(site, "/article?print=1", key="article"))
    assert thread.url == f"{site.origins[0]}/article"


def test_it_is_asked_once(site: Site, website: Any) -> None:
    thread = thread_at(site)
    read(thread)
    read(thread)
    assert website.seen == ["/article"]


def test_comments_do_not_change_it_any_more(site: Site, website: Any) -> None:
    thread = read(thread_at(site))
    page = {"title": "Log in here", "url": f"{site.origins[0]}/login"}
    name_by_comments([CommentFactory(thread=thread, intake={"page": page})])
    thread.refresh_from_db()
    assert thread.title == "The article"


def test_the_sites_own_server_counts_above_it(site: Site, website: Any) -> None:
    thread = thread_at(site)
    name_by_site(thread, PageReference(url=thread.url, title="By the site"))
    assert read(thread).title == "By the site"
    assert website.seen == []


def test_it_is_off_by_default(site: Site, website: Any) -> None:
    assert not Site().read_pages
    Site.objects.update(read_pages=False)
    read(thread_at(site))
    assert website.seen == []


@pytest.mark.parametrize("status", [Status.PENDING, Status.HELD, Status.SPAM])
def test_strangers_have_nothing_fetched(site: Site, website: Any, status: Status) -> None:
    thread = thread_at(site)
    Comment.objects.update(status=status)
    read(thread)
    assert website.seen == []


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/article",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost/",
        "file:///etc/passwd",
    ],
)
def test_only_the_sites_origins_are_asked(
    site: Site, website: Any, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(page_reader.http_client, "send", lambda _, url, **__: asked.append(url))
    thread = thread_at(site)
    Thread.objects.update(url=url)
    assert read(thread).title == "By a reader"
    assert asked == []


def test_a_private_address_is_not_asked_even_as_an_origin(
    site: Site, website: Any, settings: Any
) -> None:
    settings.OUTGOING_ALLOW = []
    assert read(thread_at(site)).title == "By a reader"
    assert website.seen == []


@pytest.mark.parametrize(
    "to",
    [
        "http://169.254.169.254/",
        "https://elsewhere.example/",
        "file:///etc/passwd",
        "//evil.example/",
    ],
)
def test_a_redirect_leads_nowhere_else(site: Site, website: Any, to: str) -> None:
    website.pages["/moved"] = (302, {"Location": to}, b"")
    assert read(thread_at(site, "/moved")).title == "By a reader"
    assert website.seen == ["/moved"]


def test_a_redirect_within_the_site_is_followed_and_not_for_ever(site: Site, website: Any) -> None:
    website.pages["/moved"] = (301, {"Location": "/article"}, b"")
    website.pages["/loop"] = (302, {"Location": "/loop"}, b"")
    assert read(thread_at(site, "/moved", key="a")).title == "The article"
    assert read(thread_at(site, "/loop", key="b")).title == "By a reader"
    assert website.seen.count("/loop") == page_reader.MOST_REDIRECTS + 1


@pytest.mark.parametrize(
    "page",
    [
        (404, {}, ARTICLE.encode()),
        (500, {}, ARTICLE.encode()),
        (200, {"Content-Type": "application/pdf"}, ARTICLE.encode()),
        (200, {}, b""),
        (200, {}, b"<title>\xe3\x85\xa4</title>"),
        (200, {}, b"<!--" * 20_000),
        (200, {}, b"x" * 200_000 + ARTICLE.encode()),
    ],
)
def test_a_page_that_says_nothing_changes_nothing(site: Site, website: Any, page: Any) -> None:
    website.pages["/article"] = page
    assert read(thread_at(site)).title == "By a reader"


@pytest.mark.parametrize("canonical", ["https://evil.example/", "//evil.example", "/" + "x" * 3000])
def test_a_canonical_address_elsewhere_is_left_out(
    site: Site, website: Any, canonical: str
) -> None:
    html = f'<title>A</title><link rel="canonical" href="{canonical}">'
    website.pages["/article"] = (200, {}, html.encode())
    thread = read(thread_at(site))
    assert (thread.title, thread.url) == ("A", f"{site.origins[0]}/article")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (
            {"Content-Type": "text/html; charset=iso-8859-1"},
            "<title>Café</title>".encode("latin-1"),
        ),
        ({}, '<meta charset="windows-1252"><title>Café</title>'.encode("cp1252")),
        ({"Content-Type": "text/html; charset=nonsense"}, "<title>Café</title>".encode()),
        ({"Content-Type": "text/html; charset=zlib"}, "<title>Café</title>".encode()),
    ],
)
def test_it_is_read_in_its_encoding(site: Site, website: Any, headers: Any, body: bytes) -> None:
    website.pages["/article"] = (200, headers, body)
    assert read(thread_at(site)).title == "Café"


def test_a_title_is_cleaned_as_all_are(site: Site, website: Any) -> None:
    website.pages["/article"] = (200, {}, "<title>A\n\u202e title</title>".encode())
    assert read(thread_at(site)).title == "A title"
