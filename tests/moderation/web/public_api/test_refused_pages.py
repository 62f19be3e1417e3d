"""What a reader can't change is never told as a refusal; the page's owner is told instead."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from comments.http import refused_origins
from comments.models import Comment, RefusedOrigin, Site, Thread
from tests.conftest import Api
from tests.factories import NOW, CommentFactory, SiteFactory, ThreadFactory
from tests.submissions import submission

FOREIGN = "https://staging.example"
# The latter has 2,400 characters in normal form.
LONG = ("x" * 2001, "ä" * 400)


def post(reader: Api, **page: Any):
    return reader.post("comments", submission(reader, thread=page))


# Titles and addresses.


@pytest.mark.parametrize(
    "url",
    [
        "file:///home/ann/page.html",
        "capacitor://localhost/page",
        "/blog/x",
        "blog/x",
        "about:blank",
        "javascript:alert(1)",
        "https://",
        *(f"https://news.example/{path}" for path in LONG),
        "https://a b/",
        "",
        None,
        7,
    ],
)
def test_an_address_that_names_no_page_is_left_out_where_there_is_a_key(
    reader: Api, url: object
) -> None:
    assert post(reader, key="article", url=url).status_code == 201
    assert (
        Comment.objects.get().intake["page"] == {}
        or "url" not in Comment.objects.get().intake["page"]
    )


@pytest.mark.parametrize(
    "url",
    ["file:///page", "/blog/x", "", *(f"https://news.example/{path}" for path in LONG)],
)
def test_without_a_key_the_error_says_who_can_mend_it(reader: Api, url: str) -> None:
    answer = post(reader, url=url)
    (error,) = answer.json()["errors"]
    assert answer.status_code == 400
    assert (error["pointer"], error["code"]) == ("/thread", "page-unusable")
    assert "its owner" in error["detail"]


@pytest.mark.parametrize("origin", ["http://nas:1313", "http://my_site.example"])
def test_a_site_may_live_at_any_host(reader: Api, site: Site, origin: str) -> None:
    Site.objects.filter(pk=site.pk).update(origins=[origin])
    assert post(reader, url=f"{origin}/blog/x").status_code == 201
    assert Thread.objects.get().url == f"{origin}/blog/x"


def test_a_long_title_is_cut(reader: Api) -> None:
    assert post(reader, key="article", title="t" * 301).status_code == 201
    assert Comment.objects.get().intake["page"]["title"] == "t" * 300


@pytest.mark.parametrize("title", [None, 7, ["x"], "\u202e\x00"])
def test_a_title_that_is_none_is_left_out(reader: Api, title: object) -> None:
    assert post(reader, key="article", title=title).status_code == 201
    assert "page" not in Comment.objects.get().intake or not Comment.objects.get().intake["page"]


def test_a_long_address_is_the_page_that_it_is_without_tracking(reader: Api, site: Site) -> None:
    url = f"{site.origins[0]}/article"
    tracked = f"{url}?utm_source={'x' * 2001}"
    assert post(reader, url=tracked).status_code == 201
    Comment.objects.update(status="approved")
    assert reader.get("comments", {"thread": url}).json()["count"] == 1
    assert reader.get("comments", {"thread": tracked}).json()["count"] == 1


def test_the_page_without_scripts_is_as_patient(site: Site) -> None:
    query = {"key": "article", "url": "file:///x", "title": "t" * 400}
    assert Client().get("/sites/gazette/thread", query).status_code == 200


# Unknown sites and origins.


def test_an_unknown_site_is_named_to_whoever_looks(db: None) -> None:
    answer = Api("/api/v1/sites/gazete/").get("form", headers={"Origin": FOREIGN})
    assert answer.status_code == 404
    assert answer.json()["type"].endswith(":site-unknown")
    assert "'gazete'" in answer.json()["detail"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["form", "comments", "counts"])
def test_a_foreign_origin_is_named_to_whoever_looks(reader: Api, path: str) -> None:
    answer = reader.get(path, {"thread": "article"}, headers={"Origin": FOREIGN})
    assert answer.status_code == 403
    assert answer.json()["type"].endswith(":foreign-origin")
    assert FOREIGN in answer.json()["detail"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_cached_page_is_kept_from_foreign_origins_as_well(reader: Api, site: Site) -> None:
    thread = ThreadFactory(site=site)
    CommentFactory(thread=thread)
    own = {"Origin": site.origins[0]}
    for _ in range(2):
        assert reader.get("comments", {"thread": thread.url}, headers=own).status_code == 200
    answer = reader.get("comments", {"thread": thread.url}, headers={"Origin": FOREIGN})
    assert answer.status_code == 403


@pytest.mark.parametrize("slug", ["gazette", "unknown"])
def test_browsers_may_ask_so_that_they_are_told(site: Site, slug: str) -> None:
    answer = Api(f"/api/v1/sites/{slug}/").options("form", headers={"Origin": FOREIGN})
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == FOREIGN


def test_the_owner_finds_the_origin_with_its_count(reader: Api, site: Site) -> None:
    for _ in range(3):
        reader.get("form", headers={"Origin": FOREIGN})
    row = RefusedOrigin.objects.get()
    assert (row.site, row.origin, row.times) == (site, FOREIGN, 3)


@pytest.mark.parametrize("origin", ["null", "capacitor://localhost", "https://x.example/path"])
def test_what_can_not_be_allowed_is_not_offered(reader: Api, origin: str) -> None:
    assert reader.get("form", headers={"Origin": origin}).status_code == 403
    assert not RefusedOrigin.objects.exists()


def test_a_flood_of_origins_stays_small_and_writes_little(site: Site) -> None:
    refused_origins._waiting.clear()
    for _ in range(3):
        refused_origins.note(site, FOREIGN, now=NOW)
    writes = refused_origins.WRITES_PER_MINUTE
    for number in range(500):
        refused_origins.note(site, f"https://{number}.example", now=NOW)
    assert RefusedOrigin.objects.count() <= refused_origins.MOST_PER_SITE
    assert RefusedOrigin.objects.count() <= writes
    assert RefusedOrigin.objects.filter(origin=FOREIGN, times=3).exists()


def test_the_origin_that_called_least_makes_room(site: Site) -> None:
    for number in range(refused_origins.MOST_PER_SITE):
        site.refused_origins.create(
            origin=f"https://{number}.example", times=number + 1, last_at=NOW
        )
    refused_origins.note(site, FOREIGN, now=timezone.now())
    kept = set(site.refused_origins.values_list("origin", flat=True))
    assert FOREIGN in kept
    assert "https://0.example" not in kept


def test_one_site_is_not_told_of_anothers(reader: Api) -> None:
    other = SiteFactory()
    reader.get("form", headers={"Origin": FOREIGN})
    assert not RefusedOrigin.objects.filter(site=other).exists()
