"""Titles and trails of the desk's pages: in the words of the sidebar, not of Django's apps."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from comments.models import Role, Site
from moderation.web.desk.base.navigation import entry_of
from tests.factories import MembershipFactory, UserFactory
from tests.moderation.web.desk.desk import page_of, read, signed_in, wait_in

ENTRIES = [
    (section["title"], item["title"], item["link"])
    for section in settings.UNFOLD["SIDEBAR"]["navigation"]
    for item in section["items"]
]
NAMES_OF_PROGRAMMERS = re.compile(
    r"Reviewable|Membership|Suppression|Audit entr|Bulk job|Transfer\b|\bModeration\b"
    r"|administration"
)


@pytest.fixture
def operator(site: Site) -> Client:
    """Who may see every page."""
    user = UserFactory(is_superuser=True, is_staff=True)
    MembershipFactory(site=site, user=user, role=Role.OWNER)
    return signed_in(user)


def head(page: str) -> tuple[str, list[str], str]:
    """Return the title of a page, the trail before its name, and the name."""
    title = re.search(r"<title>(.*?)</title>", page, re.S)
    way = page.partition('class="trail"')[2].partition("</ol>")[0]
    name = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S)
    assert title
    assert name
    above = re.findall(r"<li>(.*?)</li>", way, re.S)
    texts = [re.sub(r"<[^>]+>", "", part).strip() for part in (title[1], *above, name[1])]
    first, *steps, last = [unescape(text) for text in texts]
    return first, steps, last


@pytest.mark.parametrize(("section", "entry", "link"), ENTRIES)
def test_a_page_of_the_sidebar_has_the_name_that_led_to_it(
    operator: Client, section: str, entry: str, link: str
) -> None:
    answer = operator.get(str(link), follow=True)
    title, way, name = head(answer.content.decode())
    assert title == f"{entry} | Leave a Reply"
    assert (way, name) == ([section], entry)


@pytest.mark.parametrize(
    ("name", "args", "way", "told"),
    [
        ("admin:moderation_webhook_add", [], ["Servers", "Webhooks"], "Add webhook"),
        ("admin:moderation_ban_add", [], ["Review", "Bans"], "Add ban"),
        (
            "admin:moderation_bulkjob_add",
            [],
            ["Review", "Bulk decisions"],
            "Decide about all that match",
        ),
        ("desk_invite", [], ["Site", "Members"], "Invite a colleague"),
        ("desk_set_up", [], ["Site", "Sites"], "A new site"),
        ("admin:moderation_alarm_add", [], ["Site", "Alarms"], "Add alarm"),
    ],
)
def test_a_page_below_an_entry_says_so(
    operator: Client, name: str, args: list[str], way: list[str], told: str
) -> None:
    assert head(read(operator, reverse(name, args=args)))[1:] == (way, told)


def test_the_page_of_a_row_is_named_by_the_row(desk: Client, site: Site) -> None:
    comment = wait_in(site, author_name="Ann")
    title, way, name = head(read(desk, page_of(comment)))
    assert (way, name) == (["Review", "Comments"], "Comment by Ann")
    assert title.startswith("Comment by Ann")


def test_a_name_in_a_trail_is_escaped(desk: Client, site: Site) -> None:
    comment = wait_in(site, author_name="<b>Ann</b>")
    assert head(read(desk, page_of(comment)))[2] == "Comment by <b>Ann</b>"


def test_no_page_shows_names_of_programmers(operator: Client) -> None:
    for _, _, link in ENTRIES:
        page = operator.get(str(link), follow=True).content.decode()
        texts = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", page, flags=re.S)
        assert not NAMES_OF_PROGRAMMERS.search(texts), (link, NAMES_OF_PROGRAMMERS.search(texts))


@pytest.mark.parametrize("app", ["moderation", "comments"])
def test_the_lists_of_apps_lead_to_the_queue(desk: Client, app: str) -> None:
    answer = desk.get(f"/admin/{app}/")
    assert answer.headers["Location"] == reverse("admin:moderation_reviewable_changelist")


def test_the_longest_beginning_of_an_address_is_its_entry() -> None:
    tokens, security = reverse("desk_tokens"), reverse("mfa_index")
    assert tokens.startswith(security)
    assert entry_of(tokens) == ("", "Review tokens", tokens)
    assert entry_of(security) == ("", "Sign-in and security", security)


def test_an_address_below_no_entry_has_none() -> None:
    assert entry_of("/admin/") is None
    assert entry_of("/elsewhere/") is None
