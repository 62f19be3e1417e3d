"""A query may have so many values of one parameter, and is refused before anything reads more."""

import pytest
from django.test import Client
from django.urls import reverse

from comments.http.query_limits import MOST_VALUES
from comments.models import Role, Site
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
PATHS = [
    "/api/v1/sites/gazette/comments",
    "/api/v1/sites/gazette/comments/counts",
    "/api/v1/review/queue",
    "/sites/gazette/feed.atom",
    "/sites/gazette/thread",
    "/email/confirm/x",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.usefixtures("site")
def test_a_parameter_with_too_many_values_is_refused_everywhere(path: str) -> None:
    assert Client().get(path, {"thread": ["a"] * (MOST_VALUES + 1)}).status_code == 400


@pytest.mark.usefixtures("site")
def test_a_program_is_told_which_parameter_it_is() -> None:
    query = {"thread": ["a"] * (MOST_VALUES + 1)}
    problem = Client().get("/api/v1/sites/gazette/comments", query).json()
    assert problem["type"].endswith(":malformed")
    assert problem["detail"] == "Send 500 values of “thread” at most."


@pytest.mark.parametrize(("values", "status"), [(MOST_VALUES, 200), (MOST_VALUES + 1, 400)])
def test_a_filter_of_the_desk_takes_so_many_values_in_one(
    site: Site, values: int, status: int
) -> None:
    client = Client()
    client.force_login(MembershipFactory(site=site, role=Role.OWNER).user)
    query = {"id__in": ",".join(map(str, range(values)))}
    answer = client.get(reverse("admin:moderation_policy_changelist"), query, follow=True)
    assert answer.status_code == status


@pytest.mark.usefixtures("site")
def test_a_text_with_many_commas_is_one_value() -> None:
    query = {"thread": "," * 2 * MOST_VALUES}
    assert Client().get("/api/v1/sites/gazette/comments", query).status_code == 200


@pytest.mark.usefixtures("site")
def test_many_parameters_are_refused_by_django() -> None:
    query = {f"p{n}": "x" for n in range(1001)}
    assert Client().get("/api/v1/sites/gazette/comments", query).status_code == 400
