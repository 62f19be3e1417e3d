"""The page that shows an owner from where the site was called in vain."""

import pytest
from django.urls import reverse

from comments.models import RefusedOrigin, Role, Site
from moderation.models import AuditAction, AuditEntry
from tests.factories import NOW, SiteFactory
from tests.moderation.web.desk.desk import member, read

FOREIGN = "https://staging.example"


def page_of(site: Site) -> str:
    return reverse("admin:comments_site_refused_origins", args=[site.pk])


@pytest.fixture
def refused(site: Site) -> RefusedOrigin:
    return RefusedOrigin.objects.create(site=site, origin=FOREIGN, times=7, last_at=NOW)


def test_the_settings_warn_of_it(site: Site, refused: RefusedOrigin) -> None:
    shown = read(member(Role.OWNER, site), reverse("admin:comments_site_change", args=[site.pk]))
    assert f"Your site was called from {FOREIGN}, which is not among its origins." in shown


def test_it_shows_the_origin_and_how_often_it_called(site: Site, refused: RefusedOrigin) -> None:
    shown = read(member(Role.OWNER, site), page_of(site))
    assert FOREIGN in shown
    assert "about 7 calls" in shown


def test_an_owner_allows_it(site: Site, refused: RefusedOrigin) -> None:
    before = site.origins
    member(Role.OWNER, site).post(page_of(site), {"allow": FOREIGN})
    site.refresh_from_db()
    assert site.origins == [*before, FOREIGN]
    assert not RefusedOrigin.objects.exists()
    entry = AuditEntry.objects.get(act=AuditAction.SITE_SET)
    assert entry.detail == {"changed": ["origins"], "allowed": FOREIGN}


def test_an_owner_removes_it(site: Site, refused: RefusedOrigin) -> None:
    before = site.origins
    member(Role.OWNER, site).post(page_of(site), {"remove": FOREIGN})
    site.refresh_from_db()
    assert (site.origins, RefusedOrigin.objects.count()) == (before, 0)


@pytest.mark.parametrize("origin", ["https://never-seen.example", "null", ""])
def test_only_what_was_refused_can_be_allowed(
    site: Site, refused: RefusedOrigin, origin: str
) -> None:
    before = site.origins
    member(Role.OWNER, site).post(page_of(site), {"allow": origin})
    site.refresh_from_db()
    assert site.origins == before


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.VIEWER])
def test_it_is_for_owners(site: Site, refused: RefusedOrigin, role: Role) -> None:
    answer = member(role, site).post(page_of(site), {"allow": FOREIGN})
    site.refresh_from_db()
    assert answer.status_code in (403, 404)
    assert FOREIGN not in site.origins


def test_owners_of_other_sites_do_not_see_it(site: Site, refused: RefusedOrigin) -> None:
    stranger = member(Role.OWNER, SiteFactory())
    assert stranger.get(page_of(site)).status_code in (302, 403, 404)
