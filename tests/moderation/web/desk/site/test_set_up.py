"""The guided set-up of a site, and where the desk begins."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comments.models import RefusedOrigin, Role, Site, SiteKey
from moderation.models import AuditEntry, Policy
from tests.factories import NOW, SiteFactory, UserFactory
from tests.moderation.web.desk.desk import member, read, signed_in

NEW = reverse("desk_set_up")
FOREIGN = "https://www.gazette.example"


@pytest.fixture
def root(db: None) -> Client:
    return signed_in(UserFactory(is_superuser=True))


def page_of(site: Site) -> str:
    return reverse("desk_set_up_site", args=[site.slug])


def state_of(client: Client, site: Site) -> Any:
    return client.get(reverse("desk_set_up_state", args=[site.slug])).json()


def test_who_has_no_site_is_led_to_the_set_up(root: Client) -> None:
    assert root.get("/admin/").url == NEW


def test_who_has_a_site_is_led_to_the_queue(root: Client, site: Site) -> None:
    assert root.get("/admin/").url == reverse("admin:moderation_reviewable_changelist")


def test_who_may_make_no_site_is_led_to_the_queue(db: None) -> None:
    stranger = signed_in(UserFactory())
    assert stranger.get("/admin/").url == reverse("admin:moderation_reviewable_changelist")


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("gazette.example", "https://gazette.example"),
        ("https://Gazette.example/blog/?x=1", "https://gazette.example"),
        ("http://localhost:4000/", "http://localhost:4000"),
    ],
)
def test_name_and_address_make_a_site(root: Client, address: str, origin: str) -> None:
    answer = root.post(NEW, {"name": "The Gazette", "address": address})
    site = Site.objects.get()
    assert answer.url == page_of(site)
    assert (site.slug, site.name, site.origins) == ("the-gazette", "The Gazette", [origin])
    assert site.memberships.get().role == Role.OWNER
    assert AuditEntry.objects.get().site == site


@pytest.mark.parametrize("address", ["", "not an address", "javascript:alert(1)", "https://"])
def test_what_is_no_address_is_said_beside_the_field(root: Client, address: str) -> None:
    answer = root.post(NEW, {"name": "G", "address": address})
    assert answer.status_code == 400
    assert not Site.objects.exists()


def test_a_short_name_that_is_taken_is_said_beside_the_field(root: Client) -> None:
    SiteFactory(slug="gazette")
    answer = root.post(NEW, {"name": "G", "address": "g.example", "slug": "gazette"})
    assert "already exists" in answer.content.decode()


def test_a_name_that_is_taken_gets_a_number(root: Client) -> None:
    SiteFactory(slug="gazette")
    root.post(NEW, {"name": "Gazette", "address": "g.example"})
    assert Site.objects.filter(slug="gazette-2").exists()


def test_a_name_in_another_script_makes_a_short_name_of_the_host(root: Client) -> None:
    root.post(NEW, {"name": "新聞", "address": "news.example"})
    assert Site.objects.get().slug == "news-example"


@pytest.mark.parametrize(
    ("is_allowed", "role", "status"),
    [(False, Role.OWNER, 403), (True, Role.OWNER, 302), (True, Role.MODERATOR, 403)],
)
def test_owners_make_sites_where_the_operator_lets_them(
    settings: Any, site: Site, is_allowed: bool, role: Role, status: int
) -> None:
    settings.OWNERS_ADD_SITES = is_allowed
    answer = member(role, site).post(NEW, {"name": "Next", "address": "next.example"})
    assert answer.status_code == status


def test_it_shows_the_snippet_of_the_site(settings: Any, site: Site) -> None:
    settings.PUBLIC_URL = "https://comments.example"
    shown = read(member(Role.OWNER, site), page_of(site))
    assert "https://comments.example/embed.js" in shown
    assert f"&lt;leave-a-reply site=&quot;{site.slug}&quot;" in shown


def test_the_first_call_of_a_page_connects_it(site: Site) -> None:
    owner = member(Role.OWNER, site)
    assert state_of(owner, site)["state"] == "waiting"
    where = f"/api/v1/sites/{site.slug}/comments?key=a"
    Client().get(where)
    assert state_of(owner, site)["state"] == "waiting"
    Client().get(where, headers={"Origin": site.origins[0]})
    assert state_of(owner, site)["state"] == "connected"
    assert "Connected." in read(owner, page_of(site))


def test_the_first_use_of_a_key_connects_it(site: Site) -> None:
    SiteKey.objects.create(site=site, name="blog", created_at=NOW, last_used_at=NOW)
    assert state_of(member(Role.OWNER, site), site)["state"] == "connected"


def test_a_call_from_elsewhere_is_shown_and_can_be_allowed(site: Site) -> None:
    owner = member(Role.OWNER, site)
    RefusedOrigin.objects.create(site=site, origin=FOREIGN, times=1, last_at=NOW)
    assert state_of(owner, site) == {"state": "refused", "since": None, "refused": [FOREIGN]}
    owner.post(page_of(site), {"allow": FOREIGN})
    site.refresh_from_db()
    assert FOREIGN in site.origins
    assert state_of(owner, site)["state"] == "waiting"


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.VIEWER])
def test_the_set_up_is_for_owners(site: Site, role: Role) -> None:
    other = member(role, site)
    RefusedOrigin.objects.create(site=site, origin=FOREIGN, times=1, last_at=NOW)
    assert other.get(page_of(site)).status_code == 404
    assert other.post(page_of(site), {"allow": FOREIGN}).status_code == 404
    assert other.get(reverse("desk_set_up_state", args=[site.slug])).status_code == 404


def test_owners_of_other_sites_see_nothing_of_it(site: Site) -> None:
    assert member(Role.OWNER, SiteFactory()).get(page_of(site)).status_code == 404


# The start page.


def test_the_start_page_leads_strangers_to_sign_in(db: None) -> None:
    assert "None is connected yet" in read(Client(), "/")


def test_the_start_page_names_no_site_to_strangers(site: Site) -> None:
    assert site.name not in read(Client(), "/")


def test_the_start_page_says_how_far_one_s_sites_are(site: Site) -> None:
    owner = member(Role.OWNER, site)
    assert f'{page_of(site)}"' in read(owner, "/")
    Site.objects.update(connected_at=NOW)
    shown = read(owner, "/")
    assert "Connected." in shown
    assert "Nothing waits." in shown


def test_the_start_page_has_no_site_of_others(site: Site) -> None:
    assert site.name not in read(member(Role.OWNER, SiteFactory(name="Mine")), "/")


def test_the_start_page_speaks_the_language_of_the_browser(db: None) -> None:
    page = Client().get("/", headers={"Accept-Language": "de"}).content.decode()
    assert "Ihre Website verbinden" in page


# The steps that lead elsewhere, and the list of sites.


def test_the_demo_is_no_site_of_one_s_own(root: Client) -> None:
    SiteFactory(slug="demo")
    assert "Welcome." in read(root, NEW)


def test_the_set_up_leads_to_the_rules_of_the_site_itself(site: Site) -> None:
    owner = member(Role.OWNER, site)
    add = f"{reverse('admin:moderation_policy_add')}?site={site.pk}"
    assert f'"{add}"' in read(owner, page_of(site))
    newest = Policy.objects.append(Policy(site=site))
    change = reverse("admin:moderation_policy_change", args=[newest.pk])
    assert f'"{change}"' in read(owner, page_of(site))


def test_the_list_of_sites_says_how_far_each_is(site: Site, settings: Any) -> None:
    owner = member(Role.OWNER, site)
    sites = reverse("admin:comments_site_changelist")
    assert f'{page_of(site)}">Waits for its first call' in read(owner, sites)
    RefusedOrigin.objects.create(site=site, origin=FOREIGN, times=1, last_at=NOW)
    assert "Its pages are refused" in read(owner, sites)
    Site.objects.update(origins=[settings.PUBLIC_ORIGIN])
    assert "Its pages are those of this installation." in read(owner, sites)
    Site.objects.update(connected_at=NOW)
    assert "Connected." in read(owner, sites)
