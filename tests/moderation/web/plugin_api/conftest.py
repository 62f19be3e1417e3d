"""A site's own server, with a key."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from comments.accounts import api_keys
from comments.models import Site
from tests.conftest import Api


def server(site: Site, *scopes: str) -> Api:
    """Return the plugin API as a server with a key of these scopes calls it."""
    issued = api_keys.issue(site, scopes=scopes, name="the blog", now=timezone.now())
    return Api("/api/v1/", Authorization=f"Bearer {issued.secret}")


@pytest.fixture
def connect(site: Site) -> Callable[..., Api]:
    """Connect the site's own server with a key of the scopes that the test names."""
    return lambda *scopes: server(site, *scopes)
