"""The page that shows which threads are one page, and merges them."""

import pytest
from django.urls import reverse

from comments.models import Role, Site, Thread
from comments.models.thread import digest
from moderation.models import AuditAction, AuditEntry
from tests.factories import ThreadFactory
from tests.moderation.web.desk.desk import member, read


def page_of(site: Site) -> str:
    return reverse("admin:comments_site_same_pages", args=[site.pk])


@pytest.fixture
def threads(site: Site) -> list[Thread]:
    urls = ["http://news.example/x", "https://news.example/x/", "https://news.example/X.html"]
    return [ThreadFactory(site=site, url=url, key=url, key_digest=digest(url)) for url in urls]


def test_it_shows_what_is_one_page_and_what_may_be(site: Site, threads: list[Thread]) -> None:
    shown = read(member(Role.OWNER, site), page_of(site))
    assert "Merge 1" in shown
    assert all(thread.key in shown for thread in threads)


def test_those_that_are_one_page_are_merged(site: Site, threads: list[Thread]) -> None:
    member(Role.OWNER, site).post(page_of(site), {"all": "1"})
    assert set(Thread.objects.all()) == {threads[0], threads[2]}
    entry = AuditEntry.objects.get(act=AuditAction.THREADS_MERGED)
    assert (entry.subject, entry.detail) == (str(threads[0].pk), {"merged": threads[1].key})


def test_those_that_a_person_chose_are_merged(site: Site, threads: list[Thread]) -> None:
    chosen = {"thread": [str(thread.pk) for thread in threads]}
    member(Role.OWNER, site).post(page_of(site), chosen)
    assert Thread.objects.get() == threads[0]


def test_a_thread_of_another_site_is_not_merged(site: Site, threads: list[Thread]) -> None:
    foreign = ThreadFactory()
    chosen = {"thread": [str(threads[0].pk), str(foreign.pk), "x"]}
    member(Role.OWNER, site).post(page_of(site), chosen)
    assert Thread.objects.count() == 4


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.VIEWER])
def test_it_is_for_owners(site: Site, threads: list[Thread], role: Role) -> None:
    assert member(role, site).post(page_of(site), {"all": "1"}).status_code in (403, 404)
    assert Thread.objects.count() == 3
