"""The calls of the Akismet protocol about the account."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from comments.models import Site
from tests.moderation.web.dialects.akismet.plugin import BLOG, call, comment, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(akismet_key: str) -> str:
    return akismet_key


def get(name: str, **query: str) -> Any:
    return Client().get(f"/1.2/{name}", query)


def test_usage_is_what_was_used(key: str) -> None:
    call("comment-check", comment(key))
    assert get("usage-limit", api_key=key).json() == {
        "limit": "none",
        "usage": 1,
        "percentage": "0.00",
        "throttled": False,
    }
    assert get("usage-limit", api_key=key, extended="true").json()["upgrade"] is False


def test_the_sites_of_a_month(key: str) -> None:
    call("comment-check", comment(key))
    call("comment-check", comment(key, comment_content="viagra", blog="https://b.example"))
    month = timezone.now().strftime("%Y-%m")
    listed = get("key-sites", api_key=key, month=month, order="spam", limit="1").json()
    assert (listed["total"], listed["limit"], listed["offset"]) == (2, 1, 0)
    (row,) = listed[month]
    assert (row["site"], row["api_calls"], row["spam"]) == ("b.example", 1, 1)
    sheet = get("key-sites", api_key=key, month=month, format="csv").content.decode()
    assert sheet.splitlines()[2].startswith("b.example,1,1") or "gazette.example,1" in sheet


def test_the_statistics_are_counted(key: str) -> None:
    call("comment-check", comment(key, comment_content="viagra"))
    call("submit-ham", comment(key, comment_content="viagra"))
    told = call("get-stats", {"api_key": key, "blog": BLOG, "from": "6-months"}).json()
    assert (told["spam"], told["false_positives"], told["accuracy"]) == (1, 1, "0.00")
    assert told["breakdown"][timezone.now().strftime("%Y-%m")]["spam"] == 1


def test_the_subscription_is_active(key: str) -> None:
    told = call("get-subscription", {"api_key": key, "blog": BLOG}).json()
    assert told["status"] == "active"
    assert told["next_billing_date"] is False


def test_the_rest_of_the_protocol(key: str) -> None:
    assert told(call("deactivate", {"api_key": key})) == "deactivated"
    assert told(call("token", {"api_key": key}))
    assert told(Client().get("/1.1/test")) == "connected"
    assert told(call("verify-wpcom-key", {"user_id": "1", "api_key": key})) == "invalid"


@pytest.mark.parametrize(
    "name",
    ["usage-limit", "key-sites", "get-stats", "get-subscription", "deactivate", "token"],
)
def test_without_a_key_the_account_is_closed(site: Site, name: str) -> None:
    assert told(call(name, {"api_key": "abcabcabcabc"})) == "invalid"
