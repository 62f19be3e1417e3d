"""Keys of the clients that speak a dialect."""

import pytest
from django.utils import timezone

from comments.accounts import api_keys
from comments.models import Site


@pytest.fixture
def akismet_key(site: Site) -> str:
    """A key of the site's plugin."""
    return api_keys.issue(site, scopes=["akismet"], name="WordPress", now=timezone.now()).secret
