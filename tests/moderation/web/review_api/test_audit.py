"""The audit trail: whose entries an owner lists, and how the list is filtered."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from comments.models import Role, Site
from comments.models.ids import id_at
from moderation.decisions import audit
from moderation.models import AuditAction, AuditEntry
from tests.conftest import Api, signed_in
from tests.factories import NOW, MembershipFactory, SiteFactory, SiteKeyFactory

DAY = timedelta(days=1)


@pytest.fixture
def owner(site: Site) -> Api:
    return signed_in(MembershipFactory(site=site, role=Role.OWNER).user)


def entry(site: Site, *, at: Any = NOW, **fields: Any) -> str:
    fields = {"act": AuditAction.NOTED, "who": "ann@staff.example", **fields}
    return str(AuditEntry.objects.create(pk=id_at(at), site=site, at=at, **fields).pk)


def listed(owner: Api, **query: str) -> list[str]:
    response = owner.get("audit", query)
    assert response.status_code == 200, response.json()
    return [row["id"] for row in response.json()["results"]]


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({"act": "BANNED"}, {"act": AuditAction.BANNED}),
        ({"who": "bob@staff.example"}, {"who": "bob@staff.example"}),
        ({"subject": "42"}, {"subject": "42"}),
    ],
)
def test_a_filter_keeps_the_entries_that_match(
    owner: Api, site: Site, query: dict[str, str], fields: dict[str, Any]
) -> None:
    entry(site)
    matching = entry(site, **fields)
    assert listed(owner, **query) == [matching]


def test_the_newest_entries_come_first_and_none_of_other_sites(owner: Api, site: Site) -> None:
    older, newer = entry(site, at=NOW - DAY), entry(site)
    entry(SiteFactory())
    assert listed(owner) == [newer, older]


def test_since_includes_its_moment_and_until_excludes_it(owner: Api, site: Site) -> None:
    entries = [entry(site, at=NOW + n * DAY) for n in range(4)]
    since, until = (NOW + DAY).isoformat(), (NOW + 3 * DAY).isoformat()
    assert listed(owner, since=since) == entries[:0:-1]
    assert listed(owner, since=since, until=until) == [entries[2], entries[1]]


def test_a_key_stands_there_under_its_name_in_the_list_and_the_files(
    owner: Api, site: Site
) -> None:
    entry(site)
    key = SiteKeyFactory(site=site, name="WordPress")
    audit.record(AuditAction.EXPORT_STARTED, site=site, by=key, now=NOW + DAY)
    name = f"key WordPress ({key.public_id})"
    (row,) = owner.get("audit", {"who": name}).json()["results"]
    assert (row["by"], row["act"]) == (name, "EXPORT_STARTED")
    for kind in ("csv", "json"):
        file = b"".join(owner.get(f"audit.{kind}", {"who": name}).streaming_content)
        assert f"WordPress ({key.public_id})" in file.decode()


def test_a_key_stands_on_the_desks_page_of_the_log(site: Site) -> None:
    key = SiteKeyFactory(site=site, name="WordPress")
    audit.record(AuditAction.EXPORT_STARTED, site=site, by=key, now=NOW)
    client = Client()
    client.force_login(MembershipFactory(site=site, role=Role.OWNER).user)
    page = client.get("/admin/moderation/auditentry/").content.decode()
    assert page.count(f"key WordPress ({key.public_id})") >= 2  # The entry, and the filter.
