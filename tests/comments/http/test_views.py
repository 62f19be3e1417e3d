"""The base of every JSON endpoint."""

from uuid import uuid4

import pytest

from comments.models import Site
from tests.conftest import server

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["checks", "comments", "policy"])
def test_options_describe_an_endpoint_without_its_fields(site: Site, path: str) -> None:
    api = server(site, "checks", "comments", "policy")
    answer = api.client.options(f"/api/v1/{path}")
    assert answer.status_code == 200
    assert "actions" not in answer.json()


def test_an_object_that_does_not_exist_is_named_in_the_problem(site: Site) -> None:
    answer = server(site, "threads").patch(f"threads/{uuid4()}", {"closed": True})
    assert (answer.status_code, answer.json()["detail"]) == (404, "There is no such thread.")
