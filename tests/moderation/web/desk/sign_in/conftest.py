"""A moderator who signs in with a password, with and without a second factor."""

import pytest
from django.conf import LazySettings

from comments.models import Role, Site, User
from tests.factories import MembershipFactory
from tests.moderation.web.desk.sign_in.people import PASSWORD, Protected, protect


@pytest.fixture(autouse=True)
def quick_passwords(settings: LazySettings) -> None:
    """Spend no time on hashing: these tests sign in hundreds of times."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def user(site: Site) -> User:
    user = MembershipFactory(site=site, role=Role.MODERATOR).user
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def protected(user: User) -> Protected:
    return protect(user)
