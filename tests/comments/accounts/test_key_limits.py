"""How often keys may call: each for itself, and those of a site together."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings

from comments.accounts import key_limits
from comments.models import Site
from tests.conftest import Api, server
from tests.factories import SiteFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


@pytest.fixture(autouse=True)
def low(settings: LazySettings) -> None:
    settings.KEY_LIMIT, settings.SITE_LIMIT = 3, 5


def test_the_headers_tell_what_is_left_of_both(connect: Callable[..., Api]) -> None:
    answer = connect("policy").get("policy")
    assert answer.headers["RateLimit-Policy"] == '"key";q=3;w=60, "site";q=5;w=60'
    assert '"key";r=2' in answer.headers["RateLimit"]
    assert '"site";r=4' in answer.headers["RateLimit"]


def test_many_keys_give_a_site_no_more_calls(site: Site) -> None:
    answers = [server(site, "policy").get("policy") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert "the keys of a site" in answers[-1].json()["detail"]


def test_another_sites_keys_go_on(site: Site) -> None:
    for _ in range(6):
        server(site, "policy").get("policy")
    assert server(SiteFactory(), "policy").get("policy").status_code == 200


def test_a_key_over_its_own_limit_does_not_use_up_the_sites(site: Site) -> None:
    busy = server(site, "policy")
    assert [busy.get("policy").status_code for _ in range(9)] == [200] * 3 + [429] * 6
    assert server(site, "policy").get("policy").status_code == 200


def test_the_dialects_count_too(site: Site) -> None:
    for _ in range(5):
        server(site, "policy").get("policy")
    busy = server(site, "checks").client
    answer = busy.post("/v1/moderations", '{"input": "x"}', content_type="application/json")
    assert answer.status_code == 429


def test_nothing_is_exceeded_where_every_limit_allows() -> None:
    assert key_limits.exceeded({}) is None
