"""Machines whose clocks differ have one clock together."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from comments.models.clock import database_now


@pytest.mark.django_db
def test_a_clock_that_is_fast_does_not_count_beside_that_of_postgresql(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fast = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: fast)
    assert (database_now() < fast) is (connection.vendor == "postgresql")
