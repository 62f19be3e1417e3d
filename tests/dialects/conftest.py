"""Each test counts calls from the beginning."""

import pytest

from comments.http import limits


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    limits._limiter.cache_clear()
