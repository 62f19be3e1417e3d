"""Rules of sections and single pages: which pages they cover, and which count above others."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from comments.models import Role, Site, Status, Thread
from comments.threads.threads import PageReference, get_or_create_thread
from moderation.models import AuditEntry, Policy, SectionKind, SectionRules
from moderation.models.section_rules import policy_at
from moderation.screening import screen
from tests.conftest import Api
from tests.factories import NOW, CommentFactory, PolicyFactory, SiteFactory, ThreadFactory
from tests.moderation.web.desk.desk import member

pytestmark = pytest.mark.django_db
ORIGIN = "https://news.example"


@pytest.fixture
def site() -> Site:
    return SiteFactory(origins=[ORIGIN])


def section(site: Site, kind: str, value: str, **fields: Any) -> SectionRules:
    return SectionRules.objects.create(site=site, kind=kind, value=value, **fields)


def page(site: Site, path: str, **fields: Any) -> Thread:
    return ThreadFactory(site=site, key=f"{ORIGIN}{path}", url=f"{ORIGIN}{path}", **fields)


def test_a_path_reaches_a_page_told_by_the_sites_own_key_by_its_address(site: Site) -> None:
    blog = section(site, "prefix", "/blog/")
    thread = ThreadFactory(site=site, key="post-42", url=f"{ORIGIN}/blog/2026/ferry")
    assert blog.covers(thread)
    thread.url = ""
    assert not blog.covers(thread)


@pytest.fixture
def unnamed(site: Site) -> Thread:
    """A page that is told by the site's own key, and whose address we don't know yet."""
    return ThreadFactory(site=site, key="post-42", url="")


def test_where_a_browser_says_that_a_page_is_rules_only_get_stricter(
    site: Site, unnamed: Thread
) -> None:
    strict = section(site, "prefix", "/live/", preset="everything_waits", slow_seconds=60)
    lax = section(site, "prefix", "/fun/", preset="only_reports", hold_guests=False)
    policy = PolicyFactory.build(site=site, hold_guests=True, max_links=2)
    there = policy_at(policy, unnamed, [strict, lax], claimed=f"{ORIGIN}/live/a")
    assert (there.hold_all, there.slow_seconds, there.max_links) == (True, 60, 2)
    there = policy_at(policy, unnamed, [strict, lax], claimed=f"{ORIGIN}/fun/a")
    assert (there.hold_all, there.hold_guests, there.max_links) == (False, True, 2)
    assert there.score_use == policy.score_use


@pytest.mark.parametrize("claimed", ["", "https://other.example/live/a", "nonsense"])
def test_a_place_that_is_not_the_sites_own_changes_nothing(
    site: Site, unnamed: Thread, claimed: str
) -> None:
    rules = [section(site, "prefix", "/live/", paused=True)]
    assert not policy_at(Policy(site=site), unnamed, rules, claimed=claimed).paused


def test_where_a_page_is_known_to_be_counts_above_what_a_browser_says(site: Site) -> None:
    rules = [section(site, "prefix", "/live/", paused=True)]
    known = page(site, "/news/a")
    assert not policy_at(Policy(site=site), known, rules, claimed=f"{ORIGIN}/live/a").paused


def test_the_message_of_a_pause_comes_with_it(site: Site, unnamed: Thread) -> None:
    rules = [section(site, "prefix", "/live/", paused=True, pause_message="After the match.")]
    there = policy_at(Policy(site=site), unnamed, rules, claimed=f"{ORIGIN}/live/a")
    assert (there.paused, there.pause_message) == (True, "After the match.")


def test_the_first_comment_on_a_page_told_by_a_key_is_screened_by_the_rules_of_its_path(
    site: Site, unnamed: Thread
) -> None:
    section(site, "prefix", "/live/", preset="everything_waits")
    said = {"page": {"url": f"{ORIGIN}/live/a"}}
    waits = CommentFactory(thread=unnamed, status=Status.PENDING, intake=said)
    passes = CommentFactory(thread=unnamed, status=Status.PENDING, intake={})
    first, second = screen.propose([waits, passes], now=NOW)
    assert (first.verdict, second.verdict) == ("HOLD", "APPROVE")


@pytest.mark.parametrize(
    ("kind", "value", "covered"),
    [
        ("prefix", "/blog/", True),
        ("prefix", "/blog", True),
        ("prefix", "/blog/2026/ferry", True),
        ("prefix", "/", True),
        ("prefix", "/blo", False),
        ("prefix", "/blog/2026/ferry/more", False),
        ("prefix", f"{ORIGIN}/blog/", True),
        ("prefix", "https://other.example/blog/", False),
        ("tag", "Politics", True),
        ("tag", "politics", True),
        ("tag", "Sports", False),
        ("page", f"{ORIGIN}/blog/2026/ferry", True),
        ("page", f"{ORIGIN}/blog/2026/ferry?utm_source=mail", True),
        ("page", f"{ORIGIN}/blog/2026", False),
    ],
)
def test_a_section_covers_its_pages(site: Site, kind: str, value: str, covered: bool) -> None:
    reference = PageReference(url=f"{ORIGIN}/blog/2026/ferry")
    thread = get_or_create_thread(site, reference, now=NOW)
    thread.section = "Politics"
    assert section(site, kind, value).covers(thread) is covered


def test_what_a_section_leaves_open_is_as_at_the_site(site: Site) -> None:
    policy = PolicyFactory(site=site, slow_seconds=60, members_only=True)
    rules = [section(site, "prefix", "/", paused=True)]
    here = policy_at(policy, page(site, "/a"), rules)
    assert (here.paused, here.slow_seconds, here.members_only) == (True, 60, True)
    assert not policy.paused


def test_a_page_counts_above_its_path_and_that_above_a_tag(site: Site) -> None:
    thread = page(site, "/blog/a", section="News")
    page_rules = section(site, "prefix", "/blog/a", slow_seconds=3)
    path_rules = section(site, "prefix", "/blog", slow_seconds=2, hold_guests=False)
    tag_rules = section(site, "tag", "News", slow_seconds=1, hold_guests=True, members_only=True)
    here = policy_at(Policy(site=site), thread, [page_rules, tag_rules, path_rules])
    assert (here.slow_seconds, here.hold_guests, here.members_only) == (3, False, True)


def test_a_section_follows_a_preset_of_its_own(site: Site) -> None:
    rules = [section(site, "prefix", "/live", preset="everything_waits")]
    policy = Policy(site=site, held_words=["casino"])
    assert policy_at(policy, page(site, "/live/a"), rules).hold_all
    assert policy_at(policy, page(site, "/live/b"), rules).held_words == ["casino"]
    assert not policy_at(policy, page(site, "/other"), rules).hold_all


def test_a_path_begins_with_a_slash(site: Site) -> None:
    with pytest.raises(ValidationError):
        SectionRules(site=site, kind=SectionKind.PREFIX, value="blog").full_clean()


def test_comments_are_judged_by_the_rules_of_their_page(site: Site) -> None:
    section(site, "prefix", "/live", preset="everything_waits")
    section(SiteFactory(), "prefix", "/", preset="everything_waits")
    comments = [CommentFactory(thread=page(site, path)) for path in ("/live/a", "/b")]
    screen.rescreen([comment.pk for comment in comments])
    screen.sweep(now=NOW)
    for comment in comments:
        comment.refresh_from_db()
    assert [comment.status for comment in comments] == [Status.HELD, Status.APPROVED]


def test_a_page_is_paused_before_its_first_comment(site: Site) -> None:
    section(site, "prefix", "/live", paused=True, pause_message="After the match.")
    reader = Api(f"/api/v1/sites/{site.slug}/")
    form = reader.get("form", {"thread": f"{ORIGIN}/live/final"}).json()
    assert (form["closed"], form["closed_message"]) == (True, "After the match.")
    assert reader.get("form", {"thread": f"{ORIGIN}/other"}).json()["closed"] is False


def test_an_owner_sets_them_and_the_log_knows(site: Site) -> None:
    owner: Client = member(Role.OWNER, site)
    fields = {"site": site.pk, "kind": "prefix", "value": "/live", "preset": "strict"}
    owner.post(reverse("admin:moderation_sectionrules_add"), fields)
    assert SectionRules.objects.get().preset == "strict"
    assert AuditEntry.objects.filter(act="SECTION_RULES_SET", site=site).exists()


def test_a_moderator_only_reads_them(site: Site) -> None:
    fields = {"site": site.pk, "kind": "prefix", "value": "/live"}
    add = reverse("admin:moderation_sectionrules_add")
    assert member(Role.MODERATOR, site).post(add, fields).status_code == 403
