"""A page of the desk asks the database for what it shows, and once for what its user may do."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comments.models import Role
from tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGES = ["moderation/reviewable", "comments/comment", "moderation/ban", "comments/site"]
# Session, user, second factor, roles, three hints of the set-up, sites, and the rows.
MOST = 12


def statements(client: Client, page: str) -> list[str]:
    address = f"/admin/{page}/"
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", Role)
def test_a_member_is_shown_a_page_by_few_statements(page: str, role: Role) -> None:
    client = Client()
    client.force_login(MembershipFactory(role=role).user)
    assert len(statements(client, page)) <= MOST


@pytest.mark.parametrize("page", PAGES)
def test_a_superuser_is_shown_a_page_by_few_statements(page: str) -> None:
    MembershipFactory()
    client = Client()
    client.force_login(UserFactory(is_superuser=True))
    assert len(statements(client, page)) <= MOST


@pytest.mark.parametrize(
    "page", ["comments/comment", "comments/author", "moderation/report", "moderation/delivery"]
)
def test_what_a_list_can_be_narrowed_to_is_known_without_reading_its_rows(page: str) -> None:
    user = MembershipFactory(role=Role.OWNER).user
    MembershipFactory(user=user, role=Role.OWNER)
    client, table = Client(), page.replace("/", "_")
    client.force_login(user)
    found = statements(client, page)
    assert not [sql for sql in found if "SELECT DISTINCT" in sql and f'"{table}"' in sql]
