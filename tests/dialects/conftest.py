"""Each test counts calls from the beginning."""

import pytest
from django.utils import timezone

from comments import keys
from comments.http import limits
from comments.models import Site


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    limits._limiter.cache_clear()


@pytest.fixture
def akismet_key(site: Site) -> str:
    """A key of the site's plugin."""
    return keys.issue(site, scopes=["akismet"], name="WordPress", now=timezone.now()).secret
