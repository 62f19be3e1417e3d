import pytest

from comments.http import limits


@pytest.fixture(autouse=True)
def fresh_counts() -> None:
    """What an address did in one test counts in no other."""
    limits._limiter.cache_clear()
