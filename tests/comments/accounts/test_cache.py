"""The cache in the database keeps what a cache keeps, and nothing that could be executed."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from comments.accounts.cache import purge
from comments.models import CacheEntry

pytestmark = pytest.mark.django_db


def test_a_value_is_there_until_it_expires() -> None:
    cache.set("tries", [3, 2.5], timeout=60)
    assert cache.get("tries") == [3, 2.5]
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert cache.get("tries", "none") == "none"


def test_adding_is_won_by_the_first() -> None:
    assert cache.add("code", "used", timeout=60)
    assert not cache.add("code", "again", timeout=60)
    assert cache.get("code") == "used"
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert cache.add("code", "later", timeout=60)


def test_a_value_is_replaced_kept_longer_and_deleted() -> None:
    cache.set("key", 1, timeout=60)
    cache.set("key", 2, timeout=60)
    assert cache.touch("key", timeout=600)
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert cache.get("key") == 2
    assert cache.delete("key")
    assert not cache.delete("key")


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError):
        cache.set("key", object())


def test_what_has_expired_is_purged() -> None:
    now = timezone.now()
    cache.set("short", 1, timeout=60)
    cache.set("lasting", 1, timeout=None)
    purge(now=now + timedelta(minutes=2))
    assert CacheEntry.objects.count() == 1
    cache.clear()
    assert not CacheEntry.objects.exists()
