"""The rules of sections through both APIs."""

from collections.abc import Callable
from typing import Any

import pytest

from comments.models import Role, Site
from moderation.models import AuditEntry, SectionRules
from tests.conftest import Api, signed_in
from tests.factories import MembershipFactory, SiteFactory

pytestmark = pytest.mark.django_db
# Keys know their site, and need not name it.
PATH = "policy/sections?site=gazette"
BLOG = {"kind": "prefix", "value": "/blog/", "preset": "strict", "slow_seconds": 30}


@pytest.fixture(params=["key", "owner"])
def api(request: Any, connect: Callable[..., Api], site: Site) -> Api:
    if request.param == "key":
        return connect("policy")
    return signed_in(MembershipFactory(site=site, role=Role.OWNER).user)


def put(api: Api, *sections: dict[str, Any]) -> Any:
    return api.put(PATH, {"sections": list(sections)})


def test_they_are_set_all_at_once_and_written_down(api: Api, site: Site) -> None:
    SectionRules.objects.create(site=site, kind="tag", value="sport", paused=True)
    other = SectionRules.objects.create(site=SiteFactory(), kind="tag", value="sport")
    (told,) = put(api, BLOG).json()["sections"]
    assert told == {**BLOG, "hold_guests": None, "members_only": None, "paused": None,
                    "pause_message": ""}  # fmt: skip
    assert api.get(PATH).json() == {"sections": [told]}
    assert AuditEntry.objects.get().detail == {
        "sections": 1, "changed": ["prefix /blog/", "tag sport"]
    }  # fmt: skip
    assert SectionRules.objects.filter(pk=other.pk).exists()


def test_what_changes_nothing_is_not_written_down(api: Api) -> None:
    put(api, BLOG)
    put(api, BLOG)
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    "sections",
    [
        [{"kind": "prefix", "value": "blog"}],
        [BLOG, BLOG],
        [{**BLOG, "unknown": 1}],
        [{**BLOG, "preset": "none"}],
        [{**BLOG, "slow_seconds": -1}],
        [{"kind": "tag", "value": str(n)} for n in range(201)],
    ],
)
def test_what_makes_no_rule_is_refused_and_changes_nothing(
    api: Api, sections: list[dict[str, Any]]
) -> None:
    put(api, BLOG)
    assert put(api, *sections).status_code == 400
    assert len(api.get(PATH).json()["sections"]) == 1


def test_moderators_read_them_and_owners_alone_set_them(site: Site) -> None:
    moderator = signed_in(MembershipFactory(site=site, role=Role.MODERATOR).user)
    assert moderator.get(PATH).status_code == 200
    assert put(moderator, BLOG).status_code in (403, 404)
    assert not SectionRules.objects.exists()
